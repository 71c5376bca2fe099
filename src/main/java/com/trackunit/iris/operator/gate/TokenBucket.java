package com.trackunit.iris.operator.gate;

import java.time.Duration;
import java.time.Instant;

/**
 * How many requests may be made now: so many a second, saved up to a burst, fewer after the server
 * asked for fewer and after an outage.
 */
final class TokenBucket {
  private static final double FIRST_AFTER_OUTAGE = 0.25;
  // From a quarter to the whole in 30 s, and a tenth of the cap a minute.
  private static final Duration CLIMB_AFTER_OUTAGE = Duration.ofSeconds(40);
  private static final Duration CLIMB_AFTER_LIMIT = Duration.ofMinutes(10);
  private static final double SLOWEST = 0.2;

  private final RateLimits limits;
  private RampUp afterOutage = RampUp.DONE;
  private RampUp afterLimit = RampUp.DONE;
  private Instant slowed = Instant.MIN;
  private Instant counted = Instant.MAX;
  // One only: whoever restarts must not have a burst each time.
  private double saved = 1;

  TokenBucket(RateLimits limits) {
    this.limits = limits;
  }

  /**
   * Adds what the time brought. Both climbs only flatten, so the mean of both ends is never too
   * much.
   */
  void count(Instant now) {
    if (now.isAfter(counted)) {
      double seconds = Duration.between(counted, now).toNanos() / 1e9;
      double brought = seconds * (perSecond(counted) + perSecond(now)) / 2;
      saved = Math.min(limits.burst(), saved + brought);
    }
    counted = now;
  }

  private double perSecond(Instant now) {
    return limits.perSecond() * Math.min(afterOutage.at(now), afterLimit.at(now));
  }

  /** The requests that may be made at once. */
  double saved() {
    return saved;
  }

  /** How long so many requests take, as soon as the pace after an outage is over. */
  Duration lengthOf(double requests) {
    double seconds = requests / (limits.perSecond() * afterLimit.at(counted));
    return Duration.ofNanos((long) (seconds * 1e9));
  }

  void take() {
    saved -= 1;
  }

  void giveBack() {
    saved = Math.min(limits.burst(), saved + 1);
  }

  /** Begins slowly: the server has just come back. */
  void climbAfterOutage() {
    afterOutage = new RampUp(FIRST_AFTER_OUTAGE, counted, CLIMB_AFTER_OUTAGE);
    saved = Math.min(saved, 1);
  }

  /**
   * Halves the rate, once for all requests that were on their way at the same time.
   *
   * @param asked when the request was made that is answered so
   */
  void slowDown(Instant asked) {
    if (asked.isBefore(slowed)) {
      return;
    }
    double floor = Math.min(1, SLOWEST / limits.perSecond());
    double half = Math.max(floor, afterLimit.at(counted) / 2);
    afterLimit = new RampUp(half, counted, CLIMB_AFTER_LIMIT);
    slowed = counted;
  }
}
