package com.trackunit.iris.operator.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** Metadata of the token in the target Secret, expired or not. Never contains the token itself. */
public record TokenStatus(
    @JsonPropertyDescription("When the token was asked for.") @Required Instant issuedAt,
    @JsonPropertyDescription("When the token expires.") @Required Instant expiresAt,
    @JsonPropertyDescription("When the token is renewed.") @Required Instant renewAt,
    @JsonPropertyDescription("The granted scopes.") @Required @Size(max = 16384) String scope) {
  /**
   * Rejects the whole object when a required field is missing, so that no incomplete object exists.
   */
  public TokenStatus {
    requireNonNull(issuedAt);
    requireNonNull(expiresAt);
    requireNonNull(renewAt);
    requireNonNull(scope);
  }
}
