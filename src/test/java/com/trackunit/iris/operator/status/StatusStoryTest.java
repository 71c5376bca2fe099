package com.trackunit.iris.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.gate.WaitReason;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.oauth.TokenError;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.LoginStanding;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.renewal.UserRequest;
import com.trackunit.iris.operator.secret.TokenIssuance;
import com.trackunit.iris.operator.support.Specs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Short lives of one credential, told by its status and its events. */
class StatusStoryTest {
  private static final Instant START = Instant.parse("2026-05-04T12:00:00Z");
  private static final EffectiveSpec SPEC = Specs.fleet();
  private static final TargetState ABSENT = new TargetState.Absent();

  private Instant now = START;
  private IrisCredentialStatus status = IrisCredentialStatus.NONE;
  private @Nullable RetryState failure;
  private UserRequest demand = UserRequest.NONE;
  private boolean held;
  private final List<String> events = new ArrayList<>();

  @Test
  void theFirstTokenMakesItReady() {
    step(new TargetState.Held(issued(3600), false, false), granted(RenewalCause.FIRST));
    assertThat(told()).containsExactly("Ready=True TokenValid @0", "Renewed=True Succeeded @0");
    assertThat(status.token()).isNotNull();
    assertThat(status.binding()).isNotNull();
    assertThat(status.failures()).isNull();
    assertThat(events).containsExactly("TokenIssued");
  }

  @Test
  void anOrdinaryRenewalTellsNobody() {
    step(new TargetState.Held(issued(3600), false, false), granted(RenewalCause.FIRST));
    pass(1800);
    step(new TargetState.Held(issued(3600), false, false), granted(RenewalCause.DUE));
    assertThat(told()).containsExactly("Ready=True TokenValid @0", "Renewed=True Succeeded @0");
    assertThat(events).containsExactly("TokenIssued");
  }

  @Test
  void aWaitIsToldWhenItTakesHalfAMinute() {
    Instant began = now;
    step(ABSENT, new Outcome.AwaitingSlot(WaitReason.BUSY, began.plusSeconds(29), began));
    assertThat(status).isEqualTo(IrisCredentialStatus.NONE);
    pass(20);
    step(ABSENT, new Outcome.AwaitingSlot(WaitReason.BUSY, began.plusSeconds(30), began));
    assertThat(told())
        .containsExactly("Ready=False NoToken @20", "Renewed=False WaitingForSlot @20");
  }

  @Test
  void aShortWaitForTheSameLoginIsNotTold() {
    step(ABSENT, new Outcome.AwaitingSlot(WaitReason.SAME_LOGIN, now.plusSeconds(1), now));
    assertThat(status).isEqualTo(IrisCredentialStatus.NONE);
  }

  @Test
  void aFailureThatIsOverIsNotKeptByAShortWait() {
    step(ABSENT, CredentialsSecretFailures.missing(SPEC));
    assertThat(status.failures()).isNotNull();
    failure = null;
    step(ABSENT, new Outcome.AwaitingSlot(WaitReason.BUSY, now.plusSeconds(1), now));
    assertThat(status.failures()).isNull();
  }

  @Test
  void aShortWaitForAServerThatIsOutIsToldAtOnce() {
    step(ABSENT, new Outcome.AwaitingSlot(WaitReason.UNAVAILABLE, now.plusSeconds(2), now));
    assertThat(told()).containsExactly("Ready=False NoToken @0", "Renewed=False WaitingForSlot @0");
  }

  @Test
  void aShortWaitOfARenewalIsNotToldUntilTheTokenEnds() {
    TargetState target = new TargetState.Held(issued(3600), false, false);
    step(target, granted(RenewalCause.FIRST));
    IrisCredentialStatus before = status;
    pass(3599);
    step(target, new Outcome.AwaitingSlot(WaitReason.BUSY, now.plusSeconds(3), now));
    assertThat(status).isEqualTo(before);
    pass(1);
    step(
        target, new Outcome.AwaitingSlot(WaitReason.BUSY, now.plusSeconds(2), now.minusSeconds(1)));
    assertThat(told().getFirst()).isEqualTo("Ready=False TokenExpired @3600");
  }

  @Test
  void aTokenThatIsThereIsToldDuringAShortWait() {
    step(
        new TargetState.Held(issued(3600), false, false),
        new Outcome.AwaitingSlot(WaitReason.BUSY, now.plusSeconds(1), now));
    assertThat(told().getFirst()).isEqualTo("Ready=True TokenValid @0");
  }

