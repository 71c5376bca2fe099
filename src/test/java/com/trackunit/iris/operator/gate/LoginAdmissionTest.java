package com.trackunit.iris.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.RetryState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a login that several credentials share may be sent. */
class LoginAdmissionTest {
  private final GateFixture story = new GateFixture();
  private final Attempt wrong = story.attempt("one", "login", "wrong");
  private final Attempt right = story.attempt("one", "login", "right");

  private Attempt of(String uid, String namespace, String values) {
    return story.attempt(uid, namespace, "login", values, null, false);
  }

  private Instant heldBackUntil(Attempt attempt) {
    return ((Admission.HeldBack) story.asks(attempt)).until();
  }

  @Test
  void anUnknownLoginIsSentByOneAtATime() {
    assertThat(story.asks(wrong)).isEqualTo(new Admission.Granted(null, 0));
    assertThat(story.asks(of("two", "team", "wrong")))
        .isInstanceOfSatisfying(
            Admission.ComeBack.class,
            wait -> assertThat(wait.obstacle()).isEqualTo(WaitReason.SAME_LOGIN));
  }

  @Test
  void anAcceptedLoginIsSentByThreeAtATime() {
    story.accepts(right);
    for (String uid : List.of("one", "two", "three")) {
      assertThat(story.asks(of(uid, "team", "right"))).isInstanceOf(Admission.Granted.class);
    }
    assertThat(story.asks(of("four", "team", "right"))).isInstanceOf(Admission.ComeBack.class);
  }

  @Test
  void refusedValuesWaitTenMinutesForAllCredentials() {
    story.refuses(wrong);
    Attempt other = of("two", "team", "wrong");
    assertThat(heldBackUntil(other)).isEqualTo(story.now.plusSeconds(600));
    story.pass(600);
    assertThat(story.asks(other))
        .isInstanceOfSatisfying(
            Admission.Granted.class,
            granted -> assertThat(granted.during().count()).as("recorded first").isEqualTo(2));
  }

  @Test
  void aCorrectionIsSentAtOnceAndHasAScheduleOfItsOwn() {
    story.refuses(wrong);
    LoginRejections refused = story.refuses(right).rejections();
    assertThat(refused.count()).isOne();
    assertThat(refused.nextTry()).as("the account is locked").isEqualTo(story.now.plusSeconds(600));
  }

  @Test
  void threeTriesInTenMinutesWhateverTheValues() {
    List.of("first", "second", "third").forEach(values -> story.refuses(of("one", "team", values)));
    assertThat(heldBackUntil(right)).isEqualTo(story.now.plusSeconds(601));
  }

  @Test
  void fiveTriesAnHourOfWhichOneIsForANamespaceThatSentNone() {
    for (int i = 0; i < 4; i++) {
      story.refuses(of("one", "team", "wrong" + i));
      story.pass(610);
    }
    assertThat(story.asks(of("one", "team", "right")))
        .isInstanceOfSatisfying(
            Admission.HeldBack.class, held -> assertThat(held.byOthers()).isTrue());
    assertThat(story.asks(of("other", "neighbours", "right")))
        .isInstanceOf(Admission.Granted.class);
  }

  @Test
  void aNamespaceThatUsesTheLoginKeepsOneOfThreeTries() {
    story.accepts(of("neighbour", "neighbours", "right"));
    story.refuses(of("one", "team", "wrong1"));
    story.refuses(of("one", "team", "wrong2"));
    assertThat(story.asks(of("one", "team", "wrong3"))).isInstanceOf(Admission.HeldBack.class);
    assertThat(story.asks(of("neighbour", "neighbours", "rotated")))
        .isInstanceOf(Admission.Granted.class);
  }

  @Test
  void acceptedValuesAreNotHeldBackByWrongOnesOfOthers() {
    story.accepts(right);
    IntStream.range(0, 2).forEach(i -> story.refuses(of("two", "others", "wrong" + i)));
    assertThat(story.asks(right)).isInstanceOf(Admission.Granted.class);
  }

  @Test
  void refusedValuesStayRefusedWhenOthersAreAccepted() {
    story.refuses(wrong);
    story.accepts(of("two", "team", "right"));
    assertThat(story.asks(wrong)).isInstanceOf(Admission.HeldBack.class);
  }

  // No verdict.

