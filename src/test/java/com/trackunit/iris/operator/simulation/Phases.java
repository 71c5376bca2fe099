package com.trackunit.iris.operator.simulation;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Lets the promised outage begin at every phase of a token's life, one world for each.
 *
 * <p>Of many credentials each is in another phase, so that one outage is enough for all.
 */
final class Phases {
  // Of one credential that is three tokens or four, each with another draw.
  private static final int LIVES = 2;

  private final Scenario calm;
  private final Duration step;

  Phases(int credentials, Duration life, Duration step, long seed) {
    this.calm = Scenario.ordinary(credentials, life, seed);
    this.step = step;
  }

  String line() {
    return "%8d s, %6d credentials: %6d outages of %d min, one every %d s: %.1f s"
        .formatted(
            calm.life().toSeconds(),
            calm.credentials(),
            outages().count(),
            calm.promise().toMinutes(),
            step.toSeconds(),
            worstExpired());
  }

  /** The longest that the slowest reader sees an expired token in any of them, in seconds. */
  double worstExpired() {
    return outages()
        .map(this::under)
        .map(World::play)
        .mapToDouble(Score::worstExpired)
        .max()
        .orElseThrow();
  }

  private Stream<Weather> outages() {
    long life = calm.life().toMillis();
    return LongStream.iterate(life, at -> at < (1 + LIVES) * life, at -> at + step.toMillis())
        .mapToObj(this::outagesAt)
        .flatMap(List::stream);
  }

  private List<Weather> outagesAt(long at) {
    long end = at + calm.promise().toMillis();
    return Stream.of(Weather.Kind.REFUSES, Weather.Kind.HANGS)
        .map(kind -> new Weather(kind, at, end, 0))
        .toList();
  }

  // Whatever an outage of less than half a life does, it has done a life after it began.
  private Scenario under(Weather outage) {
    return calm.lasting(Duration.ofMillis(outage.from()).plus(calm.life())).under(List.of(outage));
  }
}