  @Test
  void aRenewalThatFailsIsToldAsDueSinceThenAndNoTimeThatIsPastAsOneToCome() {
    StoredToken token = issued(3600);
    TargetState target = new TargetState.Held(token, false, false);
    step(target, granted(RenewalCause.FIRST));
    String coming = " and is renewed at " + token.renewAt() + ".";
    pass(Duration.between(now, token.renewAt()).toSeconds() - 1);
    step(target, new Outcome.Kept());
    assertThat(readyMessage()).endsWith(coming);
    pass(1);
    step(target, refused(TokenError.ENDPOINT_UNAVAILABLE));
    String due = "; its renewal has been due since " + token.renewAt() + ".";
    assertThat(readyMessage()).endsWith(due);
    IrisCredentialStatus before = status;
    pass(1);
    step(target, new Outcome.Kept());
    assertThat(status).isEqualTo(before);
    step(new TargetState.Held(issued(3600), false, false), granted(RenewalCause.DUE));
    assertThat(readyMessage()).contains(" and is renewed at ");
  }

  @Test
  void aSuspensionAndALongWaitTellSinceWhenTheRenewalIsDue() {
    StoredToken token = issued(3600);
    TargetState target = new TargetState.Held(token, false, false);
    step(target, granted(RenewalCause.FIRST));
    pass(2700);
    String due = "; its renewal has been due since " + token.renewAt() + ".";
    step(target, new Outcome.AwaitingSlot(WaitReason.LIMITED, now.plusSeconds(300), now));
    assertThat(readyMessage()).endsWith(due);
    demand = new UserRequest(true, null, null);
    step(target, new Outcome.Kept());
    assertThat(readyMessage()).endsWith(due);
  }

  private String readyMessage() {
    return status.condition("Ready").orElseThrow().message();
  }

  @Test
  void nothingDoneChangesNothing() {
    step(new TargetState.Held(issued(3600), false, false), granted(RenewalCause.FIRST));
    IrisCredentialStatus before = status;
    pass(60);
    step(new TargetState.Held(issuedAt(START, 3600), false, false), new Outcome.Kept());
    assertThat(status).isEqualTo(before);
  }

  @Test
  void aStatusThatWasLostIsToldAnew() {
    pass(60);
    held = true;
    step(new TargetState.Held(issuedAt(START, 3600), false, false), new Outcome.Kept());
    assertThat(told()).containsExactly("Ready=True TokenValid @60", "Renewed=True Succeeded @60");
    assertThat(events).isEmpty();
  }

  @Test
  void anOutageIsToldOnceAndEndsWithARecovery() {
    TargetState target = new TargetState.Held(issued(3600), false, false);
    step(target, granted(RenewalCause.FIRST));
    pass(1800);
    step(target, refused(TokenError.ENDPOINT_UNAVAILABLE));
    pass(2);
    step(target, refused(TokenError.MALFORMED_RESPONSE));
    assertThat(told())
        .containsExactly("Ready=True TokenValid @0", "Renewed=False MalformedResponse @1800");
    assertThat(failure).extracting(RetryState::count).isEqualTo(2);
    pass(4);
    step(new TargetState.Held(issued(3600), false, false), granted(RenewalCause.DUE));
    assertThat(told()).containsExactly("Ready=True TokenValid @0", "Renewed=True Succeeded @1806");
    assertThat(status.failures()).isNull();
    assertThat(events).containsExactly("TokenIssued", "RenewalFailed", "RenewalRecovered");
  }

  @Test
  void readyEndsAtTheSecondOfExpiry() {
    TargetState target = new TargetState.Held(issued(3600), false, false);
    step(target, granted(RenewalCause.FIRST));
    pass(3599);
    step(target, refused(TokenError.ENDPOINT_UNAVAILABLE));
    assertThat(told()).contains("Ready=True TokenValid @0");
    pass(1);
    step(target, new Outcome.Kept());
    assertThat(told())
        .containsExactly(
            "Ready=False TokenExpired @3600", "Renewed=False EndpointUnavailable @3599");
    assertThat(status.token()).isNotNull();
    assertThat(events).containsExactly("TokenIssued", "RenewalFailed", "TokenExpired");
  }

