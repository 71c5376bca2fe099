package com.trackunit.iris.operator.renewal;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong last and when it may be tried again; kept in {@code status.failures}, so that
 * neither a restart nor an event shortens the wait.
 *
 * @param reason as a condition gives it; nothing is decided by it
 * @param count failures of this class in a row
 * @param lastTime when it failed last; for {@link RetryClass#WAITING} when it was first seen to be
 *     missing
 * @param nextAttempt the earliest next try
 * @param requestHash fingerprint of the request that failed, without its secrets
 * @param loginVersion which version of the credentials Secret was used or held back, null when
 *     there was none
 * @param rejections how often the login was refused since it was last accepted, null when never
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
   * The failure as it counts at this time: a clock that was set back must not stretch a wait beyond
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

  /** The same when the login was accepted meanwhile. */
  public RetryState withoutRejections() {
    return new RetryState(
        kind, reason, count, lastTime, nextAttempt, requestHash, loginVersion, null);
  }

  /**
   * What is recorded while one more try of a login that was refused is on its way.
   *
   * @param reason of a refused login
   * @param loginVersion what is sent; null when it is a correction: should nobody ever learn of its
   *     answer, it is still to be tried
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
   * Whether a request made now is another one than the one that failed.
   *
   * @param nowUsed the version of the credentials Secret that is about to be used
   */
  public boolean isCorrected(String nowRequested, String nowUsed) {
    // After a refusal, a try that broke for another reason says nothing against its login.
    return kind != RetryClass.REJECTED
        || !requestHash.equals(nowRequested)
        || !nowUsed.equals(loginVersion);
  }

  /** The same for another reason of its class. */
  public RetryState because(String other) {
    return new RetryState(
        kind, other, count, lastTime, nextAttempt, requestHash, loginVersion, rejections);
  }

  /** The same with its wait over. */
  public RetryState due() {
    return new RetryState(
        kind, reason, count, lastTime, lastTime, requestHash, loginVersion, rejections);
  }

  /** Whether the wait is over. */
  public boolean isDue(Instant now) {
    return !now.isBefore(nextAttempt);
  }

  // Status keeps whole seconds, and a wait must never become shorter by being written down.
  private static Instant roundedUp(Instant instant) {
    Instant floor = instant.truncatedTo(ChronoUnit.SECONDS);
    return floor.equals(instant) ? floor : floor.plusSeconds(1);
  }
}
