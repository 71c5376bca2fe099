package com.trackunit.iris.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The observed state of a credential, as the operator reports it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IrisCredentialStatus(
    @JsonPropertyDescription("The generation of the spec that was acted on last.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "Ready: the target Secret holds an unexpired token. Renewed: the last request succeeded. Stalled: only a"
                + " person can help.")
        @Size(max = 8)
        @Nullable List<Condition> conditions,
    @JsonPropertyDescription("The token in the target Secret.") @Nullable TokenStatus token,
    @JsonPropertyDescription(
            "The target Secret as a provisioned service of the Service Binding specification.")
        @Nullable BindingStatus binding,
    @JsonPropertyDescription("What went wrong since the last success.")
        @Nullable FailureStatus failures,
    @JsonPropertyDescription(
            "The value of the annotation iris.trackunit.com/renew-requested-at that was acted on last; its SHA-256 when it"
                + " is longer than 256 characters.")
        @Size(max = 256)
        @Nullable String lastHandledRenewRequest) {

  /** The status before the first reconciliation. */
  public static final IrisCredentialStatus NONE =
      new IrisCredentialStatus(null, null, null, null, null, null);

  /** A copy with other failures; null removes them. */
  public IrisCredentialStatus withFailures(@Nullable FailureStatus others) {
    return new IrisCredentialStatus(
        observedGeneration, conditions, token, binding, others, lastHandledRenewRequest);
  }

  /** The condition of this type, if there is one. */
  public Optional<Condition> condition(String type) {
    return conditions == null
        ? Optional.empty()
        : conditions.stream().filter(condition -> condition.type().equals(type)).findFirst();
  }
}