  @Test
  void aRefusedLoginStallsOnlyWhileThereIsNoToken() {
    TargetState target = new TargetState.Held(issued(3600), false, false);
    step(target, granted(RenewalCause.FIRST));
    pass(1800);
    step(target, refused(TokenError.CREDENTIALS_REJECTED));
    assertThat(told())
        .containsExactly("Ready=True TokenValid @0", "Renewed=False CredentialsRejected @1800");
    pass(1800);
    step(target, new Outcome.Kept());
    assertThat(told())
        .containsExactly(
            "Ready=False TokenExpired @3600",
            "Renewed=False CredentialsRejected @1800",
            "Stalled=True CredentialsRejected @3600");
    assertThat(events).containsExactly("TokenIssued", "CredentialsRejected", "TokenExpired");
  }

  @Test
  void anOutageThatTurnsIntoARefusedLoginIsToldTwice() {
    step(ABSENT, refused(TokenError.ENDPOINT_UNAVAILABLE));
    step(ABSENT, refused(TokenError.CREDENTIALS_REJECTED));
    step(ABSENT, refused(TokenError.ENDPOINT_UNAVAILABLE));
    assertThat(events).containsExactly("RenewalFailed", "CredentialsRejected");
  }

  @Test
  void theFirstTokenAfterAFailureIsStillTheFirst() {
    step(ABSENT, CredentialsSecretFailures.missing(SPEC));
    assertThat(told())
        .containsExactly("Ready=False NoToken @0", "Renewed=False CredentialsSecretNotFound @0");
    pass(5);
    step(new TargetState.Held(issued(3600), false, false), granted(RenewalCause.FIRST));
    assertThat(events).containsExactly("RenewalFailed", "TokenIssued");
  }

  @Test
  void lookingAgainAtWhatIsMissingChangesNothing() {
    step(ABSENT, CredentialsSecretFailures.missing(SPEC));
    IrisCredentialStatus before = status;
    pass(60);
    step(ABSENT, CredentialsSecretFailures.missing(SPEC));
    assertThat(status).isEqualTo(before);
    assertThat(failure).extracting(RetryState::lastTime).isEqualTo(START);
  }

  @Test
  void aWaitOfTheServersOutlivesOtherTroubles() {
    TargetState target = new TargetState.Held(issued(3600), false, false);
    step(
        target,
        new Outcome.Failed(
            Reason.RATE_LIMITED,
            RetryClass.LIMITED,
            true,
            "Limited.",
            Duration.ofHours(1),
            "login/1",
            null));
    RetryState limited = failure;
    step(target, KubernetesFailures.unwritten(SPEC, RetryClass.KUBERNETES, 503));
    assertThat(failure).isEqualTo(limited);
    assertThat(told()).contains("Renewed=False RateLimited @0");
    step(target, new Outcome.Repaired());
    assertThat(failure).isEqualTo(limited);
  }

  @Test
  void aRefusedScopeIsToldThroughoutItsWait() {
    TargetState target = new TargetState.Held(issued(3600), true, false);
    step(target, refused(TokenError.SCOPE_REJECTED));
    String words = status.condition("Renewed").orElseThrow().message();
    pass(5);
    step(target, KubernetesFailures.unwritten(SPEC, RetryClass.KUBERNETES, 503));
    assertThat(told()).contains("Renewed=False ScopeRejected @0");
    pass(5);
    step(new TargetState.Held(issued(3600), false, false), new Outcome.Repaired());
    assertThat(told()).contains("Renewed=False ScopeRejected @0");
    assertThat(status.condition("Renewed").orElseThrow().message()).isEqualTo(words);
  }

  @Test
  void aRefusedScopeIsToldByTheFailuresWhenTheConditionsWereLost() {
    TargetState target = new TargetState.Held(issued(3600), false, false);
    step(target, refused(TokenError.SCOPE_REJECTED));
    status =
        new IrisCredentialStatus(
            status.observedGeneration(), null, status.token(), null, status.failures(), null);
    step(target, new Outcome.Kept());
    assertThat(told()).contains("Renewed=False ScopeRejected @0");
  }

  @Test
  void aFailedWriteAfterARequestReplacesWhatTheServerHadSaid() {
    step(ABSENT, refused(TokenError.RATE_LIMITED));
    step(ABSENT, KubernetesFailures.unwritable(SPEC, RetryClass.KUBERNETES, 503));
    assertThat(failure).extracting(RetryState::kind).isEqualTo(RetryClass.KUBERNETES);
  }

