package com.trackunit.iris.operator.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code ./mvnw -Psimulate} prints at length, in short and with what must hold. Long ones run
 * beside each other, and beside no other class: some of those measure time and memory.
 */
class SimulationTest {
  private static final long SEED = 7;
  private static final Simulation SIMULATION = new Simulation(SEED, false);

  @Test
  @Tag("long")
  @Execution(ExecutionMode.CONCURRENT)
  void noReaderSeesAnExpiredTokenInTheOutagesThatArePromised() {
    Stream.of(
            Scenario.ordinary(1, Duration.ofHours(1), SEED),
            Scenario.ordinary(100, Duration.ofHours(1), SEED),
            Scenario.ordinary(10_000, Duration.ofHours(1), SEED).lasting(Duration.ofHours(14)),
            Scenario.ordinary(1, Duration.ofSeconds(1200), SEED),
            Scenario.ordinary(100, Duration.ofSeconds(1200), SEED).lasting(Duration.ofDays(2)))
        .map(Scenario::promised)
        .map(World::play)
        .forEach(
            score -> {
              assertThat(score.worstExpired()).as(score.line()).isZero();
              assertThat(score.expiredInSum()).as(score.line()).isZero();
              assertWithinLimits(score);
            });
  }

  @Test
  void noReaderSeesAnExpiredTokenWheneverTheOutageBegins() {
    Duration step = Duration.ofSeconds(10);
    assertThat(OutageSweep.promised(1, Duration.ofHours(1), step, SEED).worst().worstExpired())
        .isZero();
    assertThat(OutageSweep.promised(1, Duration.ofSeconds(1200), step, SEED).worst().worstExpired())
        .isZero();
  }

  @Test
  void thePromiseHoldsInTheWorstMoment() {
    assertThat(new Outages(1, Duration.ofHours(1), SEED).first()).isGreaterThan(17 * 60);
    assertThat(new Outages(1, Duration.ofSeconds(1200), SEED).first()).isGreaterThan(4 * 60);
  }

  @Test
  void noReaderSeesAnExpiredTokenWheneverAGatewayAnswersForTheServer() {
    Duration step = Duration.ofSeconds(10);
    for (int life : new int[] {3600, 1200}) {
      Scenario calm = Scenario.ordinary(1, Duration.ofSeconds(life), SEED);
      for (Duration length : List.of(step, Duration.ofMinutes(1), calm.promise())) {
        assertNobodySeesAnExpiredToken(calm, step, length);
      }
    }
  }

  /** The credentials of one login wait together, and their tokens end at different times. */
  @Test
  void theSameForCredentialsThatShareTheirLogins() {
    for (int life : new int[] {3600, 1200}) {
      Scenario calm = Scenario.ordinary(100, Duration.ofSeconds(life), SEED);
      assertNobodySeesAnExpiredToken(calm, calm.life().dividedBy(60), calm.promise());
    }
  }

  private static void assertNobodySeesAnExpiredToken(
      Scenario calm, Duration step, Duration length) {
    OutageSweep phases = new OutageSweep(calm, step, List.of(ServerFault.Kind.NOT_FOUND), length);
    assertThat(phases.worst().worstExpired()).as(phases.line()).isZero();
  }

  @Test
  @Tag("long")
  @Execution(ExecutionMode.CONCURRENT)
  void noReaderSeesAnExpiredTokenWheneverEveryLoginIsRefusedForElevenMinutes() {
    for (int number : new int[] {1, 5}) {
      for (int minutes : new int[] {5, 11}) {
        OutageSweep phases = Simulation.rejections(number, Duration.ofHours(1), minutes, SEED);
        assertThat(phases.worst().worstExpired()).as(phases.line()).isZero();
        assertWithinLockOut(phases);
      }
    }
  }

  @Test
  @Tag("long")
  @Execution(ExecutionMode.CONCURRENT)
  void anHourInWhichEveryLoginIsRefusedCostsNoMoreThanItself() {
    for (int number : new int[] {1, 5}) {
      for (int minutes : new int[] {30, 60}) {
        OutageSweep phases = Simulation.rejections(number, Duration.ofHours(1), minutes, SEED);
        assertThat(phases.worst().worstExpired()).as(phases.line()).isLessThan(45 * 60);
        assertWithinLockOut(phases);
      }
    }
  }

  private static void assertWithinLockOut(OutageSweep phases) {
    assertThat(phases.worst().inADay()).as(phases.line()).isLessThanOrEqualTo(5);
    assertThat(phases.worst().inHalfAnHour()).as(phases.line()).isLessThanOrEqualTo(3);
  }

