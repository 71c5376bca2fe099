package com.trackunit.iris.operator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

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
        OutageSweep phases =
            new OutageSweep(calm, step, List.of(ServerFault.Kind.NOT_FOUND), length);
        assertThat(phases.worst().worstExpired()).as(phases.line()).isZero();
      }
    }
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
    assertThat(brief.requests().mostFailedLogins()).as(brief.line()).isEqualTo(1);
    assertWithinLimits(brief);

    Result hour = World.play(SIMULATION.everyLoginRefused(10_000, 60));
    double floor = 10_000 / hour.scenario().limits().perSecond();
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
    // Each third renewal takes a second request.
    assertThat(score.ratio()).as(score.line()).isBetween(1.25, 1.4);
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
  void tenThousandStayWithinTheLimitsWhenClocksAreSetAndLoginsAreRefusedAmongRestarts() {
    List<Scenario> troubles =
        SIMULATION.troubles(Scenario.ordinary(10_000, Duration.ofHours(1), SEED));
    List<Scenario> hard =
        troubles.stream().filter(trouble -> trouble.name().matches("(clock|refused).*")).toList();
    assertThat(hard).hasSize(3);
    hard.stream().map(World::play).forEach(SimulationTest::assertWithinLimits);
  }

  @Test
  void theSameSeedPlaysTheSame() {
    Scenario scenario = Scenario.ordinary(100, Duration.ofSeconds(300), SEED);
    Scenario day = scenario.lasting(Duration.ofDays(1)).promised();
    assertThat(World.play(day).line()).isEqualTo(World.play(day).line());
  }

  private static void assertWithinLimits(Result score) {
    assertThat(score.requests().isWithin(score.scenario().limits())).as(score.line()).isTrue();
    assertThat(score.requests().insideRetryAfter()).as(score.line()).isZero();
    RequestLog requests = score.requests();
    // A login that is wrong from the beginning was never accepted.
    int aDay = score.scenario().wrongFrom() == 0 ? 3 : 5;
    assertThat(requests.mostKnownFailedLogins()).as(score.line()).isLessThanOrEqualTo(aDay);
    assertThat(requests.mostFailedInHalfAnHour()).as(score.line()).isLessThanOrEqualTo(3);
    if (score.scenario().restarts().isEmpty()) {
      assertThat(requests.mostFailedLogins()).as(score.line()).isLessThanOrEqualTo(aDay);
    }
  }
}