  @Test
  void kubernetesThatWorksAgainIsForgiven() {
    TargetState target = new TargetState.Held(issued(3600), true, false);
    step(target, granted(RenewalCause.FIRST));
    step(target, KubernetesFailures.unwritten(SPEC, RetryClass.KUBERNETES, 503));
    step(new TargetState.Held(issued(3600), false, false), new Outcome.Repaired());
    assertThat(told()).contains("Renewed=True Succeeded @0");
    assertThat(status.failures()).isNull();
    assertThat(events).containsExactly("TokenIssued", "RenewalFailed", "RenewalRecovered");
  }

  @Test
  void aFailureIsNotForgivenBecauseItIsTooSoonToAskAgain() {
    RetryState denied =
        new RetryState(
            RetryClass.KUBERNETES_DENIED,
            "Reason",
            1,
            now,
            now.plusSeconds(60),
            "request",
            null,
            null);
    Observation seen =
        new Observation(
            START,
            SPEC.specHash(),
            "request",
            new TargetState.Damaged(),
            denied,
            null,
            null,
            now,
            UserRequest.NONE);
    assertThat(RetryTracker.next(seen, new Outcome.Kept(), SPEC.uid(), now.plusSeconds(3)))
        .isEqualTo(denied);
  }

  @Test
  void aKubernetesFailureIsNotForgivenWhileItsReasonLasts() {
    TargetState due = new TargetState.Held(issuedAt(START.minusSeconds(3000), 3600), false, false);
    step(due, KubernetesFailures.unreadable("login", SPEC, RetryClass.KUBERNETES, 503));
    step(due, new Outcome.Kept());
    assertThat(told()).contains("Renewed=False KubernetesWriteFailed @0");
  }

  @Test
  void whatWasMissingIsForgivenOnceNothingIsDue() {
    TargetState good = new TargetState.Held(issued(3600), false, false);
    step(good, CredentialsSecretFailures.missing(SPEC));
    step(good, new Outcome.Kept());
    assertThat(told()).contains("Renewed=True Succeeded @0");
    assertThat(status.failures()).isNull();
  }

  @Test
  void aTargetThatIsGoneForAMomentLeavesTheLastRequestASuccess() {
    step(new TargetState.Held(issued(3600), false, false), granted(RenewalCause.FIRST));
    pass(3);
    step(ABSENT, new Outcome.Kept());
    assertThat(told()).containsExactly("Ready=False NoToken @3", "Renewed=True Succeeded @0");
  }

  @Test
  void aRefusedLoginIsToldOnceForAll() {
    step(ABSENT, refused(TokenError.CREDENTIALS_REJECTED));
    pass(600);
    step(ABSENT, refused(TokenError.CREDENTIALS_REJECTED));
    assertThat(failure).extracting(RetryState::count).isEqualTo(2);
    assertThat(failure).extracting(RetryState::nextAttempt).isEqualTo(START.plusSeconds(3_600));
    assertThat(events).containsExactly("CredentialsRejected");
  }

  @Test
  void refusalsAreRememberedThroughOtherFailures() {
    step(ABSENT, refused(TokenError.CREDENTIALS_REJECTED));
    step(ABSENT, refused(TokenError.ENDPOINT_UNAVAILABLE));
    assertThat(failure).extracting(RetryState::kind).isEqualTo(RetryClass.TRANSIENT);
    assertThat(status.failures().rejections().count()).isEqualTo(1);
    assertThat(RetryStateFormat.read(status)).contains(failure);
    step(ABSENT, refused(TokenError.CREDENTIALS_REJECTED));
    assertThat(status.failures().rejections().count()).isEqualTo(2);
  }

  @Test
  void aTokenNearItsEndIsTriedForMoreOften() {
    TargetState ending =
        new TargetState.Held(issuedAt(START.minusSeconds(3560), 3600), false, false);
    for (int i = 0; i < 8; i++) {
      step(ending, refused(TokenError.ENDPOINT_UNAVAILABLE));
    }
    assertThat(failure).extracting(RetryState::nextAttempt).isEqualTo(START.plusSeconds(5));
  }

