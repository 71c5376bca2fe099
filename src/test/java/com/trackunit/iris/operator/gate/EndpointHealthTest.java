package com.trackunit.iris.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.LoginStanding;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.RetryState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a server is out: judged by what several logins hear, and probed by one at a time. */
class EndpointHealthTest {
  private final GateFixture story = new GateFixture().proven("a", "b", "c", "d");

  private void breaks(String uid) {
    story.fails(uid, RetryClass.TRANSIENT);
    story.pass(2);
  }

  private void breaks(String... uids) {
    List.of(uids).forEach(this::breaks);
  }

  private boolean isOut() {
    return story.gate.isOpen();
  }

  // Its first probe is due in two seconds.
  private void begins() {
    breaks("a", "b", "a", "b");
    story.fails("a", RetryClass.TRANSIENT);
    assertThat(isOut()).isTrue();
  }

  private void outage() {
    begins();
    story.pass(2);
  }

  @Test
  void isOutAfterFiveBrokenInARowOfTwoProvenLogins() {
    breaks("a", "b", "a", "b");
    assertThat(isOut()).isFalse();
    breaks("a");
    assertThat(isOut()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = RetryClass.class,
      names = {"TRANSIENT", "MALFORMED"})
  void manyCredentialsOfOneLoginAreOneWitness(RetryClass kind) {
    story.accepts("d");
    for (int i = 0; i < 30; i++) {
      story.fails(story.attempt("uid" + i, "a", "password"), kind, Duration.ZERO);
      story.pass(6);
    }
    assertThat(isOut()).isFalse();
    assertThat(story.asks("d")).isInstanceOf(Admission.Granted.class);
  }

  @Test
  void unprovenLoginsTellNothingOnceAnyWasAccepted() {
    story.accepts("d");
    breaks("x", "y", "x", "y", "x", "y");
    assertThat(isOut()).isFalse();
  }

  @Test
  void unprovenLoginsCountWhileNoneWasEverAccepted() {
    breaks("x", "y", "x", "y", "x");
    assertThat(isOut()).isTrue();
  }

  @Test
  void theOnlyLoginIsEnough() {
    breaks("a", "a", "a", "a");
    assertThat(isOut()).isFalse();
    breaks("a");
    assertThat(isOut()).isTrue();
  }

  @Test
  void theOnlyLoginThatIsLeftIsEnough() {
    story.accepts("b");
    story.gate.forget("b", story.now);
    breaks("a", "a", "a", "a", "a");
    assertThat(isOut()).isTrue();
  }

  @Test
  void anAcceptanceInterruptsTheRow() {
    breaks("a", "b", "a", "b");
    story.accepts("c");
    breaks("a", "b", "a", "b");
    assertThat(isOut()).isFalse();
  }

  @Test
  void probesLessAndLessOftenUpToHalfAMinute() {
    outage();
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      long waited = 0;
      while (!(story.turn("p", null) instanceof RequestGate.Turn.Go)) {
        story.pass(1);
        waited++;
      }
      waits.add(waited);
      story.gate.admit(story.attempt("p", "p" + i, "password"), story.here());
      story.gate.failed("p", RetryClass.TRANSIENT, false, Duration.ZERO, story.here());
    }
    assertThat(waits).containsExactly(0L, 4L, 8L, 16L, 30L, 30L);
  }

  @Test
  void onlyOneProbeAtATime() {
    outage();
    assertThat(story.turn("p", null)).isInstanceOf(RequestGate.Turn.Go.class);
    assertThat(story.turn("q", null))
        .isInstanceOfSatisfying(
            RequestGate.Turn.ComeBack.class,
            wait -> assertThat(wait.obstacle()).isEqualTo(WaitReason.UNAVAILABLE));
    story.gate.unused("p", story.here());
    assertThat(story.turn("q", null)).isInstanceOf(RequestGate.Turn.Go.class);
  }

  @Test
  void aLoginThatHasNotFailedProbesBeforeThoseThatHave() {
    begins();
    story.turn("a", 100);
    story.turn("p", 3000);
    story.pass(3);
    assertThat(story.turn("a", 100)).isInstanceOf(RequestGate.Turn.ComeBack.class);
    assertThat(story.turn("p", 3000)).isInstanceOf(RequestGate.Turn.Go.class);
  }