  private Optional<LoginRejections> silence(Attempt attempt) {
    assertThat(story.asks(attempt)).isInstanceOf(Admission.Granted.class);
    return story.gate.withoutVerdict(attempt.uid(), story.here());
  }

  private RetryState silent(LoginRejections tries) {
    return new RetryState(
        RetryClass.NO_VERDICT,
        "EndpointUnavailable",
        tries.count(),
        story.now,
        tries.nextTry(),
        "request",
        "secret-wrong",
        tries);
  }

  @Test
  void noAnswerToAnUnprovenLoginIsATry() {
    LoginRejections tries = silence(wrong).orElseThrow();
    assertThat(tries.nextTry()).isEqualTo(story.now.plusSeconds(60));
    assertThat(heldBackUntil(wrong)).isEqualTo(story.now.plusSeconds(60));
    story.pass(60);
    assertThat(story.asks(wrong))
        .as("with a longer time limit")
        .isInstanceOfSatisfying(
            Admission.Granted.class, again -> assertThat(again.repetitions()).isOne());
  }

  @Test
  void noAnswerToAnAcceptedLoginIsNone() {
    story.accepts(right);
    assertThat(silence(right)).isEmpty();
  }

  @Test
  void noAnswerToAnAcceptedLoginIsATryWhenAnotherOneIsAnsweredMeanwhile() {
    story.accepts(right);
    assertThat(silence(right)).isEmpty();
    story.gate.failed("one", RetryClass.TRANSIENT, false, Duration.ZERO, story.here());
    Instant first = story.now;
    story.pass(15);
    assertThat(silence(right)).as("nobody was answered").isEmpty();
    story.gate.failed("one", RetryClass.TRANSIENT, false, Duration.ZERO, story.here());
    story.accepts("another login");
    story.pass(15);

    LoginRejections tries = silence(right).orElseThrow();

    assertThat(tries.accepted()).isTrue();
    assertThat(tries.nextTry()).isEqualTo(story.now.plusSeconds(60));
    assertThat(heldBackUntil(right)).as("two tries").isEqualTo(first.plusSeconds(601));
    assertThat(story.asks(of("one", "team", "corrected"))).isInstanceOf(Admission.Granted.class);
  }

  @Test
  void anAnswerEndsTheRowOfNone() {
    story.accepts(right);
    silence(right);
    story.gate.failed("one", RetryClass.TRANSIENT, false, Duration.ZERO, story.here());
    story.pass(15);
    story.accepts("another login");
    story.accepts(right);
    story.pass(15);
    assertThat(silence(right)).isEmpty();
  }

  @Test
  void noAnswerToALoginThatWasRefusedLastIsATry() {
    story.accepts(right);
    story.refuses(right);
    story.pass(600);
    assertThat(silence(right)).isPresent();
  }

  @Test
  void isTriedOnceMoreAtOnceWhenAnotherLoginWasAnswered() {
    LoginRejections first = silence(wrong).orElseThrow();
    story.pass(60);
    LoginRejections second = silence(wrong).orElseThrow();
    assertThat(second.count()).isEqualTo(first.count() + 1);
    RetryState failure = silent(second);
    assertThat(asOf(failure).isDue(story.now)).isFalse();

    story.pass(5);
    story.accepts("another login");

    assertThat(asOf(failure).isDue(story.now)).isTrue();
    assertThat(story.asks(wrong)).isInstanceOf(Admission.Granted.class);
    story.gate.withoutVerdict("one", story.here());
    story.pass(5);
    story.accepts("another login");
    assertThat(story.asks(wrong)).as("once an hour").isInstanceOf(Admission.HeldBack.class);
  }

  @Test
  void aRefusalAndAnErrorCodeAreAnswersToAnotherLoginToo() {
    LoginRejections tries = silence(wrong).orElseThrow();
    RetryState failure = silent(tries);
    story.pass(5);
    assertThat(asOf(failure).isDue(story.now)).isFalse();
    story.refuses(story.attempt("two", "another login", "password"));
    assertThat(asOf(failure).isDue(story.now)).isTrue();

    silence(wrong);
    story.pass(5);
    story.asks(story.attempt("three", "a third login", "password"));
    story.gate.failed("three", RetryClass.CONFIGURATION, true, Duration.ZERO, story.here());
    story.pass(3600);
    assertThat(story.asks(wrong)).as("an error code").isInstanceOf(Admission.Granted.class);
  }