  @Test
  void whatTheAnswerSaidIsStillSaidAfterARestoration() {
    IssuedToken assumed =
        new IssuedToken(
            "the-token", Duration.ofSeconds(1200), Optional.empty(), true, Optional.empty());
    step(
        new TargetState.Held(issued(1200), false, false),
        Outcome.Issued.of(RenewalCause.FIRST, SPEC, assumed));
    step(new TargetState.Held(issued(1200), false, false), new Outcome.Repaired());
    assertThat(status.condition("Renewed").orElseThrow().message()).contains("1200 s are assumed");
  }

  @Test
  void aTokenThatCannotBeReadBackIsToldAsItIs() {
    step(new TargetState.Damaged(), granted(RenewalCause.FIRST));
    assertThat(told()).containsExactly("Ready=False NoToken @0", "Renewed=True Succeeded @0");
  }

  @Test
  void aPendingFailureKeepsItsWords() {
    step(ABSENT, refused(TokenError.CREDENTIALS_REJECTED));
    String words = status.condition("Renewed").orElseThrow().message();
    step(ABSENT, new Outcome.Kept());
    assertThat(status.condition("Renewed").orElseThrow().message()).isEqualTo(words);
  }

  @Test
  void aConflictThatIsOverGivesWayToWhatIsStillPending() {
    step(ABSENT, refused(TokenError.CREDENTIALS_REJECTED));
    pass(5);
    step(
        new TargetState.Foreign("Deployment web"),
        KubernetesFailures.conflict("Deployment web", SPEC));
    assertThat(told()).contains("Renewed=False TargetSecretConflict @0");
    step(ABSENT, new Outcome.Kept());
    assertThat(told())
        .containsExactly(
            "Ready=False NoToken @0",
            "Renewed=False CredentialsRejected @0",
            "Stalled=True CredentialsRejected @0");
    assertThat(status.condition("Renewed").orElseThrow().message())
        .isEqualTo(
            "The last request failed and is made again at 2026-05-04T12:10:00Z, or when its cause is corrected.");
  }

  @Test
  void aConflictSetsBothToFalseAndStalls() {
    step(
        new TargetState.Foreign("Deployment web"),
        KubernetesFailures.conflict("Deployment web", SPEC));
    assertThat(told())
        .containsExactly(
            "Ready=False TargetSecretConflict @0",
            "Renewed=False TargetSecretConflict @0",
            "Stalled=True TargetSecretConflict @0");
    assertThat(status.token()).isNull();
    assertThat(status.binding()).isNull();
    assertThat(events).containsExactly("TargetSecretConflict");
  }

  @Test
  void anEarlierCredentialsSecretIsWaitedForWithoutAWord() {
    step(new TargetState.Predecessor(), new Outcome.Kept());
    assertThat(told()).containsExactly("Ready=False NoToken @0");
    assertThat(events).isEmpty();
    pass(60);
    step(
        new TargetState.Predecessor(),
        KubernetesFailures.conflict("an earlier IrisCredential of this name", SPEC));
    assertThat(told())
        .contains("Ready=False TargetSecretConflict @0", "Stalled=True TargetSecretConflict @60");
  }

  @Test
  void aTokenOfAnEarlierSpecIsOutdated() {
    StoredToken token = issued(3600);
    StoredToken outdated =
        new StoredToken(token.lifetime(), token.renewAt(), "api", "other", "hash", "login/1", null);
    step(new TargetState.Held(outdated, false, false), refused(TokenError.SCOPE_REJECTED));
    assertThat(told())
        .containsExactly(
            "Ready=False TokenOutdated @0",
            "Renewed=False ScopeRejected @0",
            "Stalled=True ScopeRejected @0");
  }

  @Test
  void aDamagedTokenIsNone() {
    step(new TargetState.Damaged(), refused(TokenError.ENDPOINT_UNAVAILABLE));
    assertThat(told()).contains("Ready=False NoToken @0");
    assertThat(status.token()).isNull();
    assertThat(status.binding()).isNotNull();
  }

  @Test
  void aDeletedOrDamagedTargetIsRestored() {
    step(new TargetState.Held(issued(3600), false, false), granted(RenewalCause.FIRST));
    step(new TargetState.Held(issued(3600), false, false), granted(RenewalCause.FIRST));
    step(new TargetState.Held(issued(3600), false, false), granted(RenewalCause.UNREADABLE));
    step(new TargetState.Held(issued(3600), false, false), new Outcome.Repaired());
    assertThat(events)
        .containsExactly(
            "TokenIssued", "TargetSecretRestored", "TargetSecretRestored", "TargetSecretRestored");
  }

