package com.trackunit.iris.operator.gate;

import java.time.Duration;
import java.time.Instant;

/**
 * A share of the full rate that grows linearly up to 1.
 *
 * @param from the share at the start
 * @param whole how long a ramp from 0 to 1 takes
 */
record RampUp(double from, Instant since, Duration whole) {
  static final RampUp DONE = new RampUp(1, Instant.EPOCH, Duration.ofSeconds(1));

  double at(Instant now) {
    double climbed = (double) Duration.between(since, now).toMillis() / whole.toMillis();
    return Math.min(1, from + climbed);
  }
}
