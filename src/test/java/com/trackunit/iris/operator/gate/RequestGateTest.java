package com.trackunit.iris.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.gate.RequestGate.Turn;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.time.ClockReading;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose turn it is to ask an authorization server that all use. */
class RequestGateTest {
  private static final Instant START = Instant.parse("2026-05-04T12:00:00Z");
  private static final Duration NOTHING_SAID = Duration.ZERO;

  private RequestGate gate = new RequestGate(new RateLimits(5, 8));
  private Instant now = START;
  // As if the machine had run for a day.
  private Instant steady = Instant.EPOCH.plus(Duration.ofDays(1));

  @Test
  void oneRequestAtTheBeginningAndNoBurstForWhoeverRestarts() {
    assertThat(asks("a")).isTrue();
    assertThat(turn("b", null))
        .isEqualTo(new Turn.ComeBack(now.plusMillis(1200), now.plusMillis(200), WaitReason.BUSY));
  }

  @Test
  void aQuietTimeSavesTwoSecondsOfRequests() {
    gate = new RequestGate(new RateLimits(5, 100));
    asks("first");
    pass(3600);
    assertThat(goesOf(20)).isEqualTo(10);
    pass(1);
    assertThat(goesOf(20)).isEqualTo(5);
  }

  @Test
  void aRateBelowOneInTwoSecondsStillLetsOneThrough() {
    gate = new RequestGate(new RateLimits(0.1, 8));
    assertThat(asks("a")).isTrue();
    assertThat(asks("b")).isFalse();
    pass(9);
    assertThat(asks("b")).isFalse();
    pass(1);
    assertThat(asks("b")).isTrue();
  }

  @Test
  void noMoreInFlightThanAllowed() {
    quiet();
    assertThat(goesOf(9)).isEqualTo(8);
    assertThat(turn("c8", null))
        .isInstanceOfSatisfying(
            Turn.ComeBack.class, wait -> assertThat(wait.obstacle()).isEqualTo(WaitReason.BUSY));
    gate.answered("c0", here());
    assertThat(asks("c8")).isTrue();
  }

  @Test
  void theEarliestEndOfATokenComesFirst() {
    asks("first");
    assertThat(asks("late", 600)).isFalse();
    assertThat(asks("soon", 300)).isFalse();
    assertThat(asks("none", null)).isFalse();
    pass(0.2);
    assertThat(asks("late", 599)).isFalse();
    assertThat(asks("soon", 300)).isFalse();
    assertThat(asks("none", null)).isTrue();
    pass(0.2);
    assertThat(asks("late", 599)).isFalse();
    assertThat(asks("soon", 300)).isTrue();
  }

  @Test
  void ofEqualsWhoeverCameFirst() {
    asks("first");
    List<String> names = List.of("d", "c", "b", "a");
    names.forEach(name -> assertThat(asks(name, null)).isFalse());
    pass(0.2);
    assertThat(asks("a", null)).isFalse();
    assertThat(asks("d", null)).isTrue();
    pass(0.2);
    assertThat(asks("c", null)).isTrue();
  }

  @Test
  void aPlaceInFlightIsKeptForAnEarlierEndAndNotForAnEarlierArrival() {
    gate = new RequestGate(new RateLimits(5, 1));
    quiet();
    asks("first");
    Instant end = now.plusSeconds(300);
    assertThat(turn("second", end)).isInstanceOf(Turn.ComeBack.class);
    pass(1.2);
    gate.answered("first", here());
    assertThat(turn("later end", end.plusSeconds(1))).isInstanceOf(Turn.ComeBack.class);
    assertThat(turn("same end", end)).isInstanceOf(Turn.Go.class);
  }

  @Test
  void comesBackByRankAndAMinuteLaterAtMost() {
    asks("first");
    IntStream.range(0, 1000).forEach(i -> turn("c" + i, START.plusSeconds(3600 + i)));
    assertThat(slot("c4", 3604)).isEqualTo(START.plusSeconds(1));
    assertThat(slot("c99", 3699)).isEqualTo(START.plusSeconds(20));
    assertThat(look("c99", 3699)).isEqualTo(START.plusSeconds(21));
    assertThat(slot("c999", 4599)).isEqualTo(START.plusSeconds(200));
    assertThat(look("c999", 4599)).isEqualTo(START.plusSeconds(60));
  }

