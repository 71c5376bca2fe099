package com.trackunit.iris.operator.status;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.gate.Admission;
import com.trackunit.iris.operator.gate.WaitReason;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.oauth.TokenError;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.renewal.UserRequest;
import com.trackunit.iris.operator.secret.CredentialsSecret;
import com.trackunit.iris.operator.secret.TokenIssuance;
import com.trackunit.iris.operator.support.Generated;
import com.trackunit.iris.operator.support.Specs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every sentence a person can get to read, in one file to be read in one go. */
class ConditionMessagesTest {
  private static final Path GOLDEN = Path.of("src/test/resources/sentences.txt");
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");
  private static final EffectiveSpec SPEC = Specs.fleet();

  private static final EffectiveSpec CLIENT =
      Specs.fleet("grantType: ClientCredentials", "scopes: [api]");
  private static final EffectiveSpec APP = Specs.fleet("grantType: AppToken", "scopes: [api]");

  private final List<String> lines = new ArrayList<>();
  private UserRequest demand = UserRequest.NONE;

  @Test
  void areTheOnesThatWereRead() throws IOException {
    refusals(SPEC);
    logins();
    for (EffectiveSpec client : List.of(CLIENT, APP)) {
      refusals(client);
      tell(
          client,
          "login missing",
          new TargetState.Absent(),
          CredentialsSecretFailures.missing(client),
          null);
    }
    cluster();
    waiting();
    successes();
    String all = String.join("\n", lines) + "\n";
    Generated.check(GOLDEN, all);
  }

  private void refusals(EffectiveSpec spec) {
    TargetState absent = new TargetState.Absent();
    for (TokenError refusal : TokenError.values()) {
      if (refusal != TokenError.CREDENTIALS_REJECTED) {
        Outcome.Failed refused = TokenFailures.refused(answer(refusal), spec, "login/1");
        tell(spec, "refused: " + refusal, absent, refused, null);
        metric(refusal);
      }
    }
    LoginRejections first = LoginRejections.first("login", NOW);
    Outcome.Failed rejected =
        TokenFailures.loginRefused(
            answer(TokenError.CREDENTIALS_REJECTED), spec, "login/1", first, NOW);
    tell(spec, "refused: CREDENTIALS_REJECTED", absent, rejected, null);
    metric(TokenError.CREDENTIALS_REJECTED);
    tell(
        spec,
        "refused: CREDENTIALS_REJECTED, the login's Secret is labelled",
        absent,
        rejected,
        "login/1");
    tell(
        spec,
        "refused before, perhaps for another credential",
        absent,
        heldBack(spec, first, false, false),
        "login/1");
    tell(
        spec,
        "corrected, and others have used up the tries of an hour",
        absent,
        heldBack(spec, first, true, true),
        "login/1");
    TokenResponse.Refused silent = answer(TokenError.ENDPOINT_UNAVAILABLE);
    tell(
        spec,
        "no answer in time, for a login that was never accepted",
        absent,
        TokenFailures.withoutVerdict(silent, spec, "login/1", first, NOW),
        "login/1");
    tell(
        spec,
        "refused, as every other login",
        absent,
        TokenFailures.everyLoginRefused(
            answer(TokenError.CREDENTIALS_REJECTED), spec, "login/1", first, NOW),
        "login/1");
    tell(
        spec,
        "refused, with values that may be mistakes",
        absent,
        TokenFailures.mentioning(
            TokenFailures.loginRefused(
                answer(TokenError.CREDENTIALS_REJECTED), spec, "login/1", first, NOW),
            List.of(
                new CredentialsSecret.Suspect("username", Optional.empty()),
                new CredentialsSecret.Suspect("password", Optional.of("U+200B ZERO WIDTH SPACE")))),
        "login/1");
    Outcome.Failed repeated = TokenFailures.repeated(spec, "login/1");
    tell(spec, "repeats a token about to expire", held(spec), repeated, null);
  }

  private static Outcome.Failed heldBack(
      EffectiveSpec spec, LoginRejections known, boolean untried, boolean byOthers) {
    return TokenFailures.loginHeldBack(
        spec, "login/1", new Admission.HeldBack(known, known.nextTry(), untried, byOthers), NOW);
  }

  private static TokenResponse.Refused answer(TokenError refusal) {
    return new TokenResponse.Refused(refusal, "the cause", Optional.empty());
  }

