package com.trackunit.iris.operator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code ./mvnw -Psimulate} prints at length, in short and with what must hold. */
class SimulationTest {
  private static final long SEED = 7;
  private static final Simulation SIMULATION = new Simulation(SEED, false);

  @Test
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
    assertThat(new Phases(1, Duration.ofHours(1), step, SEED).worstExpired()).isZero();
    assertThat(new Phases(1, Duration.ofSeconds(1200), step, SEED).worstExpired()).isZero();
  }

  @Test
  void thePromiseHoldsInTheWorstMoment() {
    assertThat(new Outages(1, Duration.ofHours(1), SEED).first()).isGreaterThan(17 * 60);
    assertThat(new Outages(1, Duration.ofSeconds(1200), SEED).first()).isGreaterThan(4 * 60);
  }

  @Test
  void tenThousandRecoverFromAnHourNearlyAsFastAsTheCapAllows() {
    Scenario day = Scenario.ordinary(10_000, Duration.ofHours(1), SEED);
    Weather out = new Weather(Weather.Kind.REFUSES, 4 * Scenario.HOUR, 5 * Scenario.HOUR, 0);

    Score score = World.play(day.lasting(Duration.ofHours(7)).under(List.of(out)));

    double floor = 10_000 / score.scenario().limits().perSecond();
    assertThat(score.recovery()).isBetween(floor * 0.9, floor * 1.2);
    assertThat(score.firstTokens()).isLessThan(floor * 1.2);
    assertWithinLimits(score);
  }

  @Test
  void ordinaryLifeAsksNoMoreThanItMustAndEvenly() {
    Score score =
        World.play(
            Scenario.ordinary(10_000, Duration.ofHours(1), SEED).lasting(Duration.ofHours(12)));
    assertThat(score.expiredInSum()).isZero();
    assertThat(score.ratio()).isLessThanOrEqualTo(1.02);
    assertThat(score.requests().peakMinute()).isLessThan(1.5);
  }

  @Test
  void everyTroubleStaysWithinTheLimits() {
    SIMULATION.troubles(Scenario.ordinary(100, Duration.ofHours(1), SEED)).stream()
        .map(World::play)
        .forEach(SimulationTest::assertWithinLimits);
  }

  @Test
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

  private static void assertWithinLimits(Score score) {
    assertThat(score.requests().isWithin(score.scenario().limits())).as(score.line()).isTrue();
    assertThat(score.requests().insideRetryAfter()).as(score.line()).isZero();
    Requests requests = score.requests();
    assertThat(requests.mostKnownFailedLogins()).as(score.line()).isLessThanOrEqualTo(3);
    if (score.scenario().restarts().isEmpty()) {
      assertThat(requests.mostFailedLogins()).as(score.line()).isLessThanOrEqualTo(3);
    }
  }
}