  @Test
  @Tag("long")
  @Execution(ExecutionMode.CONCURRENT)
  void tenThousandLoginsThatAreAllRefusedAreAnOutageAndNoTroubleOfTheirs() {
    Result brief = World.play(SIMULATION.everyLoginRefused(10_000, 11));
    assertThat(brief.worstExpired()).as(brief.line()).isZero();
    // Its own refusal, and a probe.
    assertThat(brief.requests().mostFailedLogins()).as(brief.line()).isLessThanOrEqualTo(2);
    assertWithinLimits(brief);

    Result hour = World.play(SIMULATION.everyLoginRefused(3000, 60));
    double floor = 3000 / hour.scenario().limits().perSecond();
    // An ordinary outage ends when a probe is answered; this one is probed every five minutes.
    assertThat(hour.recovery()).as(hour.line()).isLessThan(floor * 1.2 + 5 * 60);
    assertThat(hour.requests().mostFailedLogins()).as(hour.line()).isLessThanOrEqualTo(3);
    assertWithinLimits(hour);
  }

  @Test
  void wrongLoginsStayWithinTheirBoundsAndCostTheOthersNothing() {
    for (int number : new int[] {100, 5}) {
      for (Scenario scenario : SIMULATION.wrongLogins(number)) {
        Result score = World.play(scenario);
        assertThat(score.requests().mostFailedLogins()).as(score.line()).isGreaterThan(2);
        assertThat(score.expiredInSum()).as(score.line()).isEqualTo(score.expired());
        assertWithinLimits(score);
      }
    }
  }

  // The measure: Retry-After in seconds, or the share of requests that fail.
  @ParameterizedTest
  @CsvSource({
    "LIMITS, 3600",
    "LIMITS, 0",
    "RESTRICTS, 0",
    "BROWN_OUT, 1",
    "HANGS, 0",
    "MALFORMED, 0",
    "NOT_FOUND, 0",
    "REJECTS, 0"
  })
  void aDayOfTroubleOfOneLoginIsNobodyElses(ServerFault.Kind kind, double measure) {
    for (int life : new int[] {3600, 300}) {
      // The trouble ends after thirty hours.
      Scenario calm =
          Scenario.ordinary(40, Duration.ofSeconds(life), SEED).lasting(Duration.ofHours(34));
      List<ServerFault> troubles =
          IntStream.range(0, 3)
              .mapToObj(
                  login ->
                      new ServerFault(kind, 6 * Scenario.HOUR, 30 * Scenario.HOUR, measure, login))
              .toList();
      Result one = World.play(calm.under(troubles.subList(0, 1)));
      assertThat(one.expiredOfOthers()).as(one.line()).isZero();
      assertWithinLimits(one);
      Result three = World.play(calm.under(troubles));
      // Tokens of five minutes leave no time for the pause that two limited logins ask for.
      boolean pauses = life == 300 && kind == ServerFault.Kind.LIMITS;
      assertThat(pauses ? 0 : three.expiredOfOthers()).as(three.line()).isZero();
      assertWithinLimits(three);
    }
  }

  static Stream<Arguments> neighbours() {
    // A day of short tokens takes long.
    return Stream.concat(
            SIMULATION.neighbours(3600).stream(), SIMULATION.neighbours(300).stream().limit(4))
        .map(one -> argumentSet(one.name() + ", " + one.life().toSeconds() + " s", one));
  }

  @ParameterizedTest
  @MethodSource("neighbours")
  void theTroubleOfSomeIsNobodyElsesAndEveryCorrectionIsTried(Scenario scenario) {
    Result score = World.play(scenario);

    assertThat(score.expiredOfOthers()).as(score.line()).isZero();
    assertWithinLimits(score);
    assertWithinFailedLogins(score);
    CorrectionLog corrections = score.requests().corrections();
    assertThat(corrections.slowestTry()).as(score.line()).isLessThanOrEqualTo(60);
    assertThat(corrections.slowestGrant()).as(score.line()).isLessThanOrEqualTo(11 * 60);
  }

  private static void assertWithinFailedLogins(Result score) {
    assertThat(score.requests().mostFailedInTenMinutes()).as(score.line()).isLessThanOrEqualTo(3);
    assertThat(score.requests().mostFailedInAnHour()).as(score.line()).isLessThanOrEqualTo(5);
  }

  // What is known of values ends with their last credential, all but the tries of an hour.
  @Test
  void credentialsThatComeAndGoCostNobodyAToken() {
    for (Scenario scenario : SIMULATION.loops(Duration.ofHours(4))) {
      Result score = World.play(scenario);
      assertThat(score.expiredInSum()).as(score.line()).isZero();
      assertThat(score.requests().isWithin(scenario.limits())).as(score.line()).isTrue();
      assertWithinFailedLogins(score);
    }
  }

  @Test
  void noReaderSeesAnExpiredTokenWhenSessionsEndOrAllAnswersAreTooLate() {
    for (Scenario scenario : SIMULATION.sessions()) {
      Result score = World.play(scenario);
      assertThat(score.expiredInSum()).as(score.line()).isZero();
      assertThat(score.requests().mostFailedLogins()).as(score.line()).isZero();
      assertWithinLimits(score);
    }
  }