  private void metric(TokenError refusal) {
    lines.add("  metric iris_token_requests_total{outcome=\"" + answer(refusal).outcome() + "\"}");
  }

  private void logins() {
    tell("login missing", new TargetState.Absent(), CredentialsSecretFailures.missing(SPEC), null);
    for (CredentialsSecret.Problem problem : CredentialsSecret.Problem.values()) {
      CredentialsSecret.Invalid invalid =
          new CredentialsSecret.Invalid("password", problem, "login/1");
      tell(
          "login invalid: " + problem,
          new TargetState.Absent(),
          CredentialsSecretFailures.invalid(invalid, SPEC),
          null);
    }
    for (CredentialsSecret.Unfit.Ground ground : CredentialsSecret.Unfit.Ground.values()) {
      tell(
          "not a login: " + ground,
          new TargetState.Absent(),
          CredentialsSecretFailures.unfit(new CredentialsSecret.Unfit(ground), SPEC),
          null);
    }
  }

  private void cluster() {
    tell(
        "Secret unreadable, no answer at all",
        held(SPEC),
        KubernetesFailures.unreadable("login", SPEC, RetryClass.KUBERNETES, 0),
        null);
    tell("target immutable", held(SPEC), KubernetesFailures.immutable(SPEC), null);
    tell(
        "spec of a later version",
        new TargetState.Absent(),
        KubernetesFailures.unsupported("spec.grantType", SPEC),
        null);
    tell(
        "try not recorded",
        new TargetState.Absent(),
        KubernetesFailures.unrecorded(SPEC, 503),
        null);
    tell(
        "conflict",
        new TargetState.Foreign("Deployment web"),
        KubernetesFailures.conflict("Deployment web", SPEC),
        null);
    tell(
        "conflict, a token in hand",
        new TargetState.Foreign("Deployment web"),
        KubernetesFailures.conflict(new TargetState.Foreign("Deployment web"), SPEC),
        null);
    tell(
        "conflict with an earlier one, a token in hand",
        new TargetState.Predecessor(),
        KubernetesFailures.conflict(new TargetState.Predecessor(), SPEC),
        null);
    tell("an earlier credential's Secret", new TargetState.Predecessor(), new Outcome.Kept(), null);
    tell(
        "an orphaned Secret that cannot be written",
        new TargetState.Orphaned(),
        KubernetesFailures.unwritten(SPEC, RetryClass.KUBERNETES_DENIED, 403),
        null);
    tell(
        Specs.deleted(),
        "deleted but held by a finalizer, and its Secret is gone",
        new TargetState.Absent(),
        new Outcome.Kept(),
        null);
    tell(
        "Secret unreadable",
        held(SPEC),
        KubernetesFailures.unreadable("login", SPEC, RetryClass.KUBERNETES, -1),
        null);
    tell(
        "Secret unwritable",
        new TargetState.Absent(),
        KubernetesFailures.unwritable(SPEC, RetryClass.KUBERNETES, 503),
        null);
    tell(
        "Secret denied",
        new TargetState.Absent(),
        KubernetesFailures.unwritable(SPEC, RetryClass.KUBERNETES_DENIED, 403),
        null);
    tell("Secret altered on its way", held(SPEC), KubernetesFailures.altered(SPEC), null);
    tell("token edited", new TargetState.Damaged(), new Outcome.Kept(), null);
  }

  private void waiting() {
    for (WaitReason obstacle : WaitReason.values()) {
      tell(
          "waiting without a token: " + obstacle,
          new TargetState.Absent(),
          new Outcome.AwaitingSlot(obstacle, NOW, NOW.minusSeconds(30)),
          null);
    }
    Instant expiry = NOW.plusSeconds(3600);
    tell(
        "waiting, the token ends before the turn comes",
        held(SPEC),
        new Outcome.AwaitingSlot(WaitReason.BUSY, expiry, NOW),
        null);
    tell(
        "waiting, the turn comes before the token ends",
        held(SPEC),
        new Outcome.AwaitingSlot(WaitReason.BUSY, expiry.minusSeconds(1), NOW),
        null);
  }

