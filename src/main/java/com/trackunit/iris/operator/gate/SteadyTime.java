package com.trackunit.iris.operator.gate;

import java.time.Duration;
import java.time.Instant;

/**
 * The clock's time as long as that goes on; when the clock is set back, this goes on from where it
 * was.
 *
 * <p>So a wait never becomes longer than it was meant to be.
 */
final class SteadyTime {
  /** Threads look at the clock one after the other and arrive here in another order. */
  private static final Duration DISORDER = Duration.ofSeconds(5);

  private Instant latest = Instant.MIN;
  private Duration ahead = Duration.ZERO;

  /** Takes note of the clock, and returns the steady time. */
  Instant at(Instant clock) {
    Instant now = of(clock);
    if (now.plus(DISORDER).isBefore(latest)) {
      ahead = ahead.plus(Duration.between(now, latest));
    }
    latest = latest.isAfter(now) ? latest : now;
    return latest;
  }

  /** The steady time when the clock shows this. */
  Instant of(Instant clock) {
    return clock.plus(ahead);
  }

  /** What the clock shows at this steady time. */
  Instant clock(Instant steady) {
    return steady.minus(ahead);
  }
}
