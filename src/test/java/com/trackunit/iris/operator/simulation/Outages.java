package com.trackunit.iris.operator.simulation;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Looks for the shortest outage that a reader notices. */
final class Outages {
  private static final int TRIES = 24;

  private Outages() {}

  /** In seconds; 0 when a reader notices ordinary life. */
  static long first(Duration life, long seed) {
    long short_ = -1;
    long long_ = life.toSeconds();
    while (long_ - short_ > 1) {
      long middle = (short_ + long_) / 2;
      if (isNoticed(life, Duration.ofSeconds(middle), seed)) {
        long_ = middle;
      } else {
        short_ = middle;
      }
    }
    return long_;
  }

  /** Whether the slowest reader of any sees an expired token. */
  static boolean isNoticed(Duration life, Duration outage, long seed) {
    return IntStream.range(0, 2 * TRIES)
        .anyMatch(i -> isNoticed(life, outage, seed + i / 2, Weather.Kind.values()[i % 2]));
  }

  // Beginning just as the latest renewal of all that were seen is due, which leaves the least time.
  private static boolean isNoticed(Duration life, Duration outage, long seed, Weather.Kind kind) {
    Duration length = life.multipliedBy(12);
    Scenario one = Scenario.ordinary(1, life, seed).lasting(length);
    World calm = new World(one);
    calm.run();
    long from = calm.latestRenewal() - 500;
    Weather out = new Weather(kind, from, from + outage.toMillis(), 0);
    Score score = World.play(one.under(List.of(out)));
    return score.worstExpired() > 0;
  }
}
