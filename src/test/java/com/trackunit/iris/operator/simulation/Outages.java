package com.trackunit.iris.operator.simulation;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Looks for the shortest outage that a reader notices when so many credentials have such lives. */
final class Outages {

  private final int credentials;
  private final Duration life;
  private final List<Beginning> beginnings;

  // Of many credentials, some are always about to renew; of few, many beginnings are tried.
  Outages(int credentials, Duration life, long seed) {
    this.credentials = credentials;
    this.life = life;
    this.beginnings =
        LongStream.range(seed, seed + Math.max(1, 30 / credentials))
            .mapToObj(this::beginning)
            .toList();
  }

  /** A worst moment for an outage, in something that happens otherwise undisturbed. */
  private record Beginning(Scenario calm, long at) {}

  // Just as the latest renewal of all that were seen is due, which leaves the least time.
  private Beginning beginning(long seed) {
    Scenario calm = Scenario.ordinary(credentials, life, seed);
    World world = new World(calm.lasting(life.multipliedBy(credentials > 100 ? 2 : 4)));
    world.run();
    long at = world.latestRenewal() - 500;
    // Whatever an outage of less than half a life does, it has done by then.
    return new Beginning(calm.lasting(Duration.ofMillis(at).plus(life)), at);
  }

  String line() {
    long first = first();
    return "%8d s, %6d credentials: %6d s = %.1f min"
        .formatted(life.toSeconds(), credentials, first, first / 60.0);
  }

  /** In seconds; 0 when a reader notices ordinary life. */
  long first() {
    long none = -1;
    // The unused tail is a third of a life at least, and a half where it is short.
    long noticed = life.toSeconds() / 2;
    while (noticed - none > (credentials > 100 ? life.toSeconds() / 100 : 1)) {
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

  private boolean isNoticed(Duration outage) {
    return under(outage).anyMatch(result -> result.worstExpired() > 0);
  }

  /** What comes of an outage of this length, of at most half a life: each beginning, each kind. */
  Stream<Result> under(Duration outage) {
    return beginnings.stream()
        .flatMap(
            beginning ->
                Stream.of(ServerFault.Kind.REFUSES, ServerFault.Kind.HANGS)
                    .map(kind -> result(outage, beginning, kind)));
  }

  private static Result result(Duration outage, Beginning beginning, ServerFault.Kind kind) {
    ServerFault out = new ServerFault(kind, beginning.at(), beginning.at() + outage.toMillis(), 0);
    return World.play(beginning.calm().under(List.of(out)));
  }
}
