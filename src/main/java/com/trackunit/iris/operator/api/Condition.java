package com.trackunit.iris.operator.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** One condition of a credential, as the Kubernetes API conventions define it. */
public record Condition(
    @JsonPropertyDescription("Ready, Renewed or Stalled.") @Required @Size(min = 1, max = 316)
        String type,
    @JsonPropertyDescription("True, False or Unknown.")
        @Required
        @Pattern("^(True|False|Unknown)$")
        @Size(max = 7)
        String status,
    @JsonPropertyDescription("Why, in one word.") @Required @Size(min = 1, max = 1024)
        String reason,
    @JsonPropertyDescription("Why, in a sentence: what, which and what to do.")
        @Required
        @Size(max = 32768)
        String message,
    @JsonPropertyDescription("When the status changed last.") @Required Instant lastTransitionTime,
    @JsonPropertyDescription("The generation of the spec that this condition is about.") @Required
        long observedGeneration) {
  /**
   * Rejects the whole object when a required field is missing, so that no incomplete object exists.
   */
  public Condition {
    requireNonNull(type);
    requireNonNull(status);
    requireNonNull(reason);
    requireNonNull(message);
    requireNonNull(lastTransitionTime);
  }

  /** Whether the status is True. */
  public boolean holds() {
    return status.equals("True");
  }
}
