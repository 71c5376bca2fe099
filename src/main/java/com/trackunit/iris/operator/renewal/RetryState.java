package com.trackunit.iris.operator.renewal;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The last failure and when to retry. It is stored in {@code status.failures}, so that neither a
 * restart nor an event shortens the wait.
 *
 * @param reason the reason for the condition; no wait depends on it
 * @param count failures of this class in a row
 * @param lastTime when it failed last; for {@link RetryClass#WAITING} when it was first seen to be
 *     missing
 * @param nextAttempt the earliest next try
 * @param requestHash fingerprint of the request that failed, without its secrets
 * @param loginVersion the version of the credentials Secret that was used or held back, null when
 *     there was none
 * @param rejections the refusals of the login since it was last accepted, null when there are none
 */
public record RetryState(
    RetryClass kind,
    String reason,
    int count,
    Instant lastTime,
    Instant nextAttempt,
    String requestHash,
    @Nullable String loginVersion,
    @Nullable LoginRejections rejections) {

  public RetryState {
    lastTime = lastTime.truncatedTo(ChronoUnit.SECONDS);
    nextAttempt = roundedUp(nextAttempt);
  }

  /**
   * The failure as it counts at this time: a clock that was set back must not extend a wait beyond
   * its own length.
   */
  public RetryState asOf(Instant now) {
    if (!lastTime.isAfter(now)) {
      return this;
    }
    Duration wait = Duration.between(lastTime, nextAttempt);
    LoginRejections counted = rejections == null ? null : rejections.asOf(now);
    return new RetryState(
        kind, reason, count, now, now.plus(wait), requestHash, loginVersion, counted);
  }

  /** A copy for a login that was accepted in the meantime. */
  public RetryState withoutRejections() {
    return new RetryState(
        kind, reason, count, lastTime, nextAttempt, requestHash, loginVersion, null);
  }

  /**
   * The state that is recorded before a refused login is tried once more.
   *
   * @param reason the reason for a refused login
   * @param loginVersion the version that is sent; null for a correction, so that it is tried again
   *     if the process ends before the response
   */
  public static RetryState during(
      LoginRejections tried, String reason, String requestHash, @Nullable String loginVersion) {
    return new RetryState(
        RetryClass.REJECTED,
        reason,
        tried.count(),
        tried.lastTry(),
        tried.nextTry(),
        requestHash,
        loginVersion,
        tried);
  }

  /**
   * Whether a request now differs from the one that failed.
   *
   * @param nowUsed the version of the credentials Secret that is about to be used
   */
  public boolean isCorrected(String nowRequested, String nowUsed) {
    // After a refusal, a failure of another class says nothing about the login that was sent.
    return !(kind == RetryClass.REJECTED || kind == RetryClass.NO_VERDICT)
        || !requestHash.equals(nowRequested)
        || !nowUsed.equals(loginVersion);
  }

  /** A copy with another reason of the same class. */
  public RetryState because(String other) {
    return new RetryState(
        kind, other, count, lastTime, nextAttempt, requestHash, loginVersion, rejections);
  }

  /** A copy whose wait is over. */
  public RetryState due() {
    return new RetryState(
        kind, reason, count, lastTime, lastTime, requestHash, loginVersion, rejections);
  }

  public boolean isDue(Instant now) {
    return !now.isBefore(nextAttempt);
  }

  // The status stores whole seconds; rounding must never shorten a wait.
  private static Instant roundedUp(Instant instant) {
    Instant floor = instant.truncatedTo(ChronoUnit.SECONDS);
    return floor.equals(instant) ? floor : floor.plusSeconds(1);
  }
}