  @Test
  void aTargetThatFollowsItsSpecIsNoEvent() {
    step(new TargetState.Held(issued(3600), false, false), granted(RenewalCause.FIRST));
    status =
        new IrisCredentialStatus(
            0L, status.conditions(), status.token(), status.binding(), null, null);
    step(new TargetState.Held(issued(3600), false, false), new Outcome.Repaired());
    assertThat(events).containsExactly("TokenIssued");
    assertThat(status.observedGeneration()).isEqualTo(1);
  }

  @Test
  void whoIsSuspendedStaysReadyUntilTheTokenEnds() {
    TargetState target = new TargetState.Held(issued(3600), false, false);
    step(target, granted(RenewalCause.FIRST));
    demand = new UserRequest(true, null, null);
    pass(10);
    step(target, new Outcome.Kept());
    assertThat(told()).containsExactly("Ready=True TokenValid @0", "Renewed=False Suspended @10");
    pass(3590);
    step(target, new Outcome.Kept());
    assertThat(told())
        .containsExactly("Ready=False Suspended @3600", "Renewed=False Suspended @10");
    assertThat(status.token()).isNotNull();
    assertThat(events).containsExactly("TokenIssued", "TokenExpired");
  }

  @Test
  void whoGoesOnIsToldAnewAndWithoutAnEvent() {
    TargetState target = new TargetState.Held(issued(3600), false, false);
    step(target, granted(RenewalCause.FIRST));
    demand = new UserRequest(true, null, null);
    step(target, new Outcome.Kept());
    demand = UserRequest.NONE;
    pass(10);
    step(target, new Outcome.Kept());
    assertThat(told()).containsExactly("Ready=True TokenValid @0", "Renewed=True Succeeded @10");
    assertThat(events).containsExactly("TokenIssued");
  }

  @Test
  void whoIsSuspendedWithoutATokenHasNone() {
    demand = new UserRequest(true, null, null);
    step(ABSENT, new Outcome.Kept());
    assertThat(told()).containsExactly("Ready=False Suspended @0", "Renewed=False Suspended @0");
    step(new TargetState.Damaged(), new Outcome.Kept());
    assertThat(told()).contains("Ready=False Suspended @0");
    demand = UserRequest.NONE;
    step(ABSENT, new Outcome.Kept());
    assertThat(told()).containsExactly("Ready=False NoToken @0");
  }

  @Test
  void aSuspendedTokenOfAnEarlierSpecIsStillOutdated() {
    demand = new UserRequest(true, null, null);
    StoredToken token = issued(3600);
    StoredToken outdated =
        new StoredToken(token.lifetime(), token.renewAt(), "api", "other", "hash", null, null);
    step(new TargetState.Held(outdated, false, false), new Outcome.Kept());
    assertThat(told())
        .containsExactly("Ready=False TokenOutdated @0", "Renewed=False Suspended @0");
  }

  @Test
  void healingWhileSuspendedIsNoRecovery() {
    TargetState target = new TargetState.Held(issued(3600), false, false);
    step(target, granted(RenewalCause.FIRST));
    demand = new UserRequest(true, null, null);
    step(target, new Outcome.Kept());
    step(target, new Outcome.Repaired());
    assertThat(events).containsExactly("TokenIssued", "TargetSecretRestored");
  }

  @Test
  void aFailureOutlivesASuspension() {
    TargetState target = new TargetState.Held(issued(3600), false, false);
    step(target, granted(RenewalCause.FIRST));
    step(target, refused(TokenError.CREDENTIALS_REJECTED));
    RetryState refused = failure;
    demand = new UserRequest(true, null, null);
    step(target, new Outcome.Kept());
    assertThat(told()).contains("Renewed=False Suspended @0");
    demand = UserRequest.NONE;
    step(target, new Outcome.Kept());
    assertThat(told()).contains("Renewed=False CredentialsRejected @0");
    assertThat(failure).isEqualTo(refused);
  }

  @Test
  void aFailureAfterASuspensionIsToldLikeAnyOther() {
    TargetState target = new TargetState.Held(issued(3600), false, false);
    step(target, granted(RenewalCause.FIRST));
    demand = new UserRequest(true, null, null);
    step(target, new Outcome.Kept());
    demand = UserRequest.NONE;
    step(target, refused(TokenError.ENDPOINT_UNAVAILABLE));
    assertThat(events).containsExactly("TokenIssued", "RenewalFailed");
  }

