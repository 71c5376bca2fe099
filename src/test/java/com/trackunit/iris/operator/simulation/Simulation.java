package com.trackunit.iris.operator.simulation;

import static com.trackunit.iris.operator.simulation.Scenario.DAY;
import static com.trackunit.iris.operator.simulation.Scenario.HOUR;
import static com.trackunit.iris.operator.simulation.Scenario.MINUTE;
import static com.trackunit.iris.operator.simulation.Scenario.SECOND;

import com.trackunit.iris.operator.gate.RateLimits;
import com.trackunit.iris.operator.simulation.Scenario.Step;
import com.trackunit.iris.operator.simulation.ServerFault.Kind;
import com.trackunit.iris.operator.support.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Plays every scenario and prints what came of it: {@code ./mvnw -Psimulate}. */
public final class Simulation {
  private static final Duration HOUR_LONG = Duration.ofHours(1);
  private static final Duration TWENTY_MINUTES = Duration.ofMinutes(20);
  private static final long SEED = 20_261_124;
  // How many lives all credentials of a scenario live together at most: a day of 10 000 with tokens
  // of an hour.
  private static final int MANY = 240_000;
  private static final int FEW = 60_000;

  private static final Path FOLDER = Path.of("target", "simulation");

  private final long seed;
  private final boolean whole;

  Simulation(long seed, boolean whole) {
    this.seed = seed;
    this.whole = whole;
  }

