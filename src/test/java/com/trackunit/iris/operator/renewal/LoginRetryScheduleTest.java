package com.trackunit.iris.operator.renewal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import com.trackunit.iris.operator.renewal.LoginRejections.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How long a refused login waits for its next try. */
class LoginRetryScheduleTest {
  private static final Instant START = Instant.parse("2026-05-04T12:00:00Z");

  static Stream<Arguments> waits() {
    return Stream.of(
        argumentSet("never accepted, first refusal", 1, false, 1188, 600),
        argumentSet("never accepted, second", 2, false, 1188, 3_000),
        argumentSet("never accepted, third", 3, false, 1188, 21_600),
        argumentSet("never accepted, fourth", 4, false, 1188, 86_400),
        argumentSet("accepted before, no token", 1, true, 0, 600),
        argumentSet("accepted before, second", 2, true, 0, 600),
        argumentSet("accepted before, third", 3, true, 0, 2_400),
        argumentSet("accepted before, fourth", 4, true, 0, 21_600),
        argumentSet("accepted before, fifth", 5, true, 0, 86_400),
        argumentSet("accepted before, hundredth", 100, true, 0, 86_400),
        argumentSet("a token for half an hour: no hurry", 1, true, 1_800, 600),
        argumentSet("1188 s left: the second as ever", 1, true, 1_188, 600),
        argumentSet("588 s left: the third two minutes before the end", 2, true, 588, 468),
        argumentSet("396 s left: the second two minutes before the end", 1, true, 396, 276),
        argumentSet("120 s left: no third before the end", 2, true, 120, 600),
        argumentSet("150 s left: a minute between two", 1, true, 150, 60),
        argumentSet("60 s left: no second before the end", 1, true, 60, 600),
        argumentSet("the fourth does not hurry", 3, true, 396, 2_400));
  }

  @ParameterizedTest
  @MethodSource("waits")
  void waits(int refusals, boolean accepted, long tokenLeft, long expected) {
    LoginStanding standing = new LoginStanding(accepted, Duration.ofSeconds(tokenLeft));
    Instant next = LoginRetrySchedule.next(refusals, standing, Verdict.REFUSED, List.of(START));
    assertThat(Duration.between(START, next)).hasSeconds(expected);
  }

  static Stream<Arguments> ladders() {
    return Stream.of(
        argumentSet("no token", 0, List.of(0L, 600L, 1_200L, 3_600L, 25_200L)),
        argumentSet("a token for 1188 s", 1_188, List.of(0L, 600L, 1_068L, 3_600L, 25_200L)),
        argumentSet("a token for 600 s", 600, List.of(0L, 480L, 1_200L, 3_600L, 25_200L)),
        argumentSet("a token for 396 s", 396, List.of(0L, 276L, 1_200L, 3_600L, 25_200L)),
        argumentSet("a token for 30 s", 30, List.of(0L, 600L, 1_200L, 3_600L, 25_200L)));
  }

  @ParameterizedTest
  @MethodSource("ladders")
  void ladders(long tokenLeft, List<Long> expected) {
    Instant end = START.plusSeconds(tokenLeft);
    LoginRejections known =
        LoginRejections.first("login", LoginStanding.of(true, end, START), Verdict.REFUSED, START);
    for (int refusals = 1; refusals < expected.size(); refusals++) {
      Instant next = known.nextTry();
      known = known.tried(LoginStanding.of(true, end, next), next);
    }
    assertThat(known.tries())
        .map(at -> Duration.between(START, at).toSeconds())
        .isEqualTo(expected);
  }

  @Test
  void withoutAnAnswerATryIsRepeatedAfterAMinute() {
    LoginRejections known =
        LoginRejections.first("login", LoginStanding.UNPROVEN, Verdict.NONE, START);
    List<Long> tries = new ArrayList<>(List.of(0L));
    for (int i = 0; i < 5; i++) {
      tries.add(Duration.between(START, known.nextTry()).toSeconds());
      known =
          known
              .tried(LoginStanding.UNPROVEN, known.nextTry())
              .answered(LoginStanding.UNPROVEN, Verdict.NONE);
    }
    assertThat(tries)
        .as("four in a day, then daily")
        .containsExactly(0L, 60L, 600L, 3_600L, 86_401L, 172_801L);
  }

  /** However its tries fall, of a login that was accepted before. */
  @Test
  void atMostThreeTriesInHalfAnHourAndFiveInADay() {
    qt().withExamples(300)
        .forAll(lists().of(integers().between(1, 2_000)).ofSizeBetween(0, 400))
        .checkAssert(LoginRetryScheduleTest::assertWithinBudget);
  }

  private static void assertWithinBudget(List<Integer> pauses) {
    List<Instant> tries = new ArrayList<>();
    LoginRejections known =
        LoginRejections.first(
            "login", new LoginStanding(true, Duration.ZERO), Verdict.REFUSED, START);
    tries.add(START);
    Instant now = START;
    for (int pause : pauses) {
      now = now.plusSeconds(pause);
      if (!known.withinBudget().isAfter(now)) {
        known = known.probed(new LoginStanding(true, Duration.ZERO), now);
        tries.add(now);
      }
    }
    assertApart(tries, 3, Duration.ofMinutes(30));
    assertApart(tries, 5, Duration.ofDays(1));
  }

  @ParameterizedTest
  @CsvSource({
    // when it was refused, and when it may probe while the server refuses every login
    "0, -1",
    "0 60, -1",
    "0 60 120, 3601",
    "0 60 120 3601, 21601",
    "0 60 120 3601 21601, 86401",
  })
  void probesKeepATryForAnHourLaterAndOneForSixHoursLater(String refusals, long next) {
    List<Instant> tries =
        Stream.of(refusals.split(" ")).map(Long::parseLong).map(START::plusSeconds).toList();
    LoginRejections known =
        new LoginRejections("login", 1, tries.getLast(), tries.getLast(), tries, true);
    assertThat(known.withinProbingBudget())
        .isEqualTo(next < 0 ? Instant.EPOCH : START.plusSeconds(next));
  }

  private static void assertApart(List<Instant> tries, int most, Duration window) {
    for (int i = most; i < tries.size(); i++) {
      assertThat(Duration.between(tries.get(i - most), tries.get(i)))
          .isGreaterThanOrEqualTo(window);
    }
  }
}