  @Test
  void aSlotIsReckonedWithWhatMayBeAskedAtOnce() {
    gate = new RequestGate(new RateLimits(5, 1));
    quiet();
    asks("first");
    IntStream.range(0, 12).forEach(i -> turn("c" + i, null));
    gate.answered("first", here());
    assertThat(slot("late", 3600)).isEqualTo(now.plusMillis(2400));
  }

  // Whether it seems to be out, and how many of eleven may ask 0.2 s after five refusals.
  @ParameterizedTest
  @CsvSource({
    "TRANSIENT, true, 0",
    "LIMITED, false, 0",
    "RESTRICTED, false, 5",
    "REJECTED, false, 6",
    "CONFIGURATION, false, 6",
    "UNTRUSTED, false, 7"
  })
  void aRefusalTellsOfTheServer(RetryClass kind, boolean open, int goes) {
    gate = new RequestGate(new RateLimits(5, 7));
    quiet();
    for (int i = 0; i < 5; i++) {
      String uid = "refused" + i % 2;
      asks(uid);
      gate.refused(uid, kind, NOTHING_SAID, here());
    }
    assertThat(gate.isOpen()).isEqualTo(open);
    pass(0.2);
    assertThat(goesOf(11)).isEqualTo(goes);
  }

  @Test
  void aSlotIsReckonedWithTheRateThatTheServerWants() {
    gate = new RequestGate(new RateLimits(5, 100));
    quiet();
    asks("a");
    gate.restricted("a", here());
    assertThat(goesOf(9)).isEqualTo(9);
    assertThat(slot("next", 3600)).isEqualTo(now.plusMillis(400));
  }

  @Test
  void whoeverIsGoneKeepsNobodyWaiting() {
    asks("first");
    IntStream.range(0, 50).forEach(i -> turn("gone" + i, null));
    assertThat(asks("next", 600)).isFalse();
    pass(5);
    assertThat(asks("next", 600)).isFalse();
    IntStream.range(0, 50).forEach(i -> gate.forget("gone" + i));
    assertThat(asks("next", 600)).isTrue();
    assertThat(gate.waiting(here())).isZero();
  }

  @Test
  void whoeverDoesNotComeBackLosesThePlace() {
    asks("first");
    IntStream.range(0, 5).forEach(i -> turn("lost" + i, null));
    pass(11.3);
    assertThat(gate.waiting(here())).isEqualTo(4);
    pass(60);
    assertThat(gate.waiting(here())).isZero();
  }

  @Test
  void whoeverComesBackKeepsThePlaceWhenOthersLoseTheirs() {
    gate = new RequestGate(new RateLimits(0.01, 8));
    asks("first");
    turn("lost", null);
    turn("here", null);
    pass(60);
    asks("here", null);
    assertThat(gate.waiting(here())).isEqualTo(2);
    pass(11);
    asks("here", null);
    assertThat(gate.waiting(here())).isEqualTo(1);
  }

  @Test
  void whoeverHasLostItsTokenMovesAhead() {
    asks("first");
    asks("early", 300);
    asks("late", 600);
    asks("late", null);
    pass(0.2);
    assertThat(asks("early", 300)).isFalse();
    assertThat(asks("late", null)).isTrue();
  }

  @Test
  void whatWasNotUsedIsGivenBackOnce() {
    assertThat(asks("a")).isTrue();
    gate.unused("a", here());
    gate.unused("a", here());
    assertThat(asks("b")).isTrue();
    assertThat(asks("c")).isFalse();
    gate.answered("b", here());
    gate.unused("b", here());
    assertThat(asks("c")).isFalse();
  }

  @Test
  void aPlaceInFlightIsKeptForThoseOnlyWhoShouldBeHere() {
    gate = new RequestGate(new RateLimits(5, 1));
    quiet();
    asks("first");
    assertThat(asks("ahead")).isFalse();
    gate.answered("first", here());
    // It was told to come in more than a second.
    assertThat(asks("next", 60)).isTrue();
    gate.answered("next", here());
    pass(1.2);
    assertThat(asks("late", 60)).isFalse();
    assertThat(asks("ahead")).isTrue();
  }