  @Test
  void aRequestedRenewalIsAcknowledgedWhenItWasActedOn() {
    demand = new UserRequest(false, "now", "earlier");
    step(new TargetState.Held(issued(3600), false, false), new Outcome.Kept());
    assertThat(status.lastHandledRenewRequest()).isEqualTo("earlier");
    demand = new UserRequest(false, "now", "now");
    step(
        new TargetState.Held(issued(3600), false, false), refused(TokenError.ENDPOINT_UNAVAILABLE));
    assertThat(status.lastHandledRenewRequest()).isEqualTo("now");
    demand = new UserRequest(false, null, "now");
    step(new TargetState.Held(issued(3600), false, false), new Outcome.Kept());
    assertThat(status.lastHandledRenewRequest()).isEqualTo("now");
  }

  @Test
  void anAcknowledgementThatWasLostIsReadFromTheSecret() {
    demand = new UserRequest(false, "now", null);
    StoredToken token = issued(3600);
    StoredToken answer =
        new StoredToken(
            token.lifetime(), token.renewAt(), "api", token.specHash(), "hash", null, "now");
    step(new TargetState.Held(answer, false, false), new Outcome.Kept());
    assertThat(status.lastHandledRenewRequest()).isEqualTo("now");
  }

  @Test
  void aTokenThatIsIssuedAfterAFailureEndsItThoughTheStatusWasLost() {
    step(held(issued(3600)), granted(RenewalCause.FIRST));
    pass(1800);
    step(held(issuedAt(START, 3600)), refused(TokenError.CREDENTIALS_REJECTED));
    pass(20);
    restart(held(issued(3600)));
    assertThat(told()).containsExactly("Ready=True TokenValid @0", "Renewed=True Succeeded @1820");
    assertThat(status.failures()).isNull();
    assertThat(events).containsExactly("TokenIssued", "CredentialsRejected", "RenewalRecovered");
    restart(held(issued(3600)));
    assertThat(events).as("once").hasSize(3);
  }

  @Test
  void aTokenOfTheSecondInWhichItsTryWasRecordedEndsTheFailure() {
    step(ABSENT, refused(TokenError.CREDENTIALS_REJECTED));
    restart(held(issued(3600)));
    assertThat(told()).containsExactly("Ready=True TokenValid @0", "Renewed=True Succeeded @0");
    assertThat(status.failures()).isNull();
    assertThat(events).containsExactly("CredentialsRejected", "TokenIssued");
  }

  @Test
  void aFailureAfterTheTokenOutlivesARestart() {
    step(held(issued(3600)), granted(RenewalCause.FIRST));
    pass(1800);
    step(held(issuedAt(START, 3600)), refused(TokenError.RATE_LIMITED));
    RetryState limited = failure;
    restart(held(issuedAt(START, 3600)));
    assertThat(failure).isEqualTo(limited);
    assertThat(told()).contains("Renewed=False RateLimited @1800");
  }

  @Test
  void aClockThatWasSetBackEndsNoFailure() {
    step(held(issued(3600)), granted(RenewalCause.FIRST));
    pass(-300);
    step(held(issuedAt(START, 3600)), refused(TokenError.CREDENTIALS_REJECTED));
    RetryState refused = failure;
    pass(600);
    restart(held(issuedAt(START, 3600)));
    assertThat(failure).isEqualTo(refused);
  }

  @Test
  void aTokenThatWasWrittenLateDisprovesTheRefusalsBeforeIt() {
    step(ABSENT, refused(TokenError.CREDENTIALS_REJECTED));
    StoredToken accepted = issued(3600);
    pass(5);
    step(ABSENT, KubernetesFailures.unwritable(SPEC, RetryClass.KUBERNETES, 503));
    assertThat(status.failures().rejections()).isNotNull();
    assertThat(RetryTracker.standing(status, ABSENT)).map(RetryState::rejections).isPresent();
    assertThat(RetryTracker.standing(status, held(accepted)).orElseThrow().rejections()).isNull();
    restart(held(accepted));
    assertThat(status.failures()).isNull();
  }

