package com.trackunit.iris.operator.time;

import java.time.Instant;
import java.time.InstantSource;

/**
 * Both clocks. A class that needs the wall clock alone takes an {@link InstantSource}, which this
 * is.
 */
@FunctionalInterface
public interface TimeSource extends InstantSource {
  /** Reads both clocks at once. */
  ClockReading read();

  /** The wall-clock time; it may jump forward or back. */
  @Override
  default Instant instant() {
    return read().clock();
  }

  /** The monotonic time: only its differences have a meaning. */
  default Instant steady() {
    return read().steady();
  }

  /** This wall clock with the monotonic time of another source. */
  default TimeSource withSteadyOf(TimeSource other) {
    return () -> new ClockReading(instant(), other.steady());
  }

  /** The clocks of this machine. */
  static TimeSource system() {
    InstantSource clock = InstantSource.system();
    return () -> new ClockReading(clock.instant(), Instant.EPOCH.plusNanos(System.nanoTime()));
  }
}
