package com.trackunit.iris.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.gate.RequestGate.Turn;
import com.trackunit.iris.operator.time.ClockReading;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whose turn it is to ask an authorization server that all use. */
class RequestGateTest {
  private static final Instant START = Instant.parse("2026-05-04T12:00:00Z");

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
    gate.accepted("c0", here());
    assertThat(asks("c8")).isTrue();
  }

  @Test
  void theEarliestEndOfATokenComesFirst() {
    asks("first");
    assertThat(asks("late", 600)).isFalse();
    assertThat(asks("soon", 300)).isFalse();
    pass(0.2);
    assertThat(asks("late", 599)).isFalse();
    assertThat(asks("soon", 300)).isTrue();
    pass(0.2);
    assertThat(asks("late", 599)).isTrue();
  }

  @Test
  void holdersOfATokenAndNewcomersGoAlternately() {
    gate = new RequestGate(new RateLimits(1, 100));
    asks("first");
    List<String> holders = List.of("h1", "h2", "h3");
    List<String> newcomers = List.of("n1", "n2", "n3");
    List<String> gone = new ArrayList<>();
    for (int second = 0; second < 6; second++) {
      for (int i = 0; i < 3; i++) {
        tries(newcomers.get(i), null, gone);
        tries(holders.get(i), START.plusSeconds(300 + i), gone);
      }
      pass(1);
      for (int i = 0; i < 3; i++) {
        tries(newcomers.get(i), null, gone);
        tries(holders.get(i), START.plusSeconds(300 + i), gone);
      }
    }
    assertThat(gone).containsExactly("h1", "n1", "h2", "n2", "h3", "n3");
  }

  private void tries(String uid, @Nullable Instant expiry, List<String> gone) {
    if (!gone.contains(uid) && turn(uid, expiry) instanceof Turn.Go) {
      gone.add(uid);
      gate.accepted(uid, here());
    }
  }

  @Test
  void newcomersOfEachNamespaceTakeTurns() {
    gate = new RequestGate(new RateLimits(1, 100));
    asks("first");
    List<String> busy = IntStream.range(0, 20).mapToObj(i -> "busy" + i).toList();
    busy.forEach(uid -> gate.turn(uid, "busy", null, here()));
    gate.turn("quiet0", "quiet", null, here());
    gate.turn("quiet1", "quiet", null, here());
    List<String> gone = new ArrayList<>();
    for (int second = 0; second < 4; second++) {
      pass(1);
      for (String uid : List.of("busy0", "busy1", "busy2", "busy3", "quiet0", "quiet1")) {
        String namespace = uid.startsWith("busy") ? "busy" : "quiet";
        if (!gone.contains(uid) && gate.turn(uid, namespace, null, here()) instanceof Turn.Go) {
          gone.add(uid);
        }
      }
    }
    assertThat(gone).containsExactly("busy0", "quiet0", "busy1", "quiet1");
  }

  @Test
  void aNamespaceThatMakesAndDeletesCredentialsKeepsNoHolderWaiting() {
    gate = new RequestGate(new RateLimits(1, 100));
    asks("first");
    List<String> gone = new ArrayList<>();
    for (int second = 0; second < 4; second++) {
      for (int i = 0; i < 50; i++) {
        gate.turn("made" + second + "-" + i, "busy", null, here());
        gate.forget("made" + second + "-" + i, now);
      }
      pass(1);
      tries("holder" + second, START.plusSeconds(60), gone);
    }
    assertThat(gone).containsExactly("holder0", "holder1", "holder2", "holder3");
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
    gate.accepted("first", here());
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
    gate.accepted("first", here());
    assertThat(slot("late", null)).isEqualTo(now.plusMillis(2400));
  }

  @Test
  void whoeverIsGoneKeepsNobodyWaiting() {
    asks("first");
    IntStream.range(0, 50).forEach(i -> turn("gone" + i, null));
    assertThat(asks("next")).isFalse();
    pass(5);
    assertThat(asks("next")).isFalse();
    IntStream.range(0, 50).forEach(i -> gate.forget("gone" + i, now));
    assertThat(asks("next")).isTrue();
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
  void whatWasNotUsedIsGivenBackOnce() {
    assertThat(asks("a")).isTrue();
    gate.unused("a", here());
    gate.unused("a", here());
    assertThat(asks("b")).isTrue();
    assertThat(asks("c")).isFalse();
    gate.accepted("b", here());
    gate.unused("b", here());
    assertThat(asks("c")).isFalse();
  }

  @Test
  void aPlaceInFlightIsKeptForThoseOnlyWhoShouldBeHere() {
    gate = new RequestGate(new RateLimits(5, 1));
    quiet();
    Instant end = now.plusSeconds(300);
    asks("first");
    assertThat(goes("ahead", end)).isFalse();
    gate.accepted("first", here());
    // It was told to come in more than a second.
    assertThat(goes("next", end.plusSeconds(1))).isTrue();
    gate.accepted("next", here());
    pass(1.2);
    assertThat(goes("late", end.plusSeconds(1))).isFalse();
    assertThat(goes("ahead", end)).isTrue();
  }

  @Test
  void aPlaceInFlightIsNotKeptForWhoeverIsLate() {
    gate = new RequestGate(new RateLimits(5, 1));
    quiet();
    Instant end = now.plusSeconds(300);
    asks("first");
    assertThat(goes("ahead", end)).isFalse();
    gate.accepted("first", here());
    pass(3.1);
    assertThat(goes("other", end.plusSeconds(1))).isFalse();
    pass(0.1);
    assertThat(goes("other", end.plusSeconds(1))).isTrue();
    gate.accepted("other", here());
    assertThat(goes("ahead", end)).as("late, and still the first").isTrue();
  }

  @Test
  void noPlaceInFlightIsKeptAmongNewcomers() {
    gate = new RequestGate(new RateLimits(5, 1));
    quiet();
    asks("first");
    assertThat(goes("ahead", null)).isFalse();
    pass(1.2);
    gate.accepted("first", here());
    assertThat(goes("later", null)).isTrue();
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

  // How many of so many that have no token may ask now.
  private int goesOf(int many) {
    int through = 0;
    for (int i = 0; i < many; i++) {
      if (asks("c" + i)) {
        through++;
      }
    }
    if (many > 10) {
      IntStream.range(0, many).forEach(i -> gate.accepted("c" + i, here()));
    }
    return through;
  }

  private boolean asks(String uid) {
    return asks(uid, null);
  }

  private boolean asks(String uid, @Nullable Integer left) {
    return turn(uid, left == null ? null : now.plusSeconds(left)) instanceof Turn.Go;
  }

  private boolean goes(String uid, @Nullable Instant expiry) {
    return turn(uid, expiry) instanceof Turn.Go;
  }

  private Turn turn(String uid, @Nullable Instant expiry) {
    return gate.turn(uid, "team", expiry, here());
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

  @Test
  void aSlowRateIsNotSavedUpForOneThatIsNotBackYet() {
    GateFixture slow = new GateFixture(0.5, 10);
    assertThat(slow.turn("first", 100)).isInstanceOf(RequestGate.Turn.Go.class);
    assertThat(slow.turn("newcomer", null)).isInstanceOf(RequestGate.Turn.ComeBack.class);
    slow.pass(2);
    assertThat(slow.turn("second", 100)).isInstanceOf(RequestGate.Turn.Go.class);
    slow.pass(2);
    assertThat(slow.turn("third", 100))
        .as("the newcomer should be back")
        .isInstanceOf(RequestGate.Turn.ComeBack.class);
    assertThat(slow.turn("newcomer", null)).isInstanceOf(RequestGate.Turn.Go.class);
  }
}
