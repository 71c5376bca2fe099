package com.trackunit.iris.operator.renewal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How long a refused login waits for its next try. */
class LoginRetryScheduleTest {
  private static final Instant START = Instant.parse("2026-05-04T12:00:00Z");

  static Stream<Arguments> waits() {
    return Stream.of(
        argumentSet("never accepted, first refusal", 1, false, 1188, 600),
        argumentSet("never accepted, second", 2, false, 1188, 21_600),
        argumentSet("never accepted, third", 3, false, 1188, 86_400),
        argumentSet("accepted before, no token", 1, true, 0, 600),
        argumentSet("accepted before, second", 2, true, 0, 600),
        argumentSet("accepted before, third", 3, true, 0, 2_400),
        argumentSet("accepted before, fourth", 4, true, 0, 21_600),
        argumentSet("accepted before, fifth", 5, true, 0, 86_400),
        argumentSet("accepted before, hundredth", 100, true, 0, 86_400),
        argumentSet("a token for half an hour: no hurry", 1, true, 1_800, 600),
        argumentSet(
            "1188 s left: the second after half of what a pod can use", 1, true, 1_188, 534),
        argumentSet("654 s left: the third two minutes before the end", 2, true, 654, 534),
        argumentSet("396 s left", 1, true, 396, 138),
        argumentSet("258 s left", 2, true, 258, 138),
        argumentSet("150 s left: a minute between two", 1, true, 150, 60),
        argumentSet("90 s left: a minute between two", 2, true, 90, 60),
        argumentSet("60 s left: not before the end", 2, true, 60, 600),
        argumentSet("the fourth does not hurry", 3, true, 396, 2_400));
  }

  @ParameterizedTest
  @MethodSource("waits")
  void waits(int refusals, boolean accepted, long tokenLeft, long expected) {
    LoginStanding standing = new LoginStanding(accepted, Duration.ofSeconds(tokenLeft));
    assertThat(LoginRetrySchedule.after(refusals, standing)).hasSeconds(expected);
  }

  /** However its tries fall, of a login that was accepted before. */
  @Property(tries = 300)
  void atMostThreeTriesInHalfAnHourAndFiveInADay(
      @ForAll @Size(max = 400) List<@IntRange(min = 1, max = 2_000) Integer> pauses) {
    List<Instant> tries = new ArrayList<>();
    Rejections known = Rejections.first("login", new LoginStanding(true, Duration.ZERO), START);
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

  private static void assertApart(List<Instant> tries, int most, Duration window) {
    for (int i = most; i < tries.size(); i++) {
      assertThat(Duration.between(tries.get(i - most), tries.get(i)))
          .isGreaterThanOrEqualTo(window);
    }
  }
}
