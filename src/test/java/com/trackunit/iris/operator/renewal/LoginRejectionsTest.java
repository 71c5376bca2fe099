package com.trackunit.iris.operator.renewal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.Generate.range;
import static org.quicktheories.generators.SourceDSL.lists;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How often a refused login is tried. */
class LoginRejectionsTest {
  private static final Instant START = Instant.parse("2026-05-04T12:00:00Z");
  private static final LoginRejections ONCE = LoginRejections.first("login", START);

  @Test
  void isTriedAfterTenMinutesSixHoursAndThenOnceADay() {
    assertThat(ONCE.earliest(false, START)).isEqualTo(after(minutes(10)));
    LoginRejections twice = ONCE.tried(after(minutes(10)));
    assertThat(twice.earliest(false, START)).isEqualTo(after(minutes(370)));
    LoginRejections thrice = twice.tried(after(minutes(370)));
    assertThat(thrice.earliest(false, START)).isEqualTo(after(minutes(370 + 1440)));
    assertThat(thrice.tried(after(minutes(1810))).earliest(false, START))
        .isEqualTo(after(minutes(3250)));
    assertThat(thrice.corrections()).isEmpty();
    assertThat(thrice.count()).isEqualTo(3);
  }

  @Test
  void isTriedAtOnceWhenItWasCorrected() {
    assertThat(ONCE.earliest(true, after(seconds(1)))).isEqualTo(START);
  }

  @Test
  void isTriedTenSecondsAfterTheLastCorrection() {
    LoginRejections corrected = ONCE.tried(after(seconds(5)));
    assertThat(corrected.corrections()).containsExactly(after(seconds(5)));
    assertThat(corrected.earliest(true, after(seconds(6)))).isEqualTo(after(seconds(15)));
    assertThat(corrected.earliest(false, after(seconds(6))))
        .isEqualTo(after(seconds(5).plusHours(6)));
  }

  @Test
  void isCorrectedFiveTimesAnHourAtMost() {
    LoginRejections known = ONCE;
    for (int i = 1; i <= 5; i++) {
      known = known.tried(after(minutes(i)));
    }
    assertThat(known.earliest(true, after(minutes(6)))).isEqualTo(after(minutes(61)));
    LoginRejections sixth = known.tried(after(minutes(61)));
    assertThat(sixth.corrections()).hasSize(5).first().isEqualTo(after(minutes(2)));
  }

  @Test
  void aScheduledTryIsNoCorrection() {
    LoginRejections known = ONCE.tried(after(minutes(10)));
    assertThat(known.corrections()).isEmpty();
    assertThat(known.earliest(true, after(minutes(10)))).isEqualTo(after(minutes(10)));
  }

  @Test
  void whoMayTryAnywayNeedsNoCorrection() {
    assertThat(ONCE.earliest(true, after(minutes(11)))).isEqualTo(after(minutes(10)));
  }

  @Test
  void aClockThatWasSetBackStartsTheSameWaitAnew() {
    Instant back = START.minus(minutes(60));
    assertThat(ONCE.asOf(back).nextTry()).isEqualTo(back.plus(minutes(10)));
    assertThat(ONCE.asOf(START)).isSameAs(ONCE);
  }

  /** Whoever asks as often as he likes, and is refused each time. */
  @Test
  void atMostThreeTriesInAnyDay() {
    qt().withExamples(300)
        .forAll(lists().of(range(1, 90)).ofSizeBetween(0, 400))
        .checkAssert(LoginRejectionsTest::atMostThreeTriesInAnyDay);
  }

  private static void atMostThreeTriesInAnyDay(List<Integer> minutes) {
    List<Instant> tries = new ArrayList<>(List.of(START));
    LoginRejections known = ONCE;
    Instant now = START;
    for (int pause : minutes) {
      now = now.plus(minutes(pause));
      if (!known.earliest(false, now).isAfter(now)) {
        known = known.tried(now);
        tries.add(now);
      }
    }
    for (int i = 3; i < tries.size(); i++) {
      assertThat(Duration.between(tries.get(i - 3), tries.get(i)))
          .isGreaterThanOrEqualTo(Duration.ofDays(1));
    }
  }

  private static Instant after(Duration time) {
    return START.plus(time);
  }

  private static Duration minutes(long minutes) {
    return Duration.ofMinutes(minutes);
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }
}
