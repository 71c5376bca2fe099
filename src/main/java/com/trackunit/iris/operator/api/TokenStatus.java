package com.trackunit.iris.operator.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;

/** The token in the target Secret, expired or not; never the token itself. */
public record TokenStatus(
    @JsonPropertyDescription("When the token was asked for.") @Required Instant issuedAt,
    @JsonPropertyDescription("When the token expires.") @Required Instant expiresAt,
    @JsonPropertyDescription("When the token is renewed.") @Required Instant renewAt,
    @JsonPropertyDescription("The granted scopes.") @Required @Size(max = 16384) String scope) {
  /** A required field that is missing makes the whole unreadable, not half of it. */
  public TokenStatus {
    requireNonNull(issuedAt);
    requireNonNull(expiresAt);
    requireNonNull(renewAt);
    requireNonNull(scope);
  }
}