  @Test
  void isTriedOnceMoreAfterARestart() {
    LoginRejections tries =
        new LoginRejections(
            "login", 1, story.now, story.now.plusSeconds(60), List.of(story.now), false);
    RetryState failure = silent(tries);
    story.gate.learn("one", "team", failure, story.now);
    story.pass(5);
    assertThat(asOf(failure).isDue(story.now)).isFalse();
    story.accepts("another login");
    assertThat(asOf(failure).isDue(story.now)).isTrue();
  }

  @Test
  void isTriedFourTimesADayAtMostWhateverOthersHear() {
    for (int seconds : new int[] {0, 60, 600, 3600}) {
      story.pass(seconds);
      silence(wrong);
    }
    story.pass(7200);
    story.accepts("another login");
    assertThat(story.asks(wrong)).isInstanceOf(Admission.HeldBack.class);
  }

  private RetryState asOf(RetryState failure) {
    return story.gate.asOf("one", null, failure, story.here());
  }

  // Failures that are not about the values.

  @Test
  void allCredentialsOfALoginWaitTogether() {
    story.fails(right, RetryClass.TRANSIENT, Duration.ofSeconds(120));
    Attempt other = of("two", "team", "right");
    assertThat(story.asks(other))
        .isEqualTo(new Admission.ComeBack(story.now.plusSeconds(120), WaitReason.LOGIN_FAILS));
    story.pass(120);
    assertThat(story.asks(right)).as("not the same twice").isInstanceOf(Admission.ComeBack.class);
    assertThat(story.fails(other, RetryClass.TRANSIENT, Duration.ofSeconds(120)))
        .as("failures in a row")
        .isEqualTo(2);
  }

  @Test
  void anotherLoginDoesNotWait() {
    story.fails(right, RetryClass.LIMITED, Duration.ofSeconds(3600));
    assertThat(story.asks("another login")).isInstanceOf(Admission.Granted.class);
  }

  @Test
  void aTokenThatEndsSoonShortensTheWaitUnlessTheServerWantsIt() {
    Attempt urgent = GateFixture.holding(right, story.now.plusSeconds(80));
    story.fails(urgent, RetryClass.TRANSIENT, Duration.ofSeconds(60));
    story.pass(40);
    assertThat(story.asks(urgent)).as("Retry-After").isInstanceOf(Admission.ComeBack.class);
    story.pass(20);
    assertThat(story.asks(urgent)).isInstanceOf(Admission.Granted.class);
    story.gate.failed("one", RetryClass.TRANSIENT, false, Duration.ZERO, story.here());
    hold(RetryClass.TRANSIENT, 5, 60);
    story.pass(3);
    assertThat(story.asks(urgent)).as("an eighth").isInstanceOf(Admission.Granted.class);
  }

  @Test
  void theWaitIsTwoSecondsAtLeast() {
    Attempt urgent = GateFixture.holding(right, story.now.plusSeconds(8));
    story.fails(urgent, RetryClass.TRANSIENT, Duration.ZERO);
    hold(RetryClass.TRANSIENT, 5, 60);
    story.pass(1.5);
    assertThat(story.asks(urgent)).isInstanceOf(Admission.ComeBack.class);
    story.pass(0.5);
    assertThat(story.asks(urgent)).isInstanceOf(Admission.Granted.class);
  }

  @Test
  void theTokenThatEndsFirstTriesFirst() {
    story.fails(right, RetryClass.LIMITED, Duration.ofSeconds(60));
    Attempt late = GateFixture.holding(of("late", "team", "right"), story.now.plusSeconds(900));
    Attempt soon = GateFixture.holding(of("soon", "team", "right"), story.now.plusSeconds(300));
    story.asks(late);
    story.asks(soon);
    story.pass(60);
    assertThat(story.asks(late)).isInstanceOf(Admission.ComeBack.class);
    assertThat(story.asks(soon)).isInstanceOf(Admission.Granted.class);
  }

  @Test
  void aCredentialThatIsDeletedKeepsNoOtherOfTheLoginWaiting() {
    story.fails(right, RetryClass.LIMITED, Duration.ofSeconds(60));
    story.asks(GateFixture.holding(of("soon", "team", "right"), story.now.plusSeconds(300)));
    story.gate.forget("soon", story.now);
    story.pass(60);
    assertThat(story.asks(right)).isInstanceOf(Admission.Granted.class);
  }