  @Test
  void aPlaceInFlightIsNotKeptForWhoeverIsLate() {
    gate = new RequestGate(new RateLimits(5, 1));
    quiet();
    asks("first");
    assertThat(asks("ahead")).isFalse();
    gate.answered("first", here());
    pass(3.1);
    assertThat(asks("other", 60)).isFalse();
    pass(0.1);
    assertThat(asks("other", 60)).isTrue();
    gate.answered("other", here());
    assertThat(asks("ahead")).as("late, and still the first").isTrue();
  }

  @Test
  void opensAfterFiveBrokenInARowOfTwo() {
    quiet();
    breaks("a", 4);
    assertThat(gate.isOpen()).isFalse();
    breaks("b", 1);
    assertThat(gate.isOpen()).isTrue();
    assertThat(turn("c", null))
        .isEqualTo(
            new Turn.ComeBack(now.plusSeconds(2), now.plusSeconds(2), WaitReason.UNAVAILABLE));
  }

  @Test
  void oneOfManyDoesNotOpenIt() {
    quiet();
    succeeds("b");
    breaks("a", 20);
    assertThat(gate.isOpen()).isFalse();
  }

  @Test
  void theOnlyOneOpensIt() {
    pass(0);
    breaks("a", 4);
    assertThat(gate.isOpen()).isFalse();
    breaks("a", 1);
    assertThat(gate.isOpen()).isTrue();
  }

  @Test
  void theOnlyOneThatIsLeftOpensIt() {
    succeeds("b");
    gate.forget("b");
    breaks("a", 5);
    assertThat(gate.isOpen()).isTrue();
  }

  @Test
  void anyAnswerEndsTheRow() {
    quiet();
    breaks("a", 4);
    succeeds("b");
    breaks("b", 4);
    assertThat(gate.isOpen()).isFalse();
    breaks("b", 1);
    assertThat(gate.isOpen()).as("broken for b alone since the answer").isFalse();
  }

