package com.trackunit.iris.operator.simulation;

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
    outages(seed);
  }

  private static void outages(long seed) {
    IntStream.of(60, 300, 1200, 3600, 86_400)
        .mapToObj(Duration::ofSeconds)
        .flatMap(
            life ->
                IntStream.of(1, 100, 10_000)
                    .filter(number -> number <= 100 || life.equals(HOUR_LONG))
                    .mapToObj(number -> new Outages(number, life, seed)))
        .parallel()
        .map(Outages::line)
        .toList()
        .forEach(System.out::println);
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
          .map(
              one ->
                  one.credentials() > 100 && life == 1200 ? one.lasting(Duration.ofHours(12)) : one)
          .map(
              one ->
                  one.credentials() == 100 && life <= 300 ? one.lasting(Duration.ofHours(25)) : one)
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
    int many = (int) (scenario.length().toHours() / 6) - 1;
    double[] all = IntStream.range(0, many).mapToDouble(i -> minutes).toArray();
    return scenario
        .named("outages of %.1f min".formatted(minutes))
        .under(Scenario.outages(6 * HOUR, random, all));
  }

  static List<Scenario> troubles(Scenario week) {
    // A week of 10 000 takes as long as all the rest together.
    Scenario one = week.credentials() > 100 ? week.lasting(Duration.ofHours(10)) : week;
    SplittableRandom random = new SplittableRandom(one.seed());
    return List.of(
        week,
        promised(week.credentials() > 100 ? week.lasting(Duration.ofHours(26)) : week),
        one.named("outage of 60 min").under(List.of(weather(Kind.REFUSES, one.part(2), HOUR, 0))),
        one.named("outage of 30 min, hanging")
            .under(List.of(weather(Kind.HANGS, one.part(2), 30 * MINUTE, 0))),
        one.named("brown-out of 20 %, 1 h")
            .under(List.of(weather(Kind.BROWN_OUT, one.part(2), HOUR, 0.2))),
        one.named("brown-out of 50 %, 1 h")
            .under(List.of(weather(Kind.BROWN_OUT, one.part(2), HOUR, 0.5))),
        one.named("brown-out of 90 %, 1 h")
            .under(List.of(weather(Kind.BROWN_OUT, one.part(2), HOUR, 0.9))),
        one.named("429, Retry-After 20 s, 10 min")
            .under(List.of(weather(Kind.LIMITS, one.part(2), 10 * MINUTE, 20))),
        one.named("429, Retry-After 300 s, 10 min")
            .under(List.of(weather(Kind.LIMITS, one.part(2), 10 * MINUTE, 300))),
        one.named("429 without Retry-After, 10 min")
            .under(List.of(weather(Kind.LIMITS, one.part(2), 10 * MINUTE, 0))),
        one.named("answers take 10 s, 15 min")
            .under(List.of(weather(Kind.SLOW, one.part(2), 15 * MINUTE, 10))),
        one.named("100 restarts").restarted(times(100, one, random)),
        one.named("clock +10 s, -10 s, +5 min, -5 min")
            .stepped(
                List.of(
                    new Step(one.part(1), 10 * SECOND),
                    new Step(one.part(2), -10 * SECOND),
                    new Step(one.part(3), 5 * MINUTE),
                    new Step(one.part(5), -5 * MINUTE))),
        one.named("clock +1 h, -1 h")
            .stepped(List.of(new Step(one.part(1), HOUR), new Step(one.part(4), -HOUR))),
        one.named("refused logins, 100 restarts").refusing().restarted(times(100, one, random)));
  }

  private static Weather weather(Kind kind, long from, long length, double measure) {
    return new Weather(kind, from, from + length, measure);
  }

  private static List<Long> times(int many, Scenario scenario, SplittableRandom random) {
    return random.longs(many, HOUR, scenario.length().toMillis()).sorted().boxed().toList();
  }
}
