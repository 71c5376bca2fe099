package com.trackunit.iris.operator.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * Reference to the Secret with the token, in the form of a provisioned service of the Service
 * Binding specification.
 */
public record BindingStatus(
    @JsonPropertyDescription("Name of the Secret that holds the token.")
        @Required
        @Size(min = 1, max = 253)
        String name) {
  /**
   * Rejects the whole object when a required field is missing, so that no incomplete object exists.
   */
  public BindingStatus {
    requireNonNull(name);
  }
}
