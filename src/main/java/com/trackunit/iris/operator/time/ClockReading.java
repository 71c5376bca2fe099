package com.trackunit.iris.operator.time;

import java.time.Duration;
import java.time.Instant;

/**
 * The same instant on two clocks.
 *
 * @param clock wall-clock time, in which token expiry is given; it may jump forward or back
 * @param steady monotonic time, for waits and rates; only its differences have a meaning
 */
public record ClockReading(Instant clock, Instant steady) {
  /** This reading, moved forward to {@code last} if its steady time is earlier. */
  public ClockReading notBefore(Instant last) {
    return steady.isBefore(last)
        ? new ClockReading(clock.plus(Duration.between(steady, last)), last)
        : this;
  }

  /** The steady time at which the wall clock will show this time. */
  public Instant steadyAt(Instant shown) {
    return steady.plus(Duration.between(clock, shown));
  }

  /** The wall-clock time at this steady time. */
  public Instant clockAt(Instant then) {
    return clock.plus(Duration.between(steady, then));
  }
}
