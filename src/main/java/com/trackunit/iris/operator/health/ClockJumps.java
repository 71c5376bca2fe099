package com.trackunit.iris.operator.health;

import com.trackunit.iris.operator.time.ClockReading;
import java.time.Duration;

/**
 * Notices when the wall clock is set, or goes on after the machine slept: it parts from the
 * monotonic clock.
 */
final class ClockJumps {
  /** A difference up to this is a correction of the clock, for which renewals leave room. */
  static final Duration TOLERATED = Duration.ofSeconds(10);

  private ClockReading last;

  ClockJumps(ClockReading now) {
    last = now;
  }

  /** How far the wall clock jumped since the last call; zero if that is tolerated. */
  Duration since(ClockReading now) {
    Duration jump = Duration.between(last.clockAt(now.steady()), now.clock());
    if (jump.abs().compareTo(TOLERATED) <= 0) {
      // A slow drift adds up until it is noticed, too.
      return Duration.ZERO;
    }
    last = now;
    return jump;
  }
}