  @Test
  @Tag("long")
  @Execution(ExecutionMode.CONCURRENT)
  void tenThousandRecoverFromAnHourNearlyAsFastAsTheCapAllows() {
    Scenario day = Scenario.ordinary(10_000, Duration.ofHours(1), SEED);
    ServerFault out =
        new ServerFault(ServerFault.Kind.REFUSES, 4 * Scenario.HOUR, 5 * Scenario.HOUR, 0);

    Result score = World.play(day.lasting(Duration.ofHours(7)).under(List.of(out)));

    double floor = 10_000 / score.scenario().limits().perSecond();
    assertThat(score.recovery()).isBetween(floor * 0.9, floor * 1.2);
    assertThat(score.firstTokens()).isLessThan(floor * 1.2);
    assertWithinLimits(score);
  }

  @Test
  void refusedRefreshTokensAreNoRefusedLoginsAndCostNoReaderAToken() {
    Scenario day = Scenario.ordinary(100, Duration.ofHours(1), SEED).lasting(Duration.ofDays(2));

    Result score = World.play(day.withRefreshTokens());

    assertThat(score.expiredInSum()).as(score.line()).isZero();
    assertThat(score.requests().mostFailedLogins()).as(score.line()).isZero();
    assertThat(score.failedSteps()).as(score.line()).isZero();
    // Each third renewal takes a second request, until two in a row did: then the login is used.
    assertThat(score.ratio()).as(score.line()).isBetween(1.03, 1.15);
  }

  @Test
  void aTokenThatCannotBeWrittenIsKeptAndNotAskedForAgain() {
    Scenario day = Scenario.ordinary(100, Duration.ofHours(1), SEED).lasting(Duration.ofDays(2));
    ServerFault closed =
        new ServerFault(
            ServerFault.Kind.UNWRITABLE, 20 * Scenario.HOUR, 20 * Scenario.HOUR + 600_000, 0);

    Result score = World.play(day.under(List.of(closed)));

    assertThat(score.expiredInSum()).as(score.line()).isZero();
    assertThat(score.ratio()).as(score.line()).isLessThanOrEqualTo(1.02);
  }

  @Test
  @Tag("long")
  @Execution(ExecutionMode.CONCURRENT)
  void ordinaryLifeAsksNoMoreThanItMustAndEvenly() {
    Result score =
        World.play(
            Scenario.ordinary(10_000, Duration.ofHours(1), SEED).lasting(Duration.ofHours(12)));
    assertThat(score.expiredInSum()).isZero();
    assertThat(score.ratio()).isLessThanOrEqualTo(1.02);
    assertThat(score.requests().peakMinute()).isLessThan(1.5);
  }

  @Test
  @Tag("long")
  @Execution(ExecutionMode.CONCURRENT)
  void everyTroubleStaysWithinTheLimits() {
    SIMULATION.troubles(Scenario.ordinary(100, Duration.ofHours(1), SEED)).stream()
        .map(World::play)
        .forEach(SimulationTest::assertWithinLimits);
  }

  @Test
  @Tag("long")
  @Execution(ExecutionMode.CONCURRENT)
  void threeThousandStayWithinTheLimitsWhenClocksAreSetAndLoginsAreRefusedAmongRestarts() {
    List<Scenario> troubles =
        SIMULATION.troubles(Scenario.ordinary(3000, Duration.ofHours(1), SEED));
    List<Scenario> hard =
        troubles.stream().filter(trouble -> trouble.name().matches("(clock|refused).*")).toList();
    assertThat(hard).hasSize(3);
    hard.stream().map(World::play).forEach(SimulationTest::assertWithinLimits);
  }

  @Test
  void theSameSeedPlaysTheSame() {
    Scenario scenario = Scenario.ordinary(100, Duration.ofSeconds(300), SEED);
    Scenario outages = scenario.lasting(Duration.ofHours(6)).promised();
    assertThat(World.play(outages).line()).isEqualTo(World.play(outages).line());
  }

  private static void assertWithinLimits(Result score) {
    assertThat(score.requests().isWithin(score.scenario().limits())).as(score.line()).isTrue();
    assertThat(score.requests().insideRetryAfter()).as(score.line()).isZero();
    RequestLog requests = score.requests();
    // A login that is wrong from the beginning was never accepted.
    int aDay = score.scenario().wrongFrom() == 0 ? 4 : 5;
    assertThat(requests.mostKnownFailedLogins()).as(score.line()).isLessThanOrEqualTo(aDay);
    assertThat(requests.mostFailedInHalfAnHour()).as(score.line()).isLessThanOrEqualTo(3);
    if (score.scenario().restarts().isEmpty()) {
      assertThat(requests.mostFailedLogins()).as(score.line()).isLessThanOrEqualTo(aDay);
    }
  }
}
