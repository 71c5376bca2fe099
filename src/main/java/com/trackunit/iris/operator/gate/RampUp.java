package com.trackunit.iris.operator.gate;

import java.time.Duration;
import java.time.Instant;

/**
 * A share of the full rate that grows evenly up to the whole.
 *
 * @param from the share at the beginning
 * @param whole how long the climb takes from nothing to the whole
 */
record RampUp(double from, Instant since, Duration whole) {
  static final RampUp DONE = new RampUp(1, Instant.EPOCH, Duration.ofSeconds(1));

  double at(Instant now) {
    double climbed = (double) Duration.between(since, now).toMillis() / whole.toMillis();
    return Math.min(1, from + climbed);
  }
}