  @Test
  void anOrdinaryRenewalWhoseStatusWasLostIsToldAndIsNoEvent() {
    step(held(issued(3600)), granted(RenewalCause.FIRST));
    pass(1800);
    restart(held(issued(3600)));
    assertThat(status.condition("Renewed").orElseThrow().message())
        .isEqualTo("A token was issued at 2026-05-04T12:30:00Z.");
    assertThat(events).containsExactly("TokenIssued");
  }

  @Test
  void theFirstTokenWhoseStatusWasLostIsStillTheFirst() {
    restart(held(issued(3600)));
    assertThat(events).containsExactly("TokenIssued");
  }

  @Test
  void anAdoptedTokenIsARestoredOne() {
    step(held(issued(3600)), new Outcome.Adopted());
    assertThat(told()).containsExactly("Ready=True TokenValid @0", "Renewed=True Succeeded @0");
    assertThat(events).containsExactly("TargetSecretRestored");
  }

  @Test
  void anAdoptionEndsAConflict() {
    step(new TargetState.Foreign("x"), KubernetesFailures.conflict("x", SPEC));
    step(held(issued(3600)), new Outcome.Adopted());
    assertThat(told()).containsExactly("Ready=True TokenValid @0", "Renewed=True Succeeded @0");
    assertThat(status.failures()).isNull();
    assertThat(events).containsExactly("TargetSecretConflict", "RenewalRecovered");
  }

  /** A new process finds this Secret beside the last status that was written. */
  private void restart(TargetState target) {
    held = StatusCalculator.hadToken(status);
    failure = RetryTracker.standing(status, target).orElse(null);
    step(target, new Outcome.Kept());
  }

  private static TargetState held(StoredToken token) {
    return new TargetState.Held(token, false, false);
  }

  @Test
  void whatIsWrittenDownIsReadBack() {
    step(ABSENT, refused(TokenError.CREDENTIALS_REJECTED));
    assertThat(RetryStateFormat.read(status)).contains(failure);
    assertThat(RetryStateFormat.read(IrisCredentialStatus.NONE)).isEmpty();
    assertThat(status.failures().failureClass()).isEqualTo("Rejected");
    step(ABSENT, KubernetesFailures.unwritable(SPEC, RetryClass.KUBERNETES_DENIED, 403));
    assertThat(status.failures().failureClass()).isEqualTo("KubernetesDenied");
  }

  /** One step and its report, as the shell does it. */
  private void step(TargetState target, Outcome outcome) {
    Observation seen =
        new Observation(
            START, SPEC.specHash(), "request", target, failure, null, null, null, demand);
    failure = RetryTracker.next(seen, outcome, SPEC.uid(), now);
    IrisCredentialStatus next =
        StatusCalculator.next(status, SPEC, seen.withFailure(failure), outcome, now);
    StatusEvent.between(status, next, outcome, held).forEach(event -> events.add(event.reason()));
    status = next;
    held |= target instanceof TargetState.Held;
  }

  private void pass(long seconds) {
    now = now.plusSeconds(seconds);
  }

  private List<String> told() {
    return status.conditions().stream().map(StatusStoryTest::told).toList();
  }

  private static String told(Condition condition) {
    long since = Duration.between(START, condition.lastTransitionTime()).toSeconds();
    return condition.type() + "=" + condition.status() + " " + condition.reason() + " @" + since;
  }

  private StoredToken issued(long life) {
    return issuedAt(now, life);
  }

  private static StoredToken issuedAt(Instant at, long life) {
    return TokenIssuance.of(grantFor(life), at, SPEC, "login/1", null).orElseThrow();
  }

  private static IssuedToken grantFor(long life) {
    return new IssuedToken(
        "the-token", Duration.ofSeconds(life), Optional.of("api"), false, Optional.empty());
  }

  private static Outcome granted(RenewalCause cause) {
    return Outcome.Issued.of(cause, SPEC, grantFor(3600));
  }

  private Outcome refused(TokenError refusal) {
    TokenResponse.Refused answer = new TokenResponse.Refused(refusal, "HTTP 400", Optional.empty());
    if (refusal != TokenError.CREDENTIALS_REJECTED) {
      return TokenFailures.refused(answer, SPEC, "login/1");
    }
    LoginRejections known = failure == null ? null : failure.rejections();
    LoginRejections counted =
        known == null
            ? LoginRejections.first("login", now)
            : known.tried(LoginStanding.UNPROVEN, now);
    return TokenFailures.loginRefused(answer, SPEC, "login/1", counted, now);
  }
}