  @Test
  void aCredentialWithAnotherLoginLeavesTheOneOfBefore() {
    story.accepts(of("neighbour", "neighbours", "right"));
    story.accepts(story.attempt("neighbour", "neighbours", "another login", "right", null, false));
    story.refuses(of("one", "team", "wrong1"));
    story.refuses(of("one", "team", "wrong2"));
    assertThat(story.asks(of("one", "team", "wrong3")))
        .as("no try is kept for a namespace that does not use it")
        .isInstanceOf(Admission.Granted.class);
  }

  @Test
  void aChangedSpecEndsTheWaitOfTheCredentialThatFailed() {
    story.fails(right, RetryClass.NOT_OAUTH, Duration.ofSeconds(900));
    assertThat(story.asks(right)).isInstanceOf(Admission.ComeBack.class);
    assertThat(story.asks(GateFixture.changed(of("two", "team", "right"))))
        .as("another one's")
        .isInstanceOf(Admission.ComeBack.class);
    assertThat(story.asks(GateFixture.changed(right))).isInstanceOf(Admission.Granted.class);
  }

  @ParameterizedTest
  @CsvSource({
    // kind, its wait, Retry-After, left of the token of another credential, at least, at most
    "NOT_OAUTH, 900, 0, 400, 100, 100",
    "NOT_OAUTH, 900, 0, 100, 60, 60",
    "RESTRICTED, 900, 0, 50, 35, 45",
    "TRANSIENT, 60, 0, 80, 10, 10",
    "LIMITED, 900, 20, 400, 100, 100",
    "LIMITED, 900, 300, 400, 300, 300",
    "NOT_OAUTH, 30, 0, 400, 30, 30",
  })
  void waitsNoLongerForAnotherCredentialsFailureThanForOneOfItsOwn(
      RetryClass kind, long wait, long retryAfter, long left, long least, long most) {
    Attempt sooner = GateFixture.holding(of("two", "team", "right"), story.now.plusSeconds(left));
    story.gate.hold(right, failure(kind, 1, wait), Duration.ofSeconds(retryAfter), story.here());
    assertThat(story.asks(sooner))
        .isInstanceOfSatisfying(
            Admission.ComeBack.class,
            told ->
                assertThat(told.look())
                    .isBetween(story.now.plusSeconds(least), story.now.plusSeconds(most)));
  }

  @Test
  void aCredentialThatDoesNotComeKeepsNobodyWaiting() {
    story.fails(right, RetryClass.TRANSIENT, Duration.ofSeconds(10));
    story.asks(of("two", "team", "right"));
    story.pass(13);
    assertThat(story.asks(right)).isInstanceOf(Admission.Granted.class);
  }

  @Test
  void theWaitOfOneEndsWhenAnotherOfTheLoginIsAccepted() {
    story.fails(right, RetryClass.RESTRICTED, Duration.ZERO);
    RetryState failure =
        new RetryState(
            RetryClass.RESTRICTED,
            "AccessRestricted",
            1,
            story.now,
            story.now.plusSeconds(900),
            "request",
            "secret-right",
            null);
    story.pass(2);
    story.accepts(of("two", "team", "right"));
    assertThat(asOf(failure).isDue(story.now)).isTrue();
  }

  @Test
  void aRequestedRenewalSkipsTheOperatorsOwnWait() {
    story.fails(right, RetryClass.RESTRICTED, Duration.ZERO);
    hold(RetryClass.RESTRICTED, 1, 900);
    assertThat(story.asks(requested("two"))).isInstanceOf(Admission.ComeBack.class);
    story.pass(10);
    assertThat(story.asks(requested("two"))).isInstanceOf(Admission.Granted.class);
    story.gate.unused("two", story.here());
    hold(RetryClass.RESTRICTED, 2, 1800);
    story.pass(10);
    assertThat(story.asks(requested("two")))
        .as("once in 15 minutes")
        .isInstanceOf(Admission.ComeBack.class);
    story.pass(890);
    assertThat(story.asks(requested("two"))).isInstanceOf(Admission.Granted.class);
  }

  private void hold(RetryClass kind, int count, long seconds) {
    story.gate.hold(right, failure(kind, count, seconds), Duration.ZERO, story.here());
  }

  private RetryState failure(RetryClass kind, int count, long seconds) {
    return new RetryState(
        kind, "Reason", count, story.now, story.now.plusSeconds(seconds), "request", null, null);
  }

