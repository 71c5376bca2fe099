package com.trackunit.iris.operator.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How often a login was refused since it was last accepted. All credentials with that login share
 * this count.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RejectionStatus(
    @JsonPropertyDescription("Fingerprint of endpoint and user, or client id.")
        @Required
        @Size(max = 64)
        String login,
    @JsonPropertyDescription("Tries in a row that were not accepted.") @Required @Min(1) int count,
    @JsonPropertyDescription("When the login was tried last.") @Required Instant lastTime,
    @JsonPropertyDescription("When the same login is tried next.") @Required
        Instant nextAttemptTime,
    @JsonPropertyDescription("When the login was tried; the last five times.")
        @Required
        @Size(max = 5)
        List<Instant> tries,
    @JsonPropertyDescription(
            "Whether the login that was refused last had been accepted before; then it is tried more often.")
        @Nullable Boolean acceptedBefore) {
  /**
   * Rejects the whole object when a required field is missing, so that no incomplete object exists.
   */
  public RejectionStatus {
    requireNonNull(login);
    requireNonNull(lastTime);
    requireNonNull(nextAttemptTime);
    requireNonNull(tries);
  }
}