  @Test
  void theTokenThatEndsFirstProbesFirst() {
    begins();
    story.turn("late", 3000);
    story.turn("soon", 2000);
    story.turn("none", null);
    story.pass(3);
    assertThat(story.turn("none", null)).isInstanceOf(RequestGate.Turn.ComeBack.class);
    assertThat(story.turn("late", 2997)).isInstanceOf(RequestGate.Turn.ComeBack.class);
    assertThat(story.turn("soon", 1997)).isInstanceOf(RequestGate.Turn.Go.class);
  }

  @Test
  void theSameLoginDoesNotProbeTwiceWhileAnotherWaits() {
    begins();
    List<String> probers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String prober = null;
      while (prober == null) {
        for (String uid : List.of("a", "b")) {
          if (prober == null && story.turn(uid, 3000) instanceof RequestGate.Turn.Go) {
            prober = uid;
          }
        }
        story.pass(1);
      }
      probers.add(prober);
      story.gate.admit(story.attempt(prober, prober, "password"), story.here());
      story.gate.failed(prober, RetryClass.TRANSIENT, false, Duration.ZERO, story.here());
    }
    assertThat(probers).containsExactly("b", "a", "b", "a");
  }

  @Test
  void probesMoreOftenWhenAValidTokenEndsSoon() {
    outage();
    for (int i = 0; i < 5; i++) {
      story.pass(31);
      story.turn("p", null);
      story.gate.admit(story.attempt("p", "p" + i, "password"), story.here());
      story.gate.failed("p", RetryClass.TRANSIENT, false, Duration.ZERO, story.here());
    }
    assertThat(slot("expired", -10)).isEqualTo(30);
    assertThat(slot("urgent", 80)).isEqualTo(10);
    assertThat(slot("dying", 4)).isEqualTo(2);
  }

  private long slot(String uid, int left) {
    RequestGate.Turn turn = story.turn(uid, left);
    return Duration.between(story.now, ((RequestGate.Turn.ComeBack) turn).slot()).toSeconds();
  }

  @Test
  void theFirstAcceptanceEndsItAndTheRateGrowsSlowly() {
    outage();
    story.turn("p", null);
    story.gate.admit(story.attempt("p", "p", "password"), story.here());
    story.gate.accepted("p", story.here());

    assertThat(isOut()).isFalse();
    assertThat(story.turn("q", null)).isInstanceOf(RequestGate.Turn.Go.class);
    assertThat(story.turn("r", null)).as("slowly").isInstanceOf(RequestGate.Turn.ComeBack.class);
  }

  @Test
  void fiftyRecoverInTheOrderInWhichTheirTokensEndAndWithinTheCap() {
    GateFixture fifty = new GateFixture(5, 8);
    List<String> byEnd = IntStream.range(0, 50).mapToObj("c%02d"::formatted).toList();
    List<String> anyOrder = new ArrayList<>(byEnd);
    Collections.shuffle(anyOrder, new Random(7));
    for (int i = 0; i < 5; i++) {
      String uid = "broken" + i;
      fifty.fails(fifty.attempt(uid, uid, "password"), RetryClass.TRANSIENT, Duration.ZERO);
      fifty.gate.forget(uid, fifty.now);
      fifty.pass(1);
    }
    assertThat(fifty.gate.isOpen()).isTrue();
    Map<String, Instant> back = new HashMap<>();
    List<String> served = new ArrayList<>();
    List<Instant> times = new ArrayList<>();
    Instant end = fifty.now.plusSeconds(600);
    while (served.size() < 50) {
      for (String uid : anyOrder) {
        boolean here = !back.getOrDefault(uid, fifty.now).isAfter(fifty.now);
        if (here && !served.contains(uid)) {
          switch (fifty.turn(uid, left(fifty, end, byEnd.indexOf(uid)))) {
            case RequestGate.Turn.Go() -> {
              fifty.gate.admit(fifty.attempt(uid, uid, "password"), fifty.here());
              fifty.gate.accepted(uid, fifty.here());
              served.add(uid);
              times.add(fifty.now);
            }
            case RequestGate.Turn.ComeBack wait -> back.put(uid, wait.look());
          }
        }
      }
      fifty.pass(0.1);
    }

    // Each looks again a second after its slot: those that come at once come in any order.
    assertThat(served)
        .allSatisfy(
            uid -> assertThat(served.indexOf(uid)).isCloseTo(byEnd.indexOf(uid), Offset.offset(6)));
    for (int i = 10; i < times.size(); i++) {
      assertThat(Duration.between(times.get(i - 10), times.get(i)).toMillis())
          .isGreaterThanOrEqualTo(1900);
    }
  }

  private static int left(GateFixture story, Instant end, int later) {
    return (int) Duration.between(story.now, end.plusSeconds(later)).toSeconds();
  }

  @Test
  void whatWasSentDuringAnOutageDoesNotBeginAnother() {
    List<String> sent = List.of("c", "d", "e", "f", "g");
    story.proven("e", "f", "g");
    sent.forEach(story::asks);
    outage();
    story.turn("p", null);
    story.gate.admit(story.attempt("p", "p", "password"), story.here());
    story.gate.accepted("p", story.here());
    sent.forEach(
        uid -> story.gate.failed(uid, RetryClass.TRANSIENT, false, Duration.ZERO, story.here()));
    assertThat(isOut()).isFalse();
  }

  @Test
  void aLoginThatNobodyUsesMeanwhileHasNotFailedWhenItComesBack() {
    begins();
    story.gate.forget("a", story.now);
    story.turn("b", 100);
    story.gate.admit(story.attempt("a", "a", "password"), story.here());
    story.gate.unused("a", story.here());
    story.turn("a", 3000);
    story.pass(3);
    assertThat(story.turn("b", 97)).isInstanceOf(RequestGate.Turn.ComeBack.class);
    assertThat(story.turn("a", 2997)).isInstanceOf(RequestGate.Turn.Go.class);
  }

  @Test
  void endsWhenNobodyIsLeftToProbe() {
    outage();
    story.pass(700);
    story.turn("p", null);
    assertThat(isOut()).isFalse();
  }

  // Limited and restricted.

  private void limits(String login, Duration retryAfter) {
    story.fails(story.attempt(login, login, "password"), RetryClass.LIMITED, retryAfter);
  }

  @Test
  void twoLimitsOfOneLoginPauseNobodyElse() {
    limits("a", Duration.ofHours(1));
    assertThat(story.asks(story.attempt("a2", "a", "password")))
        .as("its own credentials wait")
        .isInstanceOf(Admission.ComeBack.class);
    assertThat(isOut()).isFalse();
    assertThat(story.asks("b")).isInstanceOf(Admission.Granted.class);
  }

  @Test
  void twoLimitsOfOneLoginWithinAMinuteAreNotOfTheServer() {
    limits("a", Duration.ofSeconds(10));
    story.pass(14);
    limits("a", Duration.ofSeconds(10));
    assertThat(isOut()).isFalse();
  }

  @Test
  void twoLimitedLoginsPauseAllForAMinuteAtMost() {
    limits("a", Duration.ofSeconds(300));
    limits("b", Duration.ofSeconds(20));
    assertThat(isOut()).isTrue();
    assertThat(slot("c", 3000)).isEqualTo(60);
  }

  @Test
  void theServersOwnShorterPauseCounts() {
    limits("a", Duration.ofSeconds(10));
    limits("b", Duration.ofSeconds(20));
    assertThat(slot("c", 3000)).isEqualTo(20);
  }

  @Test
  void anotherLoginProbesAtTheEndOfThePauseAndTheNextOneIsLonger() {
    limits("a", Duration.ofSeconds(300));
    limits("b", Duration.ofSeconds(300));
    story.turn("c", 3000);
    story.pass(60);
    assertThat(story.turn("c", 3000)).isInstanceOf(RequestGate.Turn.Go.class);
    story.gate.admit(story.attempt("c", "c", "password"), story.here());
    story.gate.failed("c", RetryClass.LIMITED, false, Duration.ZERO, story.here());
    assertThat(slot("d", 3000)).isEqualTo(120);
  }

  @Test
  void aGrantBetweenTwoLimitsLeavesNoPause() {
    limits("a", Duration.ofSeconds(300));
    story.accepts("c");
    limits("b", Duration.ofSeconds(300));
    assertThat(isOut()).isFalse();
  }

  @Test
  void twoLimitsLongAfterEachOtherPauseNobody() {
    limits("a", Duration.ofSeconds(300));
    story.pass(60.001);
    limits("b", Duration.ofSeconds(300));
    assertThat(isOut()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = RetryClass.class,
      names = {"LIMITED", "RESTRICTED"})
  void theRateHalvesWhenTwoLoginsSaySo(RetryClass kind) {
    GateFixture one = new GateFixture(10, 100).proven("a", "b");
    one.fails("a", kind);
    assertThat(through(one)).as("one login").isEqualTo(19);
    GateFixture two = new GateFixture(10, 100).proven("a", "b");
    two.fails("a", kind);
    two.fails("b", kind);
    two.pass(61);
    two.gate.turn("probe", "team", null, two.here());
    two.gate.admit(two.attempt("probe", "probe", "password"), two.here());
    two.gate.accepted("probe", two.here());
    two.pass(60);
    through(two);
    two.pass(1);
    assertThat(through(two)).as("half, and a tenth more a minute").isBetween(6, 7);
  }

  private static int through(GateFixture story) {
    int through = 0;
    for (int i = 0; i < 50; i++) {
      if (story.turn("t" + i, null) instanceof RequestGate.Turn.Go) {
        through++;
        story.gate.accepted("t" + i, story.here());
      }
      story.gate.forget("t" + i, story.now);
    }
    return through;
  }

  @Test
  void aClockThatIsSetChangesNoPause() {
    limits("a", Duration.ofSeconds(300));
    limits("b", Duration.ofSeconds(300));
    story.now = story.now.minusSeconds(3600);
    assertThat(slot("c", 3000)).isEqualTo(60);
    story.now = story.now.plusSeconds(7200);
    assertThat(slot("d", 3000)).isEqualTo(60);
  }

  // Refused.

  private void refusesAll() {
    List.of("a", "b", "c").forEach(story::refuses);
  }

  @Test
  void threeProvenLoginsRefusedWithinAMinuteAreAnOutage() {
    story.refuses("a");
    story.refuses("b");
    assertThat(isOut()).isFalse();
    assertThat(story.refuses("c").ofEveryLogin()).isTrue();
    assertThat(isOut()).isTrue();
  }

  @Test
  void threeUnprovenOnesAreNot() {
    List.of("x", "y", "z").forEach(story::refuses);
    assertThat(isOut()).isFalse();
  }

  @Test
  void anAcceptanceBetweenMakesItNone() {
    story.refuses("a");
    story.refuses("b");
    story.accepts("d");
    story.refuses("c");
    assertThat(isOut()).isFalse();
  }

  @Test
  void aCorrectionAndALoginThatWasNeverRefusedGoInTheirOwnRight() {
    refusesAll();
    assertThat(story.asks(story.attempt("a", "a", "corrected")))
        .isInstanceOf(Admission.Granted.class);
    assertThat(story.asks("d")).isInstanceOf(Admission.Granted.class);
    assertThat(story.asks("newcomer")).isInstanceOf(Admission.Granted.class);
  }

  @Test
  void theRefusalOfACorrectionStartsItsWaitAtTenMinutes() {
    refusesAll();
    LoginRejections counted = story.refuses(story.attempt("a", "a", "corrected")).rejections();
    assertThat(counted.count()).isOne();
    assertThat(counted.nextTry()).isEqualTo(story.now.plusSeconds(600));
  }

  @Test
  void refusedLoginsProbeOneAtATimeAndTheFirstAcceptanceFreesAll() {
    refusesAll();
    RetryState failure =
        GateFixture.rejected(
            LoginRejections.first(
                "a",
                new LoginStanding(true, Duration.ZERO),
                LoginRejections.Verdict.REFUSED,
                story.now),
            "secret-password");
    assertThat(asOf("a", failure).isDue(story.now)).isFalse();
    story.pass(61);
    assertThat(asOf("a", failure).isDue(story.now)).isTrue();
    assertThat(story.asks("a")).isInstanceOf(Admission.Granted.class);
    assertThat(story.asks("b")).isInstanceOf(Admission.ComeBack.class);

    story.gate.accepted("a", story.here());

    assertThat(isOut()).isFalse();
    RetryState ofB =
        GateFixture.rejected(
            new LoginRejections(
                "b",
                1,
                story.now.minusSeconds(61),
                story.now.plusSeconds(600),
                List.of(story.now.minusSeconds(61)),
                true),
            "secret-password");
    story.pass(1);
    assertThat(asOf("b", ofB).isDue(story.now)).isTrue();
    assertThat(story.asks("b")).isInstanceOf(Admission.Granted.class);
  }

  @Test
  void aRefusedLoginProbesNoMoreOftenThanItsAccountBears() {
    refusesAll();
    List<Instant> tries =
        IntStream.rangeClosed(0, 4).mapToObj(i -> story.now.minusSeconds(i * 100L)).toList();
    LoginRejections often =
        new LoginRejections("a", 5, story.now, story.now.plusSeconds(3600), tries, true);
    story.pass(61);
    assertThat(asOf("a", GateFixture.rejected(often, "secret-password")).isDue(story.now))
        .isFalse();
  }

  private RetryState refused(String uid, Instant... tries) {
    List<Instant> all = List.of(tries);
    return GateFixture.rejected(
        new LoginRejections(uid, all.size(), all.getLast(), story.now.plusSeconds(3600), all, true),
        "secret-password");
  }

  @Test
  void aLoginThatMayNotProbeKeepsNobodyFromProbing() {
    refusesAll();
    Instant once = story.now;
    RetryState often =
        refused("a", once.minusSeconds(600), once.minusSeconds(300), once.minusSeconds(60), once);
    story.gate.learn("a", "team", often, story.now);
    story.pass(61);
    assertThat(asOf("a", often).isDue(story.now)).isFalse();
    assertThat(story.asks("a")).isInstanceOf(Admission.HeldBack.class);
    assertThat(asOf("b", refused("b", once)).isDue(story.now)).isTrue();
    assertThat(story.asks("b")).isInstanceOf(Admission.Granted.class);
  }

  @Test
  void anAcceptanceFreesTheRefusedEvenIfNobodyProbedForLong() {
    refusesAll();
    RetryState failure = refused("b", story.now);
    story.pass(12 * 60);
    assertThat(asOf("b", failure).isDue(story.now)).as("given up").isFalse();
    assertThat(isOut()).isFalse();
    story.accepts("d");
    story.pass(1);
    assertThat(asOf("b", failure).isDue(story.now)).isTrue();
    assertThat(asOf("b", refused("b", story.now)).isDue(story.now)).as("since then").isFalse();
  }

  private RetryState asOf(String uid, RetryState failure) {
    return story.gate.asOf(uid, null, failure, story.here());
  }

  @Test
  void followsFromTheStatusesAfterARestart() {
    Instant before = story.now.minusSeconds(100);
    for (String uid : List.of("a", "b")) {
      LoginRejections known =
          new LoginRejections(uid, 1, before, before.plusSeconds(600), List.of(before), true);
      story.gate.learn(uid, "team", GateFixture.rejected(known, "secret-password"), story.now);
    }
    story.gate.restore(Set.of("a", "b"), story.here());

    assertThat(isOut()).isTrue();
    assertThat(story.asks("a")).as("not yet").isInstanceOf(Admission.ComeBack.class);
    story.pass(61);
    assertThat(story.asks("a")).as("probes").isInstanceOf(Admission.Granted.class);
  }

  // Probes.

  private RequestGate.Turn probe(String uid, RetryClass kind, boolean oauthError) {
    RequestGate.Turn turn = story.turn(uid, null);
    if (turn instanceof RequestGate.Turn.Go) {
      story.gate.admit(story.attempt(uid, uid, "password"), story.here());
      story.gate.failed(uid, kind, oauthError, Duration.ZERO, story.here());
    }
    return turn;
  }

  private void assertProbes(String uid) {
    assertThat(story.turn(uid, null)).as(uid).isInstanceOf(RequestGate.Turn.Go.class);
  }

  private void assertWaits(String uid) {
    assertThat(story.turn(uid, null)).as(uid).isInstanceOf(RequestGate.Turn.ComeBack.class);
  }

  @Test
  void anErrorCodeOfOAuthEndsAnOutageOfBrokenRequests() {
    outage();
    probe("p", RetryClass.CONFIGURATION, true);
    assertThat(isOut()).isFalse();
    assertProbes("q");
    assertWaits("r");
  }

  @Test
  void anErrorCodeOfOAuthInterruptsTheRow() {
    breaks("b", "b", "b", "b");
    story.asks("c");
    story.gate.failed("c", RetryClass.CONFIGURATION, true, Duration.ZERO, story.here());
    breaks("a", "a", "a", "a", "a");
    assertThat(isOut()).as("only one login since").isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = RetryClass.class,
      names = {"RESTRICTED", "NOT_OAUTH", "CONFIGURATION"})
  void aProbeThatSaysNothingOfTheServerLetsAnotherProbeAtOnce(RetryClass kind) {
    outage();
    assertProbes("p");
    story.gate.admit(story.attempt("p", "p", "password"), story.here());
    assertWaits("q");
    story.gate.failed("p", kind, false, Duration.ZERO, story.here());
    assertThat(isOut()).isTrue();
    assertWaits("p");
    assertProbes("q");
  }

  @Test
  void aRequestThatIsNoProbeSaysNothingInAnOutage() {
    story.asks("c");
    outage();
    assertProbes("p");
    story.gate.admit(story.attempt("p", "p", "password"), story.here());
    story.gate.failed("c", RetryClass.TRANSIENT, false, Duration.ZERO, story.here());
    story.pass(60);
    assertWaits("q");
  }

  @Test
  void aProberThatIsDeletedKeepsNobodyWaiting() {
    outage();
    assertProbes("p");
    story.gate.admit(story.attempt("p", "p", "password"), story.here());
    story.gate.forget("p", story.now);
    assertProbes("q");
  }

  @Test
  void aBetterProberThatWasToldToComeBackIsWaitedFor() {
    outage();
    for (String uid : List.of("p", "q", "r")) {
      while (!(probe(uid, RetryClass.TRANSIENT, false) instanceof RequestGate.Turn.Go)) {
        story.pass(1);
      }
    }
    story.turn("soon", 2000);
    story.pass(16);
    assertThat(story.turn("late", 3000)).isInstanceOf(RequestGate.Turn.ComeBack.class);
    assertThat(story.turn("soon", 1984)).isInstanceOf(RequestGate.Turn.Go.class);
  }

  @Test
  void aTokenThatEndsSoonCountsAsLongAsItsCredentialIsThere() {
    outage();
    for (int i = 0; i < 5; i++) {
      story.pass(31);
      probe("p" + i, RetryClass.TRANSIENT, false);
    }
    story.turn("urgent", 80);
    story.gate.admit(story.attempt("other", "other", "password"), story.here());
    story.gate.unused("other", story.here());
    story.turn("other", 80);
    story.gate.forget("other", story.now);
    assertThat(slot("c", 3000)).as("the urgent one is there").isLessThan(20);
    story.pass(9);
    story.turn("urgent", 71);
    story.pass(70);
    probe("d", RetryClass.TRANSIENT, false);
    assertThat(slot("e", 3000)).as("it is gone").isEqualTo(30);
  }

  @Test
  void anOutageThatNobodyProbesIsForgottenWithAllThatLedToIt() {
    begins();
    story.pass(700);
    story.turn("p", null);
    breaks("a", "a", "a", "a", "a");
    assertThat(isOut()).isFalse();
  }

  @Test
  void aPauseIsNotShortenedByATokenThatEndsSoon() {
    limits("a", Duration.ofSeconds(300));
    limits("b", Duration.ofSeconds(300));
    assertThat(slot("c", 80)).isEqualTo(60);
  }

  @Test
  void aLimitOfALoginThatNobodyUsesAnyMoreDoesNotCount() {
    limits("a", Duration.ofSeconds(300));
    story.gate.forget("a", story.now);
    limits("b", Duration.ofSeconds(300));
    assertThat(isOut()).isFalse();
  }

  @Test
  void refusalsAMinuteApartAreTogether() {
    story.refuses("a");
    story.pass(30);
    story.refuses("b");
    story.pass(30);
    story.refuses("c");
    assertThat(isOut()).isTrue();
  }

  @Test
  void refusalsLongAfterEachOtherAreNot() {
    story.refuses("a");
    story.pass(30);
    story.refuses("b");
    story.pass(30.001);
    story.refuses("c");
    assertThat(isOut()).isFalse();
  }

  @Test
  void aRefusedProbeDoublesTheInterval() {
    refusesAll();
    story.pass(61);
    story.refuses("a");
    story.pass(61);
    assertThat(story.asks("b")).isInstanceOf(Admission.ComeBack.class);
    story.pass(60);
    assertThat(story.asks("b")).isInstanceOf(Admission.Granted.class);
  }

  @Test
  void aProbeThatIsLimitedLetsAnotherProbeAtOnce() {
    refusesAll();
    story.pass(61);
    limits("a", Duration.ofSeconds(300));
    assertThat(story.asks("b")).isInstanceOf(Admission.Granted.class);
  }

  @Test
  void aRefusalDuringAPauseLetsAnotherProbeAtOnce() {
    limits("a", Duration.ofSeconds(300));
    limits("b", Duration.ofSeconds(300));
    story.pass(60);
    assertProbes("c");
    story.gate.admit(story.attempt("c", "c", "password"), story.here());
    story.gate.refused("c", story.here());
    assertThat(isOut()).isTrue();
    assertProbes("d");
  }

  @Test
  void aRefusedLoginIsToldThatTheServerRefusesAll() {
    refusesAll();
    story.pass(61);
    assertThat(story.refuses("a").ofEveryLogin()).isTrue();
    assertThat(story.refuses("x").ofEveryLogin()).as("never accepted").isFalse();
  }

  @Test
  void aRefusedCorrectionLetsOthersProbeFirst() {
    refusesAll();
    story.refuses(story.attempt("a", "a", "corrected"));
    story.pass(1);
    assertThat(story.asks("b")).isInstanceOf(Admission.ComeBack.class);
    story.pass(60);
    assertThat(story.asks("a")).isInstanceOf(Admission.ComeBack.class);
    assertThat(story.asks("b")).isInstanceOf(Admission.Granted.class);
  }

  @Test
  void refusedLoginsProbeOnceAMinuteAtMostHoweverSoonATokenEnds() {
    refusesAll();
    story.pass(61);
    story.refuses("a");
    Attempt urgent =
        GateFixture.holding(story.attempt("b", "b", "password"), story.now.plusSeconds(200));
    story.pass(30);
    assertThat(story.asks(urgent)).isInstanceOf(Admission.ComeBack.class);
    story.pass(31);
    assertThat(story.asks(urgent)).as("and not in two").isInstanceOf(Admission.Granted.class);
  }

  @Test
  void aBetterProberThatIsDeletedIsNotWaitedFor() {
    begins();
    story.turn("soon", 100);
    story.turn("late", 3000);
    story.gate.forget("soon", story.now);
    story.pass(3);
    assertThat(story.turn("late", 2997)).isInstanceOf(RequestGate.Turn.Go.class);
  }

  @Test
  void silenceCountsWhileNoLoginWasEverAccepted() {
    for (String uid : List.of("v", "w", "x", "y", "z")) {
      assertThat(isOut()).isFalse();
      story.asks(uid);
      story.gate.withoutVerdict(uid, story.here());
    }
    assertThat(isOut()).isTrue();
  }

  @Test
  void aRestrictionOfALoginThatNobodyUsesAnyMoreDoesNotCount() {
    GateFixture slow = new GateFixture(10, 100).proven("a", "b");
    slow.fails("a", RetryClass.RESTRICTED);
    slow.gate.forget("a", slow.now);
    slow.fails("b", RetryClass.RESTRICTED);
    slow.pass(61);
    through(slow);
    slow.pass(1);
    assertThat(through(slow)).as("a whole second's").isEqualTo(10);
  }

  @Test
  void thoseThatARestartRemembersAreFreeOnceOneIsAccepted() {
    Instant before = story.now.minusSeconds(100);
    LoginRejections known =
        new LoginRejections("b", 1, before, before.plusSeconds(600), List.of(before), true);
    RetryState failure = GateFixture.rejected(known, "secret-password");
    story.gate.learn("b", "team", failure, story.now);
    story.gate.restore(Set.of("a", "b"), story.here());
    assertThat(asOf("b", failure).isDue(story.now)).isFalse();
    story.accepts("newcomer");
    assertThat(asOf("b", failure).isDue(story.now)).isTrue();
  }

  @Test
  void aWrongLoginIsNotFreedByTheEndOfAnOutage() {
    RetryState wrong = GateFixture.rejected(story.refuses("wrong").rejections(), "secret-password");
    story.pass(1);
    refusesAll();
    story.pass(1);
    story.accepts("d");
    assertThat(isOut()).isFalse();
    assertThat(asOf("wrong", wrong).isDue(story.now)).isFalse();
  }
}
