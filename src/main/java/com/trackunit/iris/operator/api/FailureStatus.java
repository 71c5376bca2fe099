package com.trackunit.iris.operator.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What went wrong since the last success; absent after a success. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FailureStatus(
    @JsonPropertyDescription("Failures of this class in a row.") @Required @Min(1) int count,
    @JsonPropertyDescription("When it failed last, or was first seen to be missing.") @Required
        Instant lastTime,
    @JsonPropertyDescription("No attempt is made before this time unless the cause was corrected.")
        @Required
        Instant nextAttemptTime,
    @JsonProperty("class")
        @JsonPropertyDescription("What kind of failure it is, which decides how long to wait.")
        @Required
        @Size(max = 64)
        String failureClass,
    @JsonPropertyDescription(
            "What the condition Renewed gives as its reason until the next attempt.")
        @Required
        @Size(max = 64)
        String reason,
    @JsonPropertyDescription(
            "Fingerprint of the request that failed, without its secrets. Another one may be tried at once.")
        @Required
        @Size(max = 64)
        String requestHash,
    @JsonPropertyDescription(
            "Version of the credentials Secret that was used. Another one may be tried at once.")
        @Size(max = 128)
        @Nullable String credentialsVersion,
    @JsonPropertyDescription("How often the login was refused since it was last accepted.")
        @Nullable RejectionStatus rejections) {
  /**
   * Rejects the whole object when a required field is missing, so that no incomplete object exists.
   */
  public FailureStatus {
    requireNonNull(lastTime);
    requireNonNull(nextAttemptTime);
    requireNonNull(failureClass);
    requireNonNull(reason);
    requireNonNull(requestHash);
  }
}
