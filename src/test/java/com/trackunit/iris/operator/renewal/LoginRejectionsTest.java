package com.trackunit.iris.operator.renewal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.Generate.range;
import static org.quicktheories.generators.SourceDSL.lists;

import com.trackunit.iris.operator.renewal.LoginRejections.Verdict;
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
  void isTriedAfterTenAndSixtyMinutesSixHoursAndThenOnceADay() {
    LoginRejections known = ONCE;
    List<Long> tries = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      tries.add(Duration.between(START, known.nextTry()).toMinutes());
      known = known.tried(LoginStanding.UNPROVEN, known.nextTry());
    }
    assertThat(tries).containsExactly(10L, 60L, 420L, 420 + 1440L, 420 + 2880L);
    assertThat(known.count()).isEqualTo(6);
    assertThat(known.tries()).as("the last five").hasSize(5);
  }

  @Test
  void otherValuesBeginTheirOwnSchedule() {
    LoginRejections twice = ONCE.tried(LoginStanding.UNPROVEN, after(minutes(10)));
    LoginRejections corrected = twice.corrected(LoginStanding.UNPROVEN, after(minutes(11)));
    assertThat(corrected.count()).isOne();
    assertThat(corrected.nextTry()).isEqualTo(after(minutes(21)));
    assertThat(corrected.tries()).containsExactly(START, after(minutes(10)), after(minutes(11)));
  }

  @Test
  void aTryWithoutAnAnswerWaitsAMinute() {
    assertThat(ONCE.answered(LoginStanding.UNPROVEN, Verdict.NONE).nextTry())
        .isEqualTo(after(minutes(1)));
  }

  @Test
  void aProbeDoesNotGrowTheWait() {
    LoginStanding accepted = new LoginStanding(true, Duration.ZERO);
    LoginRejections proven = LoginRejections.first("login", accepted, Verdict.REFUSED, START);
    LoginRejections probed = proven.probed(accepted, after(minutes(2)));
    assertThat(probed.count()).isOne();
    assertThat(probed.nextTry()).isEqualTo(proven.nextTry());
    assertThat(probed.lastTry()).isEqualTo(after(minutes(2)));
  }

  @Test
  void aClockThatWasSetBackStartsTheSameWaitAnew() {
    Instant back = START.minus(minutes(60));
    assertThat(ONCE.asOf(back).nextTry()).isEqualTo(back.plus(minutes(10)));
    assertThat(ONCE.asOf(START)).isSameAs(ONCE);
  }

  /** Whoever asks as often as he likes, and is refused each time. */
  @Test
  void atMostFourTriesInAnyDay() {
    qt().withExamples(300)
        .forAll(lists().of(range(1, 90)).ofSizeBetween(0, 400))
        .checkAssert(LoginRejectionsTest::atMostFourTriesInAnyDay);
  }

  private static void atMostFourTriesInAnyDay(List<Integer> minutes) {
    List<Instant> tries = new ArrayList<>(List.of(START));
    LoginRejections known = ONCE;
    Instant now = START;
    for (int pause : minutes) {
      now = now.plus(minutes(pause));
      if (!known.nextTry().isAfter(now)) {
        known = known.tried(LoginStanding.UNPROVEN, now);
        tries.add(now);
      }
    }
    for (int i = 4; i < tries.size(); i++) {
      assertThat(Duration.between(tries.get(i - 4), tries.get(i)))
          .isGreaterThanOrEqualTo(Duration.ofDays(1));
    }
  }

  private static Instant after(Duration time) {
    return START.plus(time);
  }

  private static Duration minutes(long minutes) {
    return Duration.ofMinutes(minutes);
  }
}