  private static Attempt requested(String uid) {
    return new Attempt(
        uid,
        "team",
        "login",
        "right",
        "secret-right",
        "request",
        null,
        false,
        false,
        null,
        null,
        true);
  }

  // A restart, and the end of memory.

  @Test
  void theStatusTellsOfItsSecretAfterARestart() {
    LoginRejections known = LoginRejections.first("login", story.now);
    story.gate.learn("one", "team", GateFixture.rejected(known, "secret-wrong"), story.now);
    assertThat(heldBackUntil(of("two", "team", "wrong"))).isEqualTo(story.now.plusSeconds(600));
    assertThat(story.asks(right)).as("other values").isInstanceOf(Admission.Granted.class);
  }

  @Test
  void anOlderStatusDoesNotHoldBackValuesThatWereAcceptedSince() {
    LoginRejections known = LoginRejections.first("login", story.now.minusSeconds(60));
    RetryState told = GateFixture.rejected(known, "secret-right");
    story.gate.learn("two", "team", told, story.now);
    Attempt stored =
        new Attempt(
            "one",
            "team",
            "login",
            "right",
            "secret-right",
            "request",
            null,
            false,
            true,
            story.now.minusSeconds(30),
            null,
            false);
    assertThat(story.asks(stored)).as("by its token").isEqualTo(new Admission.Granted(null, 0));
    story.gate.accepted("one", story.here());
    story.gate.learn("two", "team", told, story.now);
    assertThat(story.asks(right)).as("by this process").isEqualTo(new Admission.Granted(null, 0));
  }

  @Test
  void theTriesOfAnHourAreLearnedFromTheStatuses() {
    List<Instant> tries = IntStream.range(0, 3).mapToObj(i -> story.now.minusSeconds(i)).toList();
    LoginRejections known =
        new LoginRejections("login", 3, story.now, story.now.plusSeconds(600), tries, false);
    story.gate.learn("one", "team", GateFixture.rejected(known, "secret-wrong"), story.now);
    assertThat(heldBackUntil(right)).isEqualTo(story.now.plusSeconds(599));
  }

  @Test
  void aClockThatWasSetBackCostsTheSameWaitOnce() {
    story.refuses(wrong);
    story.now = story.now.minus(Duration.ofDays(1));
    assertThat(story.asks(wrong)).isInstanceOf(Admission.HeldBack.class);
    story.pass(610);
    assertThat(story.asks(wrong)).isInstanceOf(Admission.Granted.class);
  }

  @Test
  void aCredentialThatIsMadeAgainHasNoMoreTries() {
    List.of("first", "second", "third")
        .forEach(
            values -> {
              story.refuses(of("one", "team", values));
              story.gate.forget("one", story.now);
            });
    assertThat(story.asks(right)).isInstanceOf(Admission.HeldBack.class);
    story.gate.forget("one", story.now);
    story.pass(3700);
    assertThat(story.asks(wrong)).isInstanceOf(Admission.Granted.class);
  }

  @Test
  void aTryThatWasNotJudgedIsNotCounted() {
    story.refuses(wrong);
    story.refuses(of("one", "team", "second"));
    story.asks(of("one", "team", "third"));
    story.gate.unused("one", story.here());
    assertThat(story.asks(right)).isInstanceOf(Admission.Granted.class);
  }

  @Test
  void anErrorOfTheServerIsNoTry() {
    story.refuses(wrong);
    story.refuses(of("one", "team", "second"));
    story.asks(of("one", "team", "third"));
    story.gate.failed("one", RetryClass.TRANSIENT, false, Duration.ZERO, story.here());
    assertThat(story.asks(right)).isInstanceOf(Admission.Granted.class);
  }

  @Test
  void whatComesOfARequestThatWasNotSentIsAFirstFailure() {
    assertThat(story.gate.failed("one", RetryClass.TRANSIENT, false, Duration.ZERO, story.here()))
        .isOne();
  }

  @Test
  void anAcceptedLoginIsSentByOneAtATimeWhileOthersTryWrongValues() {
    story.accepts(right);
    story.refuses(of("two", "team", "wrong"));
    assertThat(story.asks(right)).isInstanceOf(Admission.Granted.class);
    assertThat(story.asks(of("three", "team", "right"))).isInstanceOf(Admission.ComeBack.class);
  }