  /**
   * Plays all; the first argument is the seed. After a second one, {@code whole}, each scenario
   * lasts seven days, which takes most of an hour.
   */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    long seed = arguments.length == 0 ? SEED : Long.parseLong(arguments[0]);
    boolean whole = arguments.length > 1 && arguments[1].equals("whole");
    System.out.println("seed " + seed + "; all times in seconds");
    new Simulation(seed, whole).play();
  }

  /** The rows of one table. */
  private record Table(String heading, List<Supplier<String>> rows) {}

  private void play() {
    List<Table> tables = tables();
    List<Supplier<OutageCurve>> curves =
        Stream.of(HOUR_LONG, TWENTY_MINUTES)
            .<Supplier<OutageCurve>>map(life -> () -> OutageCurve.of(life, seed))
            .toList();
    long rows = tables.stream().mapToLong(table -> table.rows().size()).sum();
    Progress progress = Progress.of(rows + curves.size());
    Report report = new Report(FOLDER);
    try (ExecutorService threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      List<Runnable> printed =
          tables.stream().map(table -> started(table, threads, progress, report)).toList();
      List<CompletableFuture<OutageCurve>> drawn =
          curves.stream().map(curve -> started(curve, threads, progress)).toList();
      printed.forEach(Runnable::run);
      report.plot(drawn.stream().map(CompletableFuture::join).toList());
    }
  }

  private List<Table> tables() {
    return List.of(
        new Table(Result.HEADING, rows(scenarios(), one -> World.play(one).line())),
        new Table(
            "The longest that the slowest reader sees an expired token, whenever an outage begins:",
            rows(phases(), OutageSweep::line)),
        new Table("The same whenever a gateway answers 404:", rows(blips(), OutageSweep::line)),
        new Table(
            "The same whenever every login is refused, and failed logins in a day and in half an"
                + " hour:",
            rows(rejections(), OutageSweep::line)),
        new Table(
            "The shortest outage in which the slowest reader sees an expired token:",
            rows(outages(), Outages::line)));
  }

  private static <T> List<Supplier<String>> rows(List<T> cases, Function<T, String> line) {
    return cases.stream().<Supplier<String>>map(one -> () -> line.apply(one)).toList();
  }

  /** Starts the rows of a table; what it returns waits for them and reports them. */
  private static Runnable started(
      Table table, ExecutorService threads, Progress progress, Report report) {
    List<CompletableFuture<String>> lines =
        table.rows().stream().map(row -> started(row, threads, progress)).toList();
    return () -> report.table(table.heading(), lines.stream().map(CompletableFuture::join));
  }

  private static <T> CompletableFuture<T> started(
      Supplier<T> work, ExecutorService threads, Progress progress) {
    return CompletableFuture.supplyAsync(work, threads)
        .whenComplete((done, failure) -> progress.add(1));
  }

  private List<OutageSweep> phases() {
    return Stream.of(HOUR_LONG, TWENTY_MINUTES)
        .flatMap(
            life ->
                Stream.of(
                    OutageSweep.promised(100, life, life.dividedBy(120), seed),
                    OutageSweep.promised(1, life, Duration.ofSeconds(1), seed)))
        .toList();
  }

  private List<OutageSweep> blips() {
    return Stream.of(HOUR_LONG, TWENTY_MINUTES)
        .flatMap(
            life ->
                Stream.of(1L, 60L, life.equals(HOUR_LONG) ? 17L * 60 : 4L * 60)
                    .flatMap(
                        seconds ->
                            Stream.of(
                                blip(100, life, life.dividedBy(120), seconds),
                                blip(1, life, Duration.ofSeconds(seconds == 1 ? 1 : 5), seconds))))
        .toList();
  }

  private OutageSweep blip(int number, Duration life, Duration step, long seconds) {
    return new OutageSweep(
        Scenario.ordinary(number, life, seed),
        step,
        List.of(Kind.NOT_FOUND),
        Duration.ofSeconds(seconds));
  }

  private List<OutageSweep> rejections() {
    return Stream.of(HOUR_LONG, TWENTY_MINUTES)
        .flatMap(
            life ->
                IntStream.of(1, 5)
                    .boxed()
                    .flatMap(
                        number ->
                            Stream.of(5, 11, 30, 60)
                                .map(minutes -> rejections(number, life, minutes, seed))))
        .toList();
  }

  static OutageSweep rejections(int number, Duration life, long minutes, long seed) {
    return new OutageSweep(
        Scenario.ordinary(number, life, seed).ownLogins(),
        Duration.ofSeconds(20),
        List.of(Kind.REJECTS),
        Duration.ofMinutes(minutes));
  }

  private List<Outages> outages() {
    return IntStream.of(10_000, 100, 1)
        .boxed()
        .flatMap(
            number ->
                IntStream.of(86_400, 3600, 1200, 300, 60)
                    .filter(life -> number <= 100 || life == 3600 || life == 1200)
                    .mapToObj(life -> new Outages(number, Duration.ofSeconds(life), seed)))
        .toList();
  }

  private List<Scenario> scenarios() {
    List<Scenario> scenarios = new ArrayList<>();
    for (int number : new int[] {10_000, 100, 1}) {
      scenarios.addAll(troubles(Scenario.ordinary(number, HOUR_LONG, seed)));
    }
    for (int minutes : new int[] {5, 11, 30, 60}) {
      scenarios.add(everyLoginRefused(10_000, minutes));
    }
    for (int number : new int[] {10_000, 100, 5}) {
      scenarios.addAll(wrongLogins(number));
    }
    for (int life : new int[] {3600, 300}) {
      scenarios.addAll(neighbours(life));
    }
    scenarios.addAll(loops(Duration.ofDays(1)));
    scenarios.addAll(sessions());
    scenarios.add(refusedAndRestarted());
    for (int life : new int[] {1200, 86_400}) {
      weeks(life, MANY).flatMap(one -> Stream.of(one, one.promised())).forEach(scenarios::add);
    }
    for (int life : new int[] {300, 60}) {
      weeks(life, FEW).forEach(scenarios::add);
    }
    return scenarios;
  }

  Scenario everyLoginRefused(int number, int minutes) {
    Scenario one = shortened(Scenario.ordinary(number, HOUR_LONG, seed), FEW).ownLogins();
    return one.named("401 for everybody, %d min".formatted(minutes))
        .under(List.of(fault(Kind.REJECTS, one.part(2), minutes * MINUTE, 0)));
  }

  /** Two restarts while every login is refused. */
  Scenario refusedAndRestarted() {
    Scenario one = everyLoginRefused(100, 30);
    long began = one.part(2);
    return one.named("401 for everybody, 30 min, restarts")
        .restarted(List.of(began + 10 * MINUTE, began + 20 * MINUTE));
  }

  List<Scenario> wrongLogins(int number) {
    Scenario one = Scenario.ordinary(number, HOUR_LONG, seed).lasting(Duration.ofDays(3));
    Scenario played = number > 1000 ? shortened(one, FEW) : one;
    return List.of(
        played.ownLogins().named("one password in 100 changed").refusing(),
        played.ownLogins().named("one in 100 wrong from the start").refusingFromTheStart(),
        played
            .ownLogins()
            .named("one in 100 wrong, killed when refused")
            .refusingFromTheStart()
            .killedWhenRefused());
  }

  /** Trouble of some logins, or of one namespace, that nobody else may notice. */
  List<Scenario> neighbours(int life) {
    Scenario day =
        Scenario.ordinary(40, Duration.ofSeconds(life), seed)
            .sharing(2)
            .lasting(Duration.ofDays(1));
    Scenario hours = day.lasting(Duration.ofHours(6));
    return List.of(
        hours.named("client secret rotated and corrected").under(rotated(4)),
        hours.named("the same for everybody").under(rotated(5)),
        hours.named("locked for a minute while corrected").under(locked(HOUR)),
        hours.named("the same, never accepted").under(locked(0)),
        day.named("logins judged after the time limit").under(late()));
  }

  /** Credentials that are created and deleted in a loop, which takes half of a low rate. */
  List<Scenario> loops(Duration length) {
    Scenario slow =
        Scenario.ordinary(40, Duration.ofMinutes(5), seed)
            .sharing(2)
            .lasting(length)
            .limitedTo(new RateLimits(0.7, 2));
    return List.of(
        slow.named("a loop of creations and deletions").under(recreated()),
        slow.named("the same with wrong logins").under(recreatedAndWrong()));
  }

  /** Sessions that end, and ten minutes in which every answer comes too late. */
  List<Scenario> sessions() {
    Scenario hour = Scenario.ordinary(40, HOUR_LONG, seed).lasting(Duration.ofDays(2));
    Scenario brief =
        Scenario.ordinary(40, Duration.ofMinutes(5), seed).lasting(Duration.ofHours(6));
    return List.of(
        session(hour, Duration.ofHours(10)),
        session(brief, Duration.ofMinutes(30)),
        session(brief, Duration.ofMinutes(12)),
        hour.named("everybody answered after 16 s, 10 min")
            .under(List.of(fault(Kind.SLOW, 6 * HOUR, 10 * MINUTE, 16))));
  }

  private static Scenario session(Scenario calm, Duration length) {
    return calm.named("sessions of %d min end".formatted(length.toMinutes()))
        .withRefreshTokens()
        .under(List.of(fault(Kind.SESSIONS, 0, 2 * DAY, length.toSeconds())));
  }

  /** Two logins, whose credentials live twelve seconds each. */
  private static List<ServerFault> recreated() {
    return IntStream.of(0, 1)
        .mapToObj(login -> new ServerFault(Kind.RECREATED, 0, DAY, 12, login))
        .toList();
  }

  private static List<ServerFault> recreatedAndWrong() {
    return Stream.concat(recreated().stream(), Stream.of(wrong(0, 0, DAY), wrong(1, 0, DAY)))
        .toList();
  }

  private static ServerFault wrong(int login, long from, long corrected) {
    return new ServerFault(Kind.ROTATED, from, corrected, 0, login);
  }

  /** Four logins each are rotated within four seconds, and corrected sooner or later. */
  private static List<ServerFault> rotated(int groups) {
    long[] after = {50 * SECOND, 5 * MINUTE, 30 * MINUTE, 3 * HOUR, 20 * SECOND};
    return IntStream.range(0, 4 * groups)
        .mapToObj(
            login -> {
              long from = HOUR + login * SECOND;
              return wrong(login, from, from + after[login / 4]);
            })
        .toList();
  }

  /** A wrong password is corrected while the account is locked for a minute. */
  private static List<ServerFault> locked(long from) {
    return IntStream.range(0, 4)
        .boxed()
        .flatMap(
            login -> {
              long corrected = from + 7 * MINUTE + login * HOUR;
              return Stream.of(
                  new ServerFault(
                      Kind.REJECTS, corrected - 5 * SECOND, corrected + 55 * SECOND, 0, login),
                  wrong(login, from, corrected));
            })
        .toList();
  }

  /** Four wrong logins, answered in less and in more than the longest time limit. */
  private static List<ServerFault> late() {
    return IntStream.range(0, 4)
        .boxed()
        .flatMap(
            login ->
                Stream.of(
                    new ServerFault(Kind.SLOW, 0, DAY, login < 2 ? 16 : 100, login),
                    wrong(login, login % 2 == 0 ? 0 : 6 * HOUR, login % 2 == 0 ? DAY / 2 : DAY)))
        .toList();
  }

  private Stream<Scenario> weeks(int life, int lives) {
    return IntStream.of(10_000, 100, 1)
        .mapToObj(number -> Scenario.ordinary(number, Duration.ofSeconds(life), seed))
        .map(week -> shortened(week, lives));
  }

  private Scenario shortened(Scenario week, int lives) {
    Duration length = week.life().multipliedBy(lives / week.credentials());
    return whole || length.compareTo(week.length()) > 0 ? week : week.lasting(length);
  }

  List<Scenario> troubles(Scenario week) {
    Scenario one = shortened(week, FEW);
    SplittableRandom random = new SplittableRandom(one.seed());
    return List.of(
        everything(week, random),
        week,
        shortened(week, MANY).promised(),
        one.named("outage of 60 min").under(List.of(fault(Kind.REFUSES, one.part(2), HOUR, 0))),
        one.named("outage of 30 min, hanging")
            .under(List.of(fault(Kind.HANGS, one.part(2), 30 * MINUTE, 0))),
        one.named("brown-out of 20 %, 1 h")
            .under(List.of(fault(Kind.BROWN_OUT, one.part(2), HOUR, 0.2))),
        one.named("brown-out of 50 %, 1 h")
            .under(List.of(fault(Kind.BROWN_OUT, one.part(2), HOUR, 0.5))),
        one.named("brown-out of 90 %, 1 h")
            .under(List.of(fault(Kind.BROWN_OUT, one.part(2), HOUR, 0.9))),
        one.named("429, Retry-After 20 s, 10 min")
            .under(List.of(fault(Kind.LIMITS, one.part(2), 10 * MINUTE, 20))),
        one.named("429, Retry-After 300 s, 10 min")
            .under(List.of(fault(Kind.LIMITS, one.part(2), 10 * MINUTE, 300))),
        one.named("429 without Retry-After, 10 min")
            .under(List.of(fault(Kind.LIMITS, one.part(2), 10 * MINUTE, 0))),
        one.named("answers take 10 s, 15 min")
            .under(List.of(fault(Kind.SLOW, one.part(2), 15 * MINUTE, 10))),
        one.named("100 restarts").restarted(times(100, one, random)),
        one.named("refresh tokens, each third refused").withRefreshTokens(),
        one.named("no Secret is written, 10 min")
            .under(List.of(fault(Kind.UNWRITABLE, one.part(2), 10 * MINUTE, 0))),
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

  /** A week with something else every day. */
  private static Scenario everything(Scenario week, SplittableRandom random) {
    long evening = week.part(6) + 18 * HOUR;
    return week.named("a week of all of it")
        .under(
            List.of(
                fault(Kind.REFUSES, week.part(1), HOUR, 0),
                fault(Kind.HANGS, week.part(1) + 12 * HOUR, 30 * MINUTE, 0),
                fault(Kind.BROWN_OUT, week.part(2), HOUR, 0.2),
                fault(Kind.BROWN_OUT, week.part(2) + 12 * HOUR, HOUR, 0.9),
                fault(Kind.LIMITS, week.part(3), 10 * MINUTE, 20),
                fault(Kind.LIMITS, week.part(3) + 12 * HOUR, 10 * MINUTE, 0),
                fault(Kind.SLOW, week.part(4), 15 * MINUTE, 10)))
        .restarted(times(100, week, random))
        .stepped(
            List.of(
                new Step(evening, 10 * SECOND),
                new Step(evening + HOUR, -10 * SECOND),
                new Step(evening + 2 * HOUR, 5 * MINUTE),
                new Step(evening + 3 * HOUR, -5 * MINUTE),
                new Step(evening + 4 * HOUR, HOUR),
                new Step(evening + 5 * HOUR, -HOUR)));
  }

  private static ServerFault fault(Kind kind, long from, long length, double measure) {
    return new ServerFault(kind, from, from + length, measure);
  }

  private static List<Long> times(int many, Scenario scenario, SplittableRandom random) {
    return random.longs(many, HOUR, scenario.length().toMillis()).sorted().boxed().toList();
  }
}