  @Test
  void probesLessAndLessOftenUpToHalfAMinute() {
    open();
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Instant next = ((Turn.ComeBack) turn("p", null)).look();
      waits.add(Duration.between(now, next).toSeconds());
      pass(waits.getLast());
      breaks("p", 1);
    }
    assertThat(waits).containsExactly(2L, 4L, 8L, 16L, 30L, 30L);
  }

  @Test
  void onlyOneProbeAtATime() {
    open();
    pass(2);
    assertThat(asks("a")).isTrue();
    assertThat(turn("b", null))
        .isEqualTo(new Turn.ComeBack(now.plusSeconds(1), now, WaitReason.UNAVAILABLE));
    gate.unused("a", here());
    assertThat(asks("b")).isTrue();
  }

  @Test
  void probesMoreOftenWhenAValidTokenIsAboutToEnd() {
    open();
    probeFails(5);
    assertThat(look("expired", -10)).isEqualTo(now.plusSeconds(30));
    assertThat(look("urgent", 80)).isEqualTo(now.plusSeconds(10));
    assertThat(look("dying", 4)).isEqualTo(now.plusSeconds(2));
    assertThat(look("none", null)).isEqualTo(now.plusSeconds(2));
    assertThat(look("calm", 3600)).as("four are ahead").isEqualTo(now.plusMillis(2800));
  }

  @Test
  void theProbeThatSucceedsOpensTheWaySlowly() {
    gate = new RequestGate(new RateLimits(5, 100));
    quiet();
    open();
    pass(600);
    succeeds("p");
    assertThat(gate.isOpen()).isFalse();
    // From a quarter of 5 to 5 in 30 s: 94 at most, one of which is there at once.
    int through = 0;
    for (int second = 0; second < 30; second++) {
      through += goesOf(50);
      pass(1);
    }
    assertThat(through).isBetween(85, 94);
    goesOf(50);
    pass(1);
    assertThat(goesOf(50)).isEqualTo(5);
  }

  @Test
  void whatWasOnItsWayDuringAnOutageDoesNotOpenItAgain() {
    quiet();
    IntStream.range(0, 6).forEach(i -> asks("slow" + i));
    open();
    pass(10);
    succeeds("p");
    IntStream.range(0, 6).forEach(i -> gate.broke("slow" + i, here()));
    assertThat(gate.isOpen()).isFalse();
  }

  @Test
  void oneThatIsLimitedHalvesTheRate() {
    gate = new RequestGate(new RateLimits(5, 100));
    quiet();
    limited("a", Duration.ofSeconds(10));
    goesOf(50);
    pass(1);
    assertThat(goesOf(50)).isEqualTo(2);
    pass(600);
    goesOf(50);
    pass(1);
    assertThat(goesOf(50)).isEqualTo(5);
  }

  @Test
  void theRateIsHalvedOnceForAllThatWereOnTheirWay() {
    gate = new RequestGate(new RateLimits(5, 100));
    quiet();
    IntStream.range(0, 4).forEach(i -> asks("a" + i));
    pass(61);
    gate.limited("a0", NOTHING_SAID, here());
    pass(61);
    gate.limited("a1", NOTHING_SAID, here());
    goesOf(50);
    pass(1);
    // Half of 5, and a tenth more after a minute.
    assertThat(goesOf(50)).isEqualTo(3);
  }

  @Test
  void theRateNeverFallsBelowOneInFiveSeconds() {
    gate = new RequestGate(new RateLimits(5, 100));
    quiet();
    for (int i = 0; i < 10; i++) {
      limited("a", NOTHING_SAID);
      pass(1);
    }
    goesOf(50);
    pass(1);
    assertThat(goesOf(50)).isZero();
    pass(4);
    assertThat(goesOf(50)).isEqualTo(1);
  }

  @Test
  void twoThatAreLimitedWithinAMinutePauseAll() {
    quiet();
    limited("a", Duration.ofSeconds(300));
    pass(60);
    assertThat(asks("c")).isTrue();
    limited("b", Duration.ofSeconds(20));
    assertThat(turn("d", null))
        .isEqualTo(
            new Turn.ComeBack(
                now.plusSeconds(60), START.plusSeconds(3600 + 300), WaitReason.LIMITED));
    pass(239.9);
    assertThat(asks("d")).isFalse();
    pass(0.1);
    assertThat(asks("d")).isTrue();
  }

  @Test
  void twoThatAreLimitedLongAfterEachOtherPauseNobody() {
    quiet();
    limited("a", Duration.ofSeconds(300));
    pass(60.001);
    limited("b", Duration.ofSeconds(300));
    assertThat(asks("c")).isTrue();
  }

  @Test
  void oneThatIsLimitedTwicePausesNobody() {
    quiet();
    limited("a", Duration.ofSeconds(300));
    limited("a", Duration.ofSeconds(300));
    assertThat(asks("c")).isTrue();
  }

  @Test
  void withoutRetryAfterThePauseIsHalfAMinute() {
    quiet();
    limited("a", NOTHING_SAID);
    limited("b", NOTHING_SAID);
    assertThat(slot("c", null)).isEqualTo(now.plusSeconds(30));
  }

  @Test
  void aRestrictedOneHalvesTheRateAndPausesNobody() {
    gate = new RequestGate(new RateLimits(5, 100));
    quiet();
    asks("a");
    gate.restricted("a", here());
    asks("b");
    gate.restricted("b", here());
    assertThat(goesOf(50)).isEqualTo(8);
    pass(1);
    assertThat(goesOf(50)).isEqualTo(1);
    pass(1);
    assertThat(goesOf(50)).isEqualTo(1);
  }

  @Test
  void anAnswerThatWantsLessEndsAnOutage() {
    open();
    pass(2);
    limited("p", NOTHING_SAID);
    assertThat(gate.isOpen()).isFalse();
    open();
    pass(30);
    asks("q");
    gate.restricted("q", here());
    assertThat(gate.isOpen()).isFalse();
  }

  @Test
  void aClockThatIsSetBackStretchesNoWait() {
    quiet();
    limited("a", Duration.ofSeconds(300));
    limited("b", Duration.ofSeconds(300));
    now = now.minusSeconds(3600);
    assertThat(slot("c", null)).isEqualTo(now.plusSeconds(300));
    pass(300);
    assertThat(asks("c")).isTrue();
  }

  @Test
  void aClockThatIsSetOnBringsNoBurst() {
    gate = new RequestGate(new RateLimits(5, 100));
    asks("a");
    assertThat(asks("b")).isFalse();
    now = now.plusSeconds(3600);
    assertThat(asks("b")).isFalse();
    pass(0.2);
    assertThat(asks("b")).isTrue();
    assertThat(asks("c")).isFalse();
  }

  @Test
  void aClockThatIsSetOnEndsNoPause() {
    quiet();
    limited("a", Duration.ofSeconds(300));
    limited("b", Duration.ofSeconds(300));
    now = now.plusSeconds(3600);
    assertThat(slot("c", null)).isEqualTo(now.plusSeconds(300));
  }

  @Test
  void aClockThatIsSetChangesHowLongATokenIsValidForItsProbe() {
    open();
    probeFails(5);
    assertThat(look("urgent", 80)).isEqualTo(now.plusSeconds(10));
    Instant expiry = now.plusSeconds(80);
    now = now.minusSeconds(80);
    assertThat(((Turn.ComeBack) turn("urgent", expiry)).look()).isEqualTo(now.plusSeconds(20));
    now = now.plusSeconds(160);
    assertThat(((Turn.ComeBack) turn("urgent", expiry)).look()).isEqualTo(now.plusSeconds(30));
  }

  @Test
  void threadsThatArriveInAnotherOrderMakeNoTime() {
    asks("a");
    for (int i = 0; i < 1000; i++) {
      gate.waiting(here());
      gate.waiting(new ClockReading(now.minusMillis(4), steady.minusMillis(4)));
    }
    assertThat(asks("b")).isFalse();
  }

  private void quiet() {
    pass(0);
    gate.waiting(here());
    pass(3600);
  }

  private void open() {
    gate.waiting(here());
    pass(3600);
    breaks("x", 3);
    breaks("y", 2);
    gate.forget("x");
    gate.forget("y");
  }

  private void probeFails(int times) {
    for (int i = 0; i < times; i++) {
      pass(30);
      breaks("p", 1);
    }
  }

  private void breaks(String uid, int times) {
    for (int i = 0; i < times; i++) {
      if (!asks(uid)) {
        pass(1);
        assertThat(asks(uid)).as("turn of " + uid).isTrue();
      }
      gate.broke(uid, here());
    }
  }

  private void succeeds(String uid) {
    assertThat(asks(uid)).isTrue();
    gate.answered(uid, here());
  }

  private void limited(String uid, Duration retryAfter) {
    if (!asks(uid)) {
      pass(5);
      assertThat(asks(uid)).isTrue();
    }
    gate.limited(uid, retryAfter, here());
  }

  // How many of so many that have no token may ask now.
  private int goesOf(int many) {
    int through = 0;
    for (int i = 0; i < many; i++) {
      if (asks("c" + i)) {
        through++;
      }
    }
    if (many > 10) {
      IntStream.range(0, many).forEach(i -> gate.answered("c" + i, here()));
    }
    return through;
  }

  private boolean asks(String uid) {
    return asks(uid, null);
  }

  private boolean asks(String uid, @Nullable Integer left) {
    return turn(uid, left == null ? null : now.plusSeconds(left)) instanceof Turn.Go;
  }

  private Turn turn(String uid, @Nullable Instant expiry) {
    return gate.turn(uid, expiry, here());
  }

  private Instant look(String uid, @Nullable Integer left) {
    return ((Turn.ComeBack) turn(uid, left == null ? null : now.plusSeconds(left))).look();
  }

  private Instant slot(String uid, @Nullable Integer left) {
    return ((Turn.ComeBack) turn(uid, left == null ? null : now.plusSeconds(left))).slot();
  }

  private void pass(double seconds) {
    now = now.plusMillis(Math.round(seconds * 1000));
    steady = steady.plusMillis(Math.round(seconds * 1000));
  }

  private ClockReading here() {
    return new ClockReading(now, steady);
  }
}
