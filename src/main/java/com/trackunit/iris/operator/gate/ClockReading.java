package com.trackunit.iris.operator.gate;

import java.time.Duration;
import java.time.Instant;

/**
 * One moment, told by two clocks.
 *
 * @param clock what the clock shows, in which tokens end; it may be set on and back
 * @param steady a time that goes on evenly whatever happens to the clock, in which is waited and
 *     counted; only its differences mean anything
 */
public record ClockReading(Instant clock, Instant steady) {
  /** The same moment as it is, or the last one if that was later. */
  ClockReading notBefore(Instant last) {
    return steady.isBefore(last)
        ? new ClockReading(clock.plus(Duration.between(steady, last)), last)
        : this;
  }

  /** The steady time at which the clock will show this. */
  Instant steadyAt(Instant shown) {
    return steady.plus(Duration.between(clock, shown));
  }

  /** What the clock will show at this steady time. */
  Instant clockAt(Instant then) {
    return clock.plus(Duration.between(steady, then));
  }
}