  private void successes() {
    tell("issued", held(SPEC), granted(SPEC, 3600, "api", false), null);
    tell("issued, no lifetime said", held(SPEC), granted(SPEC, 1200, "api", true), null);
    EffectiveSpec wider = Specs.fleet("scopes: [api, offline_access]");
    tell(wider, "issued, fewer scopes", held(wider), granted(wider, 3600, "api", false), null);
    IssuedToken refreshable =
        new IssuedToken(
            "the-token",
            Duration.ofHours(1),
            Optional.of("api"),
            false,
            Optional.of("the-refresh-token"));
    tell(
        wider,
        "issued, with a refresh token",
        held(wider),
        Outcome.Issued.of(RenewalCause.FIRST, wider, refreshable),
        null);
    tell(wider, "issued, scopes not named", held(wider), granted(wider, 3600, null, false), null);
    tell("issued, short life", held(SPEC, 20), granted(SPEC, 20, "api", false), null);
    EffectiveSpec early = Specs.fleet("renewBefore: 2h");
    tell(early, "issued, margin too long", held(early), granted(early, 3600, "api", false), null);
    EffectiveSpec often = Specs.fleet("renewBeforePercentage: 99");
    tell(often, "issued, many requests", held(often), granted(often, 3600, "api", false), null);
    EffectiveSpec other = Specs.fleet("scopes: [other]");
    tell(other, "outdated", held(SPEC), new Outcome.Kept(), null);
    StoredToken expired =
        TokenIssuance.of(grant(3600, "api", false), NOW.minusSeconds(3600), SPEC, "login/1", null)
            .orElseThrow();
    tell("expired", new TargetState.Held(expired, false, false), new Outcome.Kept(), null);
    StoredToken due =
        TokenIssuance.of(grant(3600, "api", false), NOW.minusSeconds(2700), SPEC, "login/1", null)
            .orElseThrow();
    tell(
        "due, and the request fails",
        new TargetState.Held(due, false, false),
        TokenFailures.refused(answer(TokenError.ENDPOINT_UNAVAILABLE), SPEC, "login/1"),
        null);
    demand = new UserRequest(true, null, null);
    tell("suspended", held(SPEC), new Outcome.Kept(), null);
    tell("suspended without a token", new TargetState.Absent(), new Outcome.Kept(), null);
    demand = new UserRequest(true, "now", null);
    tell("suspended, a renewal requested", held(SPEC), new Outcome.Kept(), null);
  }

  private void tell(
      String title, TargetState target, Outcome outcome, @Nullable String loginVersion) {
    tell(SPEC, title, target, outcome, loginVersion);
  }

  private void tell(
      EffectiveSpec spec,
      String title,
      TargetState target,
      Outcome outcome,
      @Nullable String loginVersion) {
    Observation seen =
        new Observation(
            NOW, spec.specHash(), "request", target, null, loginVersion, null, null, demand);
    RetryState failure = RetryTracker.next(seen, outcome, spec.uid(), NOW);
    IrisCredentialStatus next =
        StatusCalculator.next(
            IrisCredentialStatus.NONE, spec, seen.withFailure(failure), outcome, NOW);
    lines.add("# " + who(spec.grantType()) + title);
    next.conditions().stream().map(ConditionMessagesTest::line).forEach(lines::add);
    StatusEvent.between(IrisCredentialStatus.NONE, next, outcome, false)
        .forEach(
            event ->
                lines.add(
                    "  event " + (event.warning() ? "Warning " : "Normal ") + event.reason()));
  }

  private static String who(GrantType grantType) {
    return switch (grantType) {
      case PASSWORD -> "";
      case CLIENT_CREDENTIALS -> "a client, ";
      case APP_TOKEN -> "an app, ";
    };
  }

  private static String line(Condition condition) {
    return "  %s=%s %s: %s"
        .formatted(condition.type(), condition.status(), condition.reason(), condition.message());
  }

  private static TargetState held(EffectiveSpec spec) {
    return held(spec, 3600);
  }

  private static TargetState held(EffectiveSpec spec, long life) {
    return new TargetState.Held(
        TokenIssuance.of(grant(life, "api", false), NOW, spec, "login/1", null).orElseThrow(),
        false,
        false);
  }

  private static Outcome granted(
      EffectiveSpec spec, long life, @Nullable String scope, boolean assumed) {
    return Outcome.Issued.of(RenewalCause.FIRST, spec, grant(life, scope, assumed));
  }

  private static IssuedToken grant(long life, @Nullable String scope, boolean assumed) {
    return new IssuedToken(
        "the-token",
        Duration.ofSeconds(life),
        Optional.ofNullable(scope),
        assumed,
        Optional.empty());
  }
}
