package com.trackunit.iris.operator.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The Secret with the login. It is always in the namespace of the credential. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CredentialsSecretRef(
    @JsonPropertyDescription("Name of a Secret in this namespace that holds the login.")
        @Required
        @Pattern(IrisCredentialSpec.NAME)
        @Size(min = 1, max = 253)
        String name,
    @JsonPropertyDescription("Under which keys the Secret holds the login.")
        @Nullable CredentialsSecretKeys keys) {
  /**
   * Rejects the whole object when a required field is missing, so that no incomplete object exists.
   */
  public CredentialsSecretRef {
    requireNonNull(name);
  }
}
