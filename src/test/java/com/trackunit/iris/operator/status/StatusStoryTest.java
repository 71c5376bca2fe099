package com.trackunit.iris.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.StandingOrder;
import com.trackunit.iris.operator.oauth.GrantedToken;
import com.trackunit.iris.operator.oauth.Refusal;
import com.trackunit.iris.operator.oauth.TokenAnswer;
import com.trackunit.iris.operator.renewal.AskCause;
import com.trackunit.iris.operator.renewal.Demand;
import com.trackunit.iris.operator.renewal.Failure;
import com.trackunit.iris.operator.renewal.FailureClass;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.Rejections;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.Target;
import com.trackunit.iris.operator.secret.Issue;
import com.trackunit.iris.operator.secret.Orders;
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
  private static final StandingOrder ORDER = Orders.fleet();
  private static final Target ABSENT = new Target.Absent();

  private Instant now = START;
  private IrisCredentialStatus status = IrisCredentialStatus.NONE;
  private @Nullable Failure failure;
  private Demand demand = Demand.NONE;
  private boolean held;
  private final List<String> events = new ArrayList<>();

  @Test
  void theFirstTokenMakesItReady() {
    step(new Target.Held(issued(3600), false, false), granted(AskCause.FIRST));
    assertThat(told()).containsExactly("Ready=True TokenValid @0", "Renewed=True Succeeded @0");
    assertThat(status.token()).isNotNull();
    assertThat(status.binding()).isNotNull();
    assertThat(status.failures()).isNull();
    assertThat(events).containsExactly("TokenIssued");
  }

  @Test
  void anOrdinaryRenewalTellsNobody() {
    step(new Target.Held(issued(3600), false, false), granted(AskCause.FIRST));
    pass(1800);
    step(new Target.Held(issued(3600), false, false), granted(AskCause.DUE));
    assertThat(told()).containsExactly("Ready=True TokenValid @0", "Renewed=True Succeeded @0");
    assertThat(events).containsExactly("TokenIssued");
  }

  @Test
  void nothingDoneChangesNothing() {
    step(new Target.Held(issued(3600), false, false), granted(AskCause.FIRST));
    IrisCredentialStatus before = status;
    pass(60);
    step(new Target.Held(issuedAt(START, 3600), false, false), new Outcome.Kept());
    assertThat(status).isEqualTo(before);
  }

  @Test
  void aStatusThatWasLostIsToldAnew() {
    pass(60);
    held = true;
    step(new Target.Held(issuedAt(START, 3600), false, false), new Outcome.Kept());
    assertThat(told()).containsExactly("Ready=True TokenValid @60", "Renewed=True Succeeded @60");
    assertThat(events).isEmpty();
  }

  @Test
  void anOutageIsToldOnceAndEndsWithARecovery() {
    Target target = new Target.Held(issued(3600), false, false);
    step(target, granted(AskCause.FIRST));
    pass(1800);
    step(target, refused(Refusal.ENDPOINT_UNAVAILABLE));
    pass(2);
    step(target, refused(Refusal.MALFORMED_RESPONSE));
    assertThat(told())
        .containsExactly("Ready=True TokenValid @0", "Renewed=False MalformedResponse @1800");
    assertThat(failure).extracting(Failure::count).isEqualTo(2);
    pass(4);
    step(new Target.Held(issued(3600), false, false), granted(AskCause.DUE));
    assertThat(told()).containsExactly("Ready=True TokenValid @0", "Renewed=True Succeeded @1806");
    assertThat(status.failures()).isNull();
    assertThat(events).containsExactly("TokenIssued", "RenewalFailed", "RenewalRecovered");
  }

  @Test
  void readyEndsAtTheSecondOfExpiry() {
    Target target = new Target.Held(issued(3600), false, false);
    step(target, granted(AskCause.FIRST));
    pass(3599);
    step(target, refused(Refusal.ENDPOINT_UNAVAILABLE));
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
    Target target = new Target.Held(issued(3600), false, false);
    step(target, granted(AskCause.FIRST));
    pass(1800);
    step(target, refused(Refusal.CREDENTIALS_REJECTED));
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
    step(ABSENT, refused(Refusal.ENDPOINT_UNAVAILABLE));
    step(ABSENT, refused(Refusal.CREDENTIALS_REJECTED));
    step(ABSENT, refused(Refusal.ENDPOINT_UNAVAILABLE));
    assertThat(events).containsExactly("RenewalFailed", "CredentialsRejected");
  }

  @Test
  void theFirstTokenAfterAFailureIsStillTheFirst() {
    step(ABSENT, Failures.credentialsMissing(ORDER));
    assertThat(told())
        .containsExactly("Ready=False NoToken @0", "Renewed=False CredentialsSecretNotFound @0");
    pass(5);
    step(new Target.Held(issued(3600), false, false), granted(AskCause.FIRST));
    assertThat(events).containsExactly("RenewalFailed", "TokenIssued");
  }

  @Test
  void lookingAgainAtWhatIsMissingChangesNothing() {
    step(ABSENT, Failures.credentialsMissing(ORDER));
    IrisCredentialStatus before = status;
    pass(60);
    step(ABSENT, Failures.credentialsMissing(ORDER));
    assertThat(status).isEqualTo(before);
    assertThat(failure).extracting(Failure::lastTime).isEqualTo(START);
  }

  @Test
  void aWaitOfTheServersOutlivesOtherTroubles() {
    Target target = new Target.Held(issued(3600), false, false);
    step(
        target,
        new Outcome.Failed(
            Reason.RATE_LIMITED,
            FailureClass.LIMITED,
            true,
            "Limited.",
            Duration.ofHours(1),
            "login/1",
            null));
    Failure limited = failure;
    step(target, ClusterFailures.unrendered(ORDER, FailureClass.KUBERNETES, 503));
    assertThat(failure).isEqualTo(limited);
    assertThat(told()).contains("Renewed=False KubernetesWriteFailed @0");
    step(target, new Outcome.Rendered());
    assertThat(failure).isEqualTo(limited);
  }

  @Test
  void aFailedWriteAfterARequestReplacesWhatTheServerHadSaid() {
    step(ABSENT, refused(Refusal.RATE_LIMITED));
    step(ABSENT, ClusterFailures.unwritable(ORDER, FailureClass.KUBERNETES, 503));
    assertThat(failure).extracting(Failure::kind).isEqualTo(FailureClass.KUBERNETES);
  }

  @Test
  void kubernetesThatWorksAgainIsForgiven() {
    Target target = new Target.Held(issued(3600), true, false);
    step(target, granted(AskCause.FIRST));
    step(target, ClusterFailures.unrendered(ORDER, FailureClass.KUBERNETES, 503));
    step(new Target.Held(issued(3600), false, false), new Outcome.Rendered());
    assertThat(told()).contains("Renewed=True Succeeded @0");
    assertThat(status.failures()).isNull();
    assertThat(events).containsExactly("TokenIssued", "RenewalFailed", "RenewalRecovered");
  }

  @Test
  void aFailureIsNotForgivenBecauseItIsTooSoonToAskAgain() {
    Failure denied =
        new Failure(
            FailureClass.KUBERNETES_DENIED, 1, now, now.plusSeconds(60), "request", null, null);
    Observation seen =
        new Observation(
            START,
            ORDER.specHash(),
            "request",
            new Target.Damaged(),
            denied,
            null,
            null,
            now,
            Demand.NONE);
    assertThat(FailureLog.next(seen, new Outcome.Kept(), ORDER.uid(), now.plusSeconds(3)))
        .isEqualTo(denied);
  }

  @Test
  void aKubernetesFailureIsNotForgivenWhileItsReasonLasts() {
    Target due = new Target.Held(issuedAt(START.minusSeconds(3000), 3600), false, false);
    step(due, ClusterFailures.unreadable("login", ORDER, FailureClass.KUBERNETES, 503));
    step(due, new Outcome.Kept());
    assertThat(told()).contains("Renewed=False KubernetesWriteFailed @0");
  }

  @Test
  void whatWasMissingIsForgivenOnceNothingIsDue() {
    Target good = new Target.Held(issued(3600), false, false);
    step(good, Failures.credentialsMissing(ORDER));
    step(good, new Outcome.Kept());
    assertThat(told()).contains("Renewed=True Succeeded @0");
    assertThat(status.failures()).isNull();
  }

  @Test
  void aTargetThatIsGoneForAMomentLeavesTheLastRequestASuccess() {
    step(new Target.Held(issued(3600), false, false), granted(AskCause.FIRST));
    pass(3);
    step(ABSENT, new Outcome.Kept());
    assertThat(told()).containsExactly("Ready=False NoToken @3", "Renewed=True Succeeded @0");
  }

  @Test
  void aRefusedLoginIsToldOnceForAll() {
    step(ABSENT, refused(Refusal.CREDENTIALS_REJECTED));
    pass(600);
    step(ABSENT, refused(Refusal.CREDENTIALS_REJECTED));
    assertThat(failure).extracting(Failure::count).isEqualTo(2);
    assertThat(failure).extracting(Failure::nextAttempt).isEqualTo(START.plusSeconds(600 + 21_600));
    assertThat(events).containsExactly("CredentialsRejected");
  }

  @Test
  void refusalsAreRememberedThroughOtherFailures() {
    step(ABSENT, refused(Refusal.CREDENTIALS_REJECTED));
    step(ABSENT, refused(Refusal.ENDPOINT_UNAVAILABLE));
    assertThat(failure).extracting(Failure::kind).isEqualTo(FailureClass.TRANSIENT);
    assertThat(status.failures().rejections().count()).isEqualTo(1);
    assertThat(FailureLog.read(status.failures())).contains(failure);
    step(ABSENT, refused(Refusal.CREDENTIALS_REJECTED));
    assertThat(status.failures().rejections().count()).isEqualTo(2);
  }

  @Test
  void aTokenNearItsEndIsTriedForMoreOften() {
    Target ending = new Target.Held(issuedAt(START.minusSeconds(3560), 3600), false, false);
    for (int i = 0; i < 8; i++) {
      step(ending, refused(Refusal.ENDPOINT_UNAVAILABLE));
    }
    assertThat(failure).extracting(Failure::nextAttempt).isEqualTo(START.plusSeconds(5));
  }

  @Test
  void whatTheAnswerSaidIsStillSaidAfterARestoration() {
    GrantedToken assumed =
        new GrantedToken(
            "the-token", Duration.ofSeconds(1200), Optional.empty(), true, Optional.empty());
    step(
        new Target.Held(issued(1200), false, false),
        Outcome.Issued.of(AskCause.FIRST, ORDER, assumed));
    step(new Target.Held(issued(1200), false, false), new Outcome.Rendered());
    assertThat(status.condition("Renewed").orElseThrow().message()).contains("1200 s are assumed");
  }

  @Test
  void aTokenThatCannotBeReadBackIsToldAsItIs() {
    step(new Target.Damaged(), granted(AskCause.FIRST));
    assertThat(told()).containsExactly("Ready=False NoToken @0", "Renewed=True Succeeded @0");
  }

  @Test
  void aPendingFailureKeepsItsWords() {
    step(ABSENT, refused(Refusal.CREDENTIALS_REJECTED));
    String words = status.condition("Renewed").orElseThrow().message();
    step(ABSENT, new Outcome.Kept());
    assertThat(status.condition("Renewed").orElseThrow().message()).isEqualTo(words);
  }

  @Test
  void aConflictThatIsOverGivesWayToWhatIsStillPending() {
    step(ABSENT, refused(Refusal.CREDENTIALS_REJECTED));
    pass(5);
    step(new Target.Foreign("Deployment web"), ClusterFailures.conflict("Deployment web", ORDER));
    assertThat(told()).contains("Renewed=False TargetSecretConflict @0");
    step(ABSENT, new Outcome.Kept());
    assertThat(told())
        .containsExactly(
            "Ready=False NoToken @0",
            "Renewed=False CredentialsRejected @0",
            "Stalled=True CredentialsRejected @0");
    assertThat(status.condition("Renewed").orElseThrow().message())
        .isEqualTo(
            "The last request failed and is made again at 2026-05-04T12:10:00Z, or when its cause is mended.");
  }

  @Test
  void aConflictSetsBothToFalseAndStalls() {
    step(new Target.Foreign("Deployment web"), ClusterFailures.conflict("Deployment web", ORDER));
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
    step(new Target.Predecessor(), new Outcome.Kept());
    assertThat(told()).containsExactly("Ready=False NoToken @0");
    assertThat(events).isEmpty();
    pass(60);
    step(
        new Target.Predecessor(),
        ClusterFailures.conflict("an earlier IrisCredential of this name", ORDER));
    assertThat(told())
        .contains("Ready=False TargetSecretConflict @0", "Stalled=True TargetSecretConflict @60");
  }

  @Test
  void aTokenOfAnEarlierSpecIsOutdated() {
    StoredToken token = issued(3600);
    StoredToken outdated =
        new StoredToken(token.lifetime(), token.renewAt(), "api", "other", "hash", "login/1", null);
    step(new Target.Held(outdated, false, false), refused(Refusal.SCOPE_REJECTED));
    assertThat(told())
        .containsExactly(
            "Ready=False TokenOutdated @0",
            "Renewed=False ScopeRejected @0",
            "Stalled=True ScopeRejected @0");
  }

  @Test
  void aDamagedTokenIsNone() {
    step(new Target.Damaged(), refused(Refusal.ENDPOINT_UNAVAILABLE));
    assertThat(told()).contains("Ready=False NoToken @0");
    assertThat(status.token()).isNull();
    assertThat(status.binding()).isNotNull();
  }

  @Test
  void aDeletedOrDamagedTargetIsRestored() {
    step(new Target.Held(issued(3600), false, false), granted(AskCause.FIRST));
    step(new Target.Held(issued(3600), false, false), granted(AskCause.FIRST));
    step(new Target.Held(issued(3600), false, false), granted(AskCause.UNREADABLE));
    step(new Target.Held(issued(3600), false, false), new Outcome.Rendered());
    assertThat(events)
        .containsExactly(
            "TokenIssued", "TargetSecretRestored", "TargetSecretRestored", "TargetSecretRestored");
  }

  @Test
  void aTargetThatFollowsItsSpecIsNoEvent() {
    step(new Target.Held(issued(3600), false, false), granted(AskCause.FIRST));
    status =
        new IrisCredentialStatus(
            0L, status.conditions(), status.token(), status.binding(), null, null);
    step(new Target.Held(issued(3600), false, false), new Outcome.Rendered());
    assertThat(events).containsExactly("TokenIssued");
    assertThat(status.observedGeneration()).isEqualTo(1);
  }

  @Test
  void whoIsSuspendedStaysReadyUntilTheTokenEnds() {
    Target target = new Target.Held(issued(3600), false, false);
    step(target, granted(AskCause.FIRST));
    demand = new Demand(true, null, null);
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
    Target target = new Target.Held(issued(3600), false, false);
    step(target, granted(AskCause.FIRST));
    demand = new Demand(true, null, null);
    step(target, new Outcome.Kept());
    demand = Demand.NONE;
    pass(10);
    step(target, new Outcome.Kept());
    assertThat(told()).containsExactly("Ready=True TokenValid @0", "Renewed=True Succeeded @10");
    assertThat(events).containsExactly("TokenIssued");
  }

  @Test
  void whoIsSuspendedWithoutATokenHasNone() {
    demand = new Demand(true, null, null);
    step(ABSENT, new Outcome.Kept());
    assertThat(told()).containsExactly("Ready=False Suspended @0", "Renewed=False Suspended @0");
    step(new Target.Damaged(), new Outcome.Kept());
    assertThat(told()).contains("Ready=False Suspended @0");
    demand = Demand.NONE;
    step(ABSENT, new Outcome.Kept());
    assertThat(told()).containsExactly("Ready=False NoToken @0");
  }

  @Test
  void aSuspendedTokenOfAnEarlierSpecIsStillOutdated() {
    demand = new Demand(true, null, null);
    StoredToken token = issued(3600);
    StoredToken outdated =
        new StoredToken(token.lifetime(), token.renewAt(), "api", "other", "hash", null, null);
    step(new Target.Held(outdated, false, false), new Outcome.Kept());
    assertThat(told())
        .containsExactly("Ready=False TokenOutdated @0", "Renewed=False Suspended @0");
  }

  @Test
  void healingWhileSuspendedIsNoRecovery() {
    Target target = new Target.Held(issued(3600), false, false);
    step(target, granted(AskCause.FIRST));
    demand = new Demand(true, null, null);
    step(target, new Outcome.Kept());
    step(target, new Outcome.Rendered());
    assertThat(events).containsExactly("TokenIssued", "TargetSecretRestored");
  }

  @Test
  void aFailureOutlivesASuspension() {
    Target target = new Target.Held(issued(3600), false, false);
    step(target, granted(AskCause.FIRST));
    step(target, refused(Refusal.CREDENTIALS_REJECTED));
    Failure refused = failure;
    demand = new Demand(true, null, null);
    step(target, new Outcome.Kept());
    assertThat(told()).contains("Renewed=False Suspended @0");
    demand = Demand.NONE;
    step(target, new Outcome.Kept());
    assertThat(told()).contains("Renewed=False CredentialsRejected @0");
    assertThat(failure).isEqualTo(refused);
  }

  @Test
  void aFailureAfterASuspensionIsToldLikeAnyOther() {
    Target target = new Target.Held(issued(3600), false, false);
    step(target, granted(AskCause.FIRST));
    demand = new Demand(true, null, null);
    step(target, new Outcome.Kept());
    demand = Demand.NONE;
    step(target, refused(Refusal.ENDPOINT_UNAVAILABLE));
    assertThat(events).containsExactly("TokenIssued", "RenewalFailed");
  }

  @Test
  void aRequestedRenewalIsAcknowledgedWhenItWasActedOn() {
    demand = new Demand(false, "now", "earlier");
    step(new Target.Held(issued(3600), false, false), new Outcome.Kept());
    assertThat(status.lastHandledRenewRequest()).isEqualTo("earlier");
    demand = new Demand(false, "now", "now");
    step(new Target.Held(issued(3600), false, false), refused(Refusal.ENDPOINT_UNAVAILABLE));
    assertThat(status.lastHandledRenewRequest()).isEqualTo("now");
    demand = new Demand(false, null, "now");
    step(new Target.Held(issued(3600), false, false), new Outcome.Kept());
    assertThat(status.lastHandledRenewRequest()).isEqualTo("now");
  }

  @Test
  void anAcknowledgementThatWasLostIsReadFromTheSecret() {
    demand = new Demand(false, "now", null);
    StoredToken token = issued(3600);
    StoredToken answer =
        new StoredToken(
            token.lifetime(), token.renewAt(), "api", token.specHash(), "hash", null, "now");
    step(new Target.Held(answer, false, false), new Outcome.Kept());
    assertThat(status.lastHandledRenewRequest()).isEqualTo("now");
  }

  @Test
  void aTokenThatIsIssuedAfterAFailureEndsItThoughTheStatusWasLost() {
    step(held(issued(3600)), granted(AskCause.FIRST));
    pass(1800);
    step(held(issuedAt(START, 3600)), refused(Refusal.CREDENTIALS_REJECTED));
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
    step(ABSENT, refused(Refusal.CREDENTIALS_REJECTED));
    restart(held(issued(3600)));
    assertThat(told()).containsExactly("Ready=True TokenValid @0", "Renewed=True Succeeded @0");
    assertThat(status.failures()).isNull();
    assertThat(events).containsExactly("CredentialsRejected", "TokenIssued");
  }

  @Test
  void aFailureAfterTheTokenOutlivesARestart() {
    step(held(issued(3600)), granted(AskCause.FIRST));
    pass(1800);
    step(held(issuedAt(START, 3600)), refused(Refusal.RATE_LIMITED));
    Failure limited = failure;
    restart(held(issuedAt(START, 3600)));
    assertThat(failure).isEqualTo(limited);
    assertThat(told()).contains("Renewed=False RateLimited @1800");
  }

  @Test
  void aClockThatWasSetBackEndsNoFailure() {
    step(held(issued(3600)), granted(AskCause.FIRST));
    pass(-300);
    step(held(issuedAt(START, 3600)), refused(Refusal.CREDENTIALS_REJECTED));
    Failure refused = failure;
    pass(600);
    restart(held(issuedAt(START, 3600)));
    assertThat(failure).isEqualTo(refused);
  }

  @Test
  void aTokenThatWasWrittenLateDisprovesTheRefusalsBeforeIt() {
    step(ABSENT, refused(Refusal.CREDENTIALS_REJECTED));
    StoredToken accepted = issued(3600);
    pass(5);
    step(ABSENT, ClusterFailures.unwritable(ORDER, FailureClass.KUBERNETES, 503));
    assertThat(status.failures().rejections()).isNotNull();
    assertThat(FailureLog.standing(status, ABSENT)).map(Failure::rejections).isPresent();
    assertThat(FailureLog.standing(status, held(accepted)).orElseThrow().rejections()).isNull();
    restart(held(accepted));
    assertThat(status.failures()).isNull();
  }

  @Test
  void anOrdinaryRenewalWhoseStatusWasLostIsToldAndIsNoEvent() {
    step(held(issued(3600)), granted(AskCause.FIRST));
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
    step(new Target.Foreign("x"), ClusterFailures.conflict("x", ORDER));
    step(held(issued(3600)), new Outcome.Adopted());
    assertThat(told()).containsExactly("Ready=True TokenValid @0", "Renewed=True Succeeded @0");
    assertThat(status.failures()).isNull();
    assertThat(events).containsExactly("TargetSecretConflict", "RenewalRecovered");
  }

  /** A new process finds this Secret beside the last status that was written. */
  private void restart(Target target) {
    held = StatusReport.hadToken(status);
    failure = FailureLog.standing(status, target).orElse(null);
    step(target, new Outcome.Kept());
  }

  private static Target held(StoredToken token) {
    return new Target.Held(token, false, false);
  }

  @Test
  void whatIsWrittenDownIsReadBack() {
    step(ABSENT, refused(Refusal.CREDENTIALS_REJECTED));
    assertThat(FailureLog.read(status.failures())).contains(failure);
    assertThat(FailureLog.read(null)).isEmpty();
    assertThat(status.failures().failureClass()).isEqualTo("Rejected");
    step(ABSENT, ClusterFailures.unwritable(ORDER, FailureClass.KUBERNETES_DENIED, 403));
    assertThat(status.failures().failureClass()).isEqualTo("KubernetesDenied");
  }

  /** One step and its report, as the shell does it. */
  private void step(Target target, Outcome outcome) {
    Observation seen =
        new Observation(
            START, ORDER.specHash(), "request", target, failure, null, null, null, demand);
    failure = FailureLog.next(seen, outcome, ORDER.uid(), now);
    IrisCredentialStatus next =
        StatusReport.next(status, ORDER, seen.withFailure(failure), outcome, now);
    Announcement.between(status, next, outcome, held).forEach(event -> events.add(event.reason()));
    status = next;
    held |= target instanceof Target.Held;
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
    return Issue.of(grantFor(life), at, ORDER, "login/1", null).orElseThrow();
  }

  private static GrantedToken grantFor(long life) {
    return new GrantedToken(
        "the-token", Duration.ofSeconds(life), Optional.of("api"), false, Optional.empty());
  }

  private static Outcome granted(AskCause cause) {
    return Outcome.Issued.of(cause, ORDER, grantFor(3600));
  }

  private Outcome refused(Refusal refusal) {
    TokenAnswer.Refused answer = new TokenAnswer.Refused(refusal, "HTTP 400", Optional.empty());
    if (refusal != Refusal.CREDENTIALS_REJECTED) {
      return Failures.refused(answer, ORDER, "login/1");
    }
    Rejections known = failure == null ? null : failure.rejections();
    Rejections counted = known == null ? Rejections.first("login", now) : known.tried(now);
    return Failures.loginRefused(answer, ORDER, "login/1", counted, now);
  }
}
