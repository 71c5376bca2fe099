package com.trackunit.iris.operator.gate;

import java.time.Duration;
import java.time.Instant;

/**
 * Token bucket: fills at the rate limit up to a burst, and more slowly after the server limited the
 * rate and after an outage.
 */
final class TokenBucket {
  private static final double FIRST_AFTER_OUTAGE = 0.25;
  // From a quarter to the full rate in 30 s; after a limit, a tenth of the full rate per minute.
  private static final Duration CLIMB_AFTER_OUTAGE = Duration.ofSeconds(40);
  private static final Duration CLIMB_AFTER_LIMIT = Duration.ofMinutes(10);
  private static final double SLOWEST = 0.2;

  private final RateLimits limits;

  /**
   * A share of the full rate that grows linearly up to 1.
   *
   * @param from the share at the start
   * @param whole how long a ramp from 0 to 1 takes
   */
  private record RampUp(double from, Instant since, Duration whole) {
    static final RampUp DONE = new RampUp(1, Instant.EPOCH, Duration.ofSeconds(1));

    double at(Instant now) {
      double grown = (double) Duration.between(since, now).toMillis() / whole.toMillis();
      return Math.min(1, from + grown);
    }
  }

  private RampUp afterOutage = RampUp.DONE;
  private RampUp afterLimit = RampUp.DONE;
  private Instant slowed = Instant.MIN;
  private Instant counted = Instant.MAX;
  // Starts with one request only, so that restarts in a row do not cause a burst each time.
  private double saved = 1;

  TokenBucket(RateLimits limits) {
    this.limits = limits;
  }

  /**
   * Adds the requests that the elapsed time allows. The growth of the rate only slows down, so the
   * mean of the rates at both ends is never too high.
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

  /** The number of requests that may be sent at once. */
  double saved() {
    return saved;
  }

  /** How long so many requests take, without the slow start after an outage. */
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

  /** Starts slowly: the server has just come back. */
  void slowStartAfterOutage() {
    afterOutage = new RampUp(FIRST_AFTER_OUTAGE, counted, CLIMB_AFTER_OUTAGE);
    saved = Math.min(saved, 1);
  }

  /**
   * Halves the rate, once for all requests that were in flight at the same time.
   *
   * @param asked when the request was sent that the server limited or refused
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
