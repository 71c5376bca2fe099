package com.trackunit.iris.operator.lockout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a token endpoint counts as refusing every login, and who tries whether it still does. */
class EndpointRejectionsTest {
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");

  private final EndpointRejections endpoint = new EndpointRejections();

  @Test
  void threeAcceptedLoginsRefusedWithinAMinuteAreAnOutage() {
    assertThat(endpoint.refused("a", true, at(0))).isEmpty();
    assertThat(endpoint.refused("b", true, at(30))).isEmpty();
    assertThat(endpoint.isOut(at(30))).isFalse();
    assertThat(endpoint.refused("c", true, at(60))).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(endpoint.isOut(at(60))).isTrue();
  }

  @Test
  void aThreadThatReadTheClockEarlierAndComesLaterForgetsNoRefusal() {
    endpoint.refused("a", true, at(1));
    assertThat(endpoint.refused("b", true, at(0))).isEmpty();
    assertThat(endpoint.refused("c", true, at(1))).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void refusalsBeforeTheClockWasSetBackAreForgotten() {
    endpoint.refused("a", true, at(120));
    endpoint.refused("b", true, at(0));
    assertThat(endpoint.refused("c", true, at(0))).isEmpty();
    assertThat(endpoint.isOut(at(0))).isFalse();
  }

  @Test
  void threeWithinMoreThanAMinuteAreNone() {
    endpoint.refused("a", true, at(0));
    endpoint.refused("b", true, at(30));
    assertThat(endpoint.refused("c", true, at(61))).isEmpty();
    assertThat(endpoint.isOut(at(61))).isFalse();
  }

  @Test
  void twoLoginsAreNoneHoweverOftenTheyAreRefused() {
    for (int i = 0; i < 10; i++) {
      endpoint.refused("a", true, at(i));
      endpoint.refused("b", true, at(i));
    }
    assertThat(endpoint.isOut(at(10))).isFalse();
  }

  @Test
  void loginsThatWereNeverAcceptedDoNotCount() {
    endpoint.refused("a", true, at(0));
    endpoint.refused("b", true, at(0));
    endpoint.refused("c", false, at(0));
    assertThat(endpoint.isOut(at(0))).isFalse();
  }

  @Test
  void aLoginThatIsAcceptedBetweenShowsThatItIsNoOutage() {
    endpoint.refused("a", true, at(0));
    endpoint.refused("b", true, at(1));
    endpoint.accepted(at(2));
    endpoint.refused("c", true, at(3));
    assertThat(endpoint.isOut(at(3))).isFalse();
  }

  @Test
  void oneAtATimeTriesAfterOneTwoFourAndThenEveryFiveMinutes() {
    out();
    List<Long> minutes = new ArrayList<>();
    Instant last = at(0);
    for (String prober : List.of("d", "e", "f", "g", "h")) {
      Instant now = last;
      while (!endpoint.isTurnOf(prober, 0, now)) {
        now = now.plusSeconds(1);
      }
      minutes.add(Duration.between(last, now).toMinutes());
      endpoint.probing(prober);
      assertThat(endpoint.isTurnOf("other", 0, now)).isFalse();
      endpoint.refused(prober, true, now);
      last = now;
    }
    assertThat(minutes).containsExactly(1L, 2L, 4L, 5L, 5L);
  }

  @Test
  void theLoginWithTheFewestTriesIsFirst() {
    out();
    assertThat(endpoint.isTurnOf("a", 2, at(59))).isFalse();
    assertThat(endpoint.isTurnOf("b", 1, at(59))).isFalse();
    assertThat(endpoint.isTurnOf("a", 2, at(60))).isFalse();
    assertThat(endpoint.isTurnOf("b", 1, at(60))).isTrue();
  }

  @Test
  void whoIsNotSeenAnyMoreKeepsNobodyBack() {
    out();
    assertThat(endpoint.isTurnOf("b", 1, at(59))).isFalse();
    assertThat(endpoint.isTurnOf("a", 2, at(178))).isFalse();
    assertThat(endpoint.isTurnOf("a", 2, at(180))).isTrue();
  }

  @Test
  void theLastTriesOfADayAreMadeEveryFifteenMinutes() {
    out();
    assertThat(endpoint.isTurnOf("a", 3, at(60))).isTrue();
    endpoint.probing("a");
    endpoint.refused("a", true, at(60));
    assertThat(endpoint.isTurnOf("b", 3, at(60 + 899))).isFalse();
    assertThat(endpoint.isTurnOf("b", 3, at(60 + 900))).isTrue();
  }

  @Test
  void aTryThatCameToNothingIsMadeAgain() {
    out();
    endpoint.probing("a");
    endpoint.undecided("a", at(70));
    assertThat(endpoint.isTurnOf("a", 1, at(129))).isFalse();
    assertThat(endpoint.isTurnOf("a", 1, at(130))).isTrue();
  }

  @Test
  void theFirstAcceptedLoginEndsIt() {
    out();
    endpoint.accepted(at(61));
    assertThat(endpoint.isOut(at(61))).isFalse();
    assertThat(endpoint.ended()).isEqualTo(at(61));
  }

  @Test
  void isOverWhenNobodyIsLeftToTry() {
    out();
    assertThat(endpoint.isOut(at(660))).isTrue();
    assertThat(endpoint.isOut(at(661))).isFalse();
  }

  @Test
  void isLookedAtAgainWithinAMinute() {
    assertThat(endpoint.nextLook(at(0))).isEqualTo(at(0));
    out();
    assertThat(endpoint.nextLook(at(0))).isEqualTo(at(60));
    assertThat(endpoint.nextLook(at(59))).isEqualTo(at(61));
    assertThat(endpoint.nextLook(at(60))).isEqualTo(at(60));
    endpoint.probing("a");
    assertThat(endpoint.nextLook(at(61))).isEqualTo(at(63));
  }

  @Test
  void aClockThatWasSetBackDoesNotStretchTheWait() {
    out();
    Instant back = at(-3600);
    assertThat(endpoint.isTurnOf("a", 1, back)).isFalse();
    assertThat(endpoint.nextLook(back)).isEqualTo(back.plusSeconds(60));
  }

  private void out() {
    for (String login : List.of("a", "b", "c")) {
      endpoint.refused(login, true, at(0));
    }
  }

  private static Instant at(long seconds) {
    return NOW.plusSeconds(seconds);
  }
}
