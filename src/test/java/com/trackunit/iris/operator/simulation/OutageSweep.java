package com.trackunit.iris.operator.simulation;

import com.trackunit.iris.operator.simulation.ServerFault.Kind;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lets a trouble begin at every phase of a token's life, one world for each.
 *
 * <p>Of many credentials each is in another phase, so that one trouble is enough for all.
 */
final class OutageSweep {
  // Of one credential that is three tokens or four, each with another jitter.
  private static final int LIVES = 2;
  // What a refused login costs may show only after its longest wait of a day.
  private static final Duration AFTER_REJECTIONS = Duration.ofHours(8);

  private final Scenario calm;
  private final Duration step;
  private final List<Kind> kinds;
  private final Duration length;
  private @Nullable Worst played;

  OutageSweep(Scenario calm, Duration step, List<Kind> kinds, Duration length) {
    this.calm = calm;
    this.step = step;
    this.kinds = kinds;
    this.length = length;
  }

  /** The outage that is promised. */
  static OutageSweep promised(int credentials, Duration life, Duration step, long seed) {
    Scenario calm = Scenario.ordinary(credentials, life, seed);
    return new OutageSweep(calm, step, List.of(Kind.REFUSES, Kind.HANGS), calm.promise());
  }

  /**
   * What came of all of them.
   *
   * @param worstExpired the longest that the slowest reader saw an expired token, in seconds
   * @param inADay the most refusals of one login in a day
   * @param inHalfAnHour the most refusals of one login in half an hour
   */
  record Worst(double worstExpired, int inADay, int inHalfAnHour) {
    static Worst of(Result score) {
      RequestLog requests = score.requests();
      return new Worst(
          score.worstExpired(), requests.mostFailedLogins(), requests.mostFailedInHalfAnHour());
    }

    Worst or(Worst other) {
      return new Worst(
          Math.max(worstExpired, other.worstExpired),
          Math.max(inADay, other.inADay),
          Math.max(inHalfAnHour, other.inHalfAnHour));
    }
  }

  String line() {
    Worst worst = worst();
    return "%8d s, %6d credentials: %-17s %6d of %4d s, one every %d s: %.1f s, logins %d/%d"
        .formatted(
            calm.life().toSeconds(),
            calm.credentials(),
            kinds,
            troubles().count(),
            length.toSeconds(),
            step.toSeconds(),
            worst.worstExpired(),
            worst.inADay(),
            worst.inHalfAnHour());
  }

  /** Plays all at the first call. */
  synchronized Worst worst() {
    if (played == null) {
      played =
          troubles()
              .map(this::under)
              .map(World::play)
              .map(Worst::of)
              .reduce(Worst::or)
              .orElseThrow();
    }
    return played;
  }

  private Stream<ServerFault> troubles() {
    long life = calm.life().toMillis();
    return LongStream.iterate(life, at -> at < (1 + LIVES) * life, at -> at + step.toMillis())
        .mapToObj(this::troublesAt)
        .flatMap(List::stream);
  }

  private List<ServerFault> troublesAt(long at) {
    long end = at + length.toMillis();
    return kinds.stream().map(kind -> new ServerFault(kind, at, end, 0)).toList();
  }

  // Whatever an outage of less than half a life does, it has done a life after it began.
  private Scenario under(ServerFault trouble) {
    Duration after = trouble.kind() == Kind.REJECTS ? AFTER_REJECTIONS : calm.life();
    return calm.lasting(Duration.ofMillis(trouble.from()).plus(after)).under(List.of(trouble));
  }
}