  @Test
  void aCorrectionIsRecordedAsTheFirstTryOfItsValues() {
    LoginRejections before = story.refuses(wrong).rejections();
    Attempt told = story.attempt("one", "team", "login", "right", before, true);
    assertThat(story.asks(told))
        .isInstanceOfSatisfying(
            Admission.Granted.class,
            granted -> {
              assertThat(granted.during().count()).isOne();
              assertThat(granted.during().tries()).as("with those of before").hasSize(2);
            });
    story.gate.unused("one", story.here());
    assertThat(story.asks(of("two", "team", "third")))
        .as("a credential that was never refused")
        .isInstanceOfSatisfying(
            Admission.Granted.class, granted -> assertThat(granted.during().count()).isOne());
  }

  @Test
  void valuesThatWereNotTriedAreToldSoWhenTheyAreHeldBack() {
    List.of("first", "second", "third").forEach(values -> story.refuses(of("one", "team", values)));
    assertThat(story.asks(right))
        .isInstanceOfSatisfying(
            Admission.HeldBack.class,
            held -> {
              assertThat(held.untried()).isTrue();
              assertThat(held.known().nextTry()).isEqualTo(held.until());
            });
    assertThat(story.asks(of("one", "team", "third")))
        .isInstanceOfSatisfying(
            Admission.HeldBack.class,
            held -> {
              assertThat(held.untried()).isFalse();
              assertThat(held.known().count()).isOne();
            });
  }

  @Test
  void refusedValuesAreForgottenTwoDaysLater() {
    story.refuses(wrong);
    story.pass(24 * 3600);
    assertThat(((Admission.Granted) story.asks(wrong)).during().count()).isEqualTo(2);
    story.gate.unused("one", story.here());
    story.pass(2 * 24 * 3600 + 60);
    assertThat(story.asks(wrong)).isEqualTo(new Admission.Granted(null, 0));
  }

  @Test
  void ofTwoStatusesTheLaterOneCounts() {
    LoginRejections early = LoginRejections.first("login", story.now.minusSeconds(300));
    LoginRejections late = LoginRejections.first("login", story.now.minusSeconds(100));
    for (LoginRejections known : List.of(early, late, early)) {
      story.gate.learn("one", "team", GateFixture.rejected(known, "secret-wrong"), story.now);
    }
    assertThat(heldBackUntil(of("two", "team", "wrong"))).isEqualTo(late.nextTry());
  }

  @Test
  void aNamespaceThatAStatusTellsOfKeepsOneOfThreeTries() {
    LoginRejections none =
        new LoginRejections("login", 1, story.now, story.now.plusSeconds(600), List.of(), false);
    story.gate.learn(
        "neighbour", "neighbours", GateFixture.rejected(none, "secret-old"), story.now);
    story.refuses(of("one", "team", "wrong1"));
    story.refuses(of("one", "team", "wrong2"));
    assertThat(story.asks(of("one", "team", "wrong3"))).isInstanceOf(Admission.HeldBack.class);
  }

  @Test
  void acceptedValuesThatAreRefusedLaterHaveTheBudgetOfADay() {
    story.proven("login");
    List<Instant> tries =
        IntStream.rangeClosed(1, 5).mapToObj(i -> story.now.minusSeconds(4000L * i)).toList();
    LoginRejections often =
        new LoginRejections(
            "login", 5, story.now.minusSeconds(4000), story.now.minusSeconds(1), tries, true);
    assertThat(story.asks(story.attempt("one", "team", "login", "right", often, false)))
        .as("five in a day")
        .isInstanceOf(Admission.HeldBack.class);
    assertThat(new GateFixture().asks(story.attempt("one", "team", "login", "right", often, true)))
        .as("a correction")
        .isInstanceOf(Admission.Granted.class);
  }

  @Test
  void theOneThatFailedKeepsNoOtherWaitingHoweverSoonItsTokenEnds() {
    Attempt urgent = GateFixture.holding(right, story.now.plusSeconds(300));
    story.fails(urgent, RetryClass.LIMITED, Duration.ofSeconds(60));
    Attempt late = GateFixture.holding(of("late", "team", "right"), story.now.plusSeconds(900));
    story.asks(late);
    story.pass(60);
    assertThat(story.asks(urgent)).isInstanceOf(Admission.ComeBack.class);
    assertThat(story.asks(late)).isInstanceOf(Admission.Granted.class);
  }
}
