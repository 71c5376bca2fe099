package com.trackunit.iris.operator.renewal;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything a plan is made from, gathered once.
 *
 * @param created when the credential was made
 * @param specHash fingerprint of the spec fields that matter to a token
 * @param requestHash the same with the operator's own part: the endpoint
 * @param failure what went wrong last, null when nothing did
 * @param loginVersion the credentials Secret as it is now, null while nobody looked: only labelled
 *     Secrets are watched
 * @param inHand a token that was issued and is not written yet, null when there is none
 * @param lastRequest when a token was last asked for, null when this process cannot know
 * @param userRequest what a person demands beside the token itself
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
   * Since when the garbage collector could know that an earlier credential's Secret is left over.
   */
  Instant collectionBegan(TargetState.Predecessor earlier) {
    return earlier.made().isAfter(created) ? earlier.made() : created;
  }

  /** The same after a look at the target Secret itself. */
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

  /** The same with another last failure, or with none. */
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

  /** The same as if nobody had ever asked, and nothing had failed. */
  public Observation withoutPast() {
    return new Observation(
        created, specHash, requestHash, target, null, loginVersion, inHand, null, userRequest);
  }

  /** The same with another token in hand, or with none. */
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

  /** The same after a request. */
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

  /** The same after a look at the credentials Secret itself. */
  public Observation withLoginVersion(String looked) {
    return new Observation(
        created, specHash, requestHash, target, failure, looked, inHand, lastRequest, userRequest);
  }
}
