package com.trackunit.iris.operator.simulation;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Looks for the shortest outage that a reader notices when so many credentials have such lives. */
record Outages(int credentials, Duration life, long seed) {
  private static final int LIVES = 6;

  String line() {
    long first = first();
    return "%8d s, %6d credentials: %6d s = %.1f min"
        .formatted(life.toSeconds(), credentials, first, first / 60.0);
  }

  /** In seconds; 0 when a reader notices ordinary life. */
  long first() {
    long none = -1;
    long noticed = life.toSeconds();
    while (noticed - none > (credentials > 100 ? 15 : 1)) {
      long middle = (none + noticed) / 2;
      if (isNoticed(Duration.ofSeconds(middle))) {
        noticed = middle;
      } else {
        none = middle;
      }
    }
    // Not less than what a reader was seen not to notice.
    return none + 1;
  }

  // Of many credentials, some are always about to renew; of few, many beginnings are tried.
  private boolean isNoticed(Duration outage) {
    int tries = Math.max(1, 50 / credentials);
    return IntStream.range(0, tries)
        .anyMatch(
            i ->
                isNoticed(outage, seed + i, Weather.Kind.REFUSES)
                    || isNoticed(outage, seed + i, Weather.Kind.HANGS));
  }

  // Beginning just as the latest renewal of all that were seen is due, which leaves the least time.
  private boolean isNoticed(Duration outage, long trySeed, Weather.Kind kind) {
    Scenario calm = Scenario.ordinary(credentials, life, trySeed).lasting(life.multipliedBy(LIVES));
    World world = new World(calm.lasting(life.multipliedBy(LIVES - 2)));
    world.run();
    long from = world.latestRenewal() - 500;
    Weather out = new Weather(kind, from, from + outage.toMillis(), 0);
    return World.play(calm.under(List.of(out))).worstExpired() > 0;
  }
}
