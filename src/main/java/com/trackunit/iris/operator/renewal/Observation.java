package com.trackunit.iris.operator.renewal;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All facts that a plan depends on, read once.
 *
 * @param created when the credential was created
 * @param specHash fingerprint of the spec fields that matter to a token
 * @param requestHash the same with the operator's own part: the endpoint and the CA bundle
 * @param failure the last failure, null when there is none
 * @param loginVersion the version of the credentials Secret, null when it is unknown: only labelled
 *     Secrets are watched
 * @param inHand a token that was issued and is not written yet, null when there is none
 * @param lastRequest when a token was last requested, null when this process cannot know
 * @param userRequest what the user requests besides the token itself
 */
public record Observation(
    Instant created,
    String specHash,
    String requestHash,
    TargetState target,
    @Nullable RetryState failure,
    @Nullable String loginVersion,
    @Nullable StoredToken inHand,
    @Nullable Instant lastRequest,
    UserRequest userRequest) {

  public Optional<RetryState> lastFailure() {
    return Optional.ofNullable(failure);
  }

  /**
   * Since when the garbage collector could see that the Secret belongs to an earlier credential.
   */
  Instant collectionBegan(TargetState.Predecessor earlier) {
    return earlier.made().isAfter(created) ? earlier.made() : created;
  }

  /** A copy with another state of the target Secret. */
  public Observation withTarget(TargetState looked) {
    return new Observation(
        created,
        specHash,
        requestHash,
        looked,
        failure,
        loginVersion,
        inHand,
        lastRequest,
        userRequest);
  }

  /** A copy with another last failure, or with none. */
  public Observation withFailure(@Nullable RetryState last) {
    return new Observation(
        created,
        specHash,
        requestHash,
        target,
        last,
        loginVersion,
        inHand,
        lastRequest,
        userRequest);
  }

  /** A copy without the last request and the last failure. */
  Observation withoutPast() {
    return new Observation(
        created, specHash, requestHash, target, null, loginVersion, inHand, null, userRequest);
  }

  /** A copy with another token in hand, or with none. */
  public Observation withInHand(@Nullable StoredToken held) {
    return new Observation(
        created,
        specHash,
        requestHash,
        target,
        failure,
        loginVersion,
        held,
        lastRequest,
        userRequest);
  }

  /** A copy after a token request. */
  public Observation withLastRequest(Instant asked) {
    return new Observation(
        created,
        specHash,
        requestHash,
        target,
        failure,
        loginVersion,
        inHand,
        asked,
        userRequest.actedOn());
  }

  /** A copy with the version of the credentials Secret that was just read. */
  public Observation withLoginVersion(String looked) {
    return new Observation(
        created, specHash, requestHash, target, failure, looked, inHand, lastRequest, userRequest);
  }
}
