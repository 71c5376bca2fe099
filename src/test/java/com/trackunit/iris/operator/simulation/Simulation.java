package com.trackunit.iris.operator.simulation;

import static com.trackunit.iris.operator.simulation.Scenario.DAY;
import static com.trackunit.iris.operator.simulation.Scenario.HOUR;
import static com.trackunit.iris.operator.simulation.Scenario.MINUTE;
import static com.trackunit.iris.operator.simulation.Scenario.SECOND;

import com.trackunit.iris.operator.simulation.Scenario.Step;
import com.trackunit.iris.operator.simulation.Weather.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Plays every scenario and prints what came of it: {@code ./mvnw -Psimulate}. */
public final class Simulation {
  static final Duration HOUR_LONG = Duration.ofHours(1);
  private static final long SEED = 20_261_124;

  private Simulation() {}

  /** Plays all; the first argument is the seed. */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    long seed = arguments.length == 0 ? SEED : Long.parseLong(arguments[0]);
    System.out.println("seed " + seed + "; all times in seconds\n" + Score.HEADING);
    List<Scenario> scenarios = scenarios(seed);
    List<Score> scores = scenarios.parallelStream().map(World::play).toList();
    scores.forEach(score -> System.out.println(score.line()));
    System.out.println("\nThe shortest outage in which the slowest reader sees an expired token:");
    Stream.of(60, 300, 1200, 3600, 86_400)
        .parallel()
        .map(life -> "%8d s: %s".formatted(life, first(Duration.ofSeconds(life), seed)))
        .toList()
        .forEach(System.out::println);
  }

  private static String first(Duration life, long seed) {
    long first = Outages.first(life, seed);
    return "%d s (%.1f min)".formatted(first, first / 60.0);
  }

  static List<Scenario> scenarios(long seed) {
    List<Scenario> scenarios = new ArrayList<>();
    for (int number : new int[] {10_000, 100, 1}) {
      scenarios.addAll(troubles(Scenario.ordinary(number, HOUR_LONG, seed)));
    }
    for (int life : new int[] {1200, 86_400, 300, 60}) {
      IntStream.of(1, 100, 10_000)
          .filter(number -> number <= 100 || life >= 1200)
          .mapToObj(number -> Scenario.ordinary(number, Duration.ofSeconds(life), seed))
          // Two days of a third of an hour are as many renewals as a week of hours.
          .map(one -> life == 1200 ? one.lasting(Duration.ofDays(2)) : one)
          .flatMap(one -> Stream.of(one, promised(one)))
          .forEach(scenarios::add);
    }
    return scenarios;
  }

  /** The outages that are promised to be survived. */
  static Scenario promised(Scenario scenario) {
    SplittableRandom random = new SplittableRandom(scenario.seed());
    double minutes =
        scenario.life().toSeconds() >= 3600 ? 17 : scenario.life().toSeconds() >= 1200 ? 4 : 0.1;
    int many = (int) (scenario.length().toHours() / 12) - 1;
    double[] all = IntStream.range(0, many).mapToDouble(i -> minutes).toArray();
    return scenario
        .named("outages of %.1f min".formatted(minutes))
        .under(Scenario.outages(12 * HOUR, random, all));
  }

  static List<Scenario> troubles(Scenario one) {
    SplittableRandom random = new SplittableRandom(one.seed());
    return List.of(
        one,
        promised(one),
        one.named("outages of 1 to 15 min")
            .under(Scenario.outages(12 * HOUR, random, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 15)),
        one.named("outages of 30 and 60 min")
            .under(Scenario.outages(DAY + 12 * HOUR, random, 30, 60, 60)),
        one.named("brown-outs of 20, 50, 90 %")
            .under(
                List.of(
                    weather(Kind.BROWN_OUT, DAY, HOUR, 0.2),
                    weather(Kind.BROWN_OUT, 3 * DAY, HOUR, 0.5),
                    weather(Kind.BROWN_OUT, 5 * DAY, HOUR, 0.9))),
        one.named("429 with Retry-After")
            .under(
                List.of(
                    weather(Kind.LIMITS, DAY, 10 * MINUTE, 20),
                    weather(Kind.LIMITS, 3 * DAY, 10 * MINUTE, 300),
                    weather(Kind.LIMITS, 5 * DAY, MINUTE, 3600))),
        one.named("429 without Retry-After")
            .under(
                List.of(
                    weather(Kind.LIMITS, DAY, MINUTE, 0),
                    weather(Kind.LIMITS, 3 * DAY, 10 * MINUTE, 0))),
        one.named("server takes 10 s").under(List.of(weather(Kind.SLOW, DAY, 15 * MINUTE, 10))),
        one.named("100 restarts").restarted(times(100, one, random)),
        one.named("clock steps")
            .stepped(
                List.of(
                    new Step(DAY, 10 * SECOND),
                    new Step(DAY + 12 * HOUR, -10 * SECOND),
                    new Step(2 * DAY, 5 * MINUTE),
                    new Step(3 * DAY, -5 * MINUTE),
                    new Step(4 * DAY, HOUR),
                    new Step(5 * DAY, -HOUR))),
        one.named("refused logins, 100 restarts").refusing().restarted(times(100, one, random)));
  }

  private static Weather weather(Kind kind, long from, long length, double measure) {
    return new Weather(kind, from, from + length, measure);
  }

  private static List<Long> times(int many, Scenario scenario, SplittableRandom random) {
    return random.longs(many, HOUR, scenario.length().toMillis()).sorted().boxed().toList();
  }
}
