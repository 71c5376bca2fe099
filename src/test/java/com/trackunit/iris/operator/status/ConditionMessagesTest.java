package com.trackunit.iris.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.gate.WaitReason;
import com.trackunit.iris.operator.lockout.LoginGuard;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.oauth.TokenError;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.outcome.CredentialsSecretFailures;
import com.trackunit.iris.operator.outcome.KubernetesFailures;
import com.trackunit.iris.operator.outcome.Outcome;
import com.trackunit.iris.operator.outcome.RetryTracker;
import com.trackunit.iris.operator.outcome.TokenFailures;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RenewBefore;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.renewal.UserRequest;
import com.trackunit.iris.operator.secret.CredentialsSecret;
import com.trackunit.iris.operator.secret.Orders;
import com.trackunit.iris.operator.secret.TokenIssuance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every sentence a person can get to read, in one file to be read in one go; {@code
 * -Dsentences.update} writes it anew.
 */
class ConditionMessagesTest {
  private static final Path GOLDEN = Path.of("src/test/resources/sentences.txt");
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");
  private static final EffectiveSpec ORDER = Orders.fleet();

  private static final EffectiveSpec CLIENT = Orders.fleet(GrantType.CLIENT_CREDENTIALS);
  private static final EffectiveSpec APP = Orders.fleet(GrantType.APP_TOKEN);

  private final List<String> lines = new ArrayList<>();
  private UserRequest demand = UserRequest.NONE;

  @Test
  void areTheOnesThatWereRead() throws IOException {
    refusals(ORDER);
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
    if (System.getProperty("sentences.update") != null) {
      Files.writeString(GOLDEN, all);
    }
    assertThat(all)
        .as(
            "run ./mvnw test -Dtest=ConditionMessagesTest -Dsentences.update, read the difference and commit it")
        .isEqualTo(Files.readString(GOLDEN));
  }

  private void refusals(EffectiveSpec order) {
    TargetState absent = new TargetState.Absent();
    for (TokenError refusal : TokenError.values()) {
      if (refusal != TokenError.CREDENTIALS_REJECTED) {
        Outcome.Failed refused = TokenFailures.refused(answer(refusal), order, "login/1");
        tell(order, "refused: " + refusal, absent, refused, null);
        metric(refusal);
      }
    }
    LoginRejections first = LoginRejections.first("login", NOW);
    Outcome.Failed rejected =
        TokenFailures.loginRefused(
            answer(TokenError.CREDENTIALS_REJECTED), order, "login/1", first, NOW);
    tell(order, "refused: CREDENTIALS_REJECTED", absent, rejected, null);
    metric(TokenError.CREDENTIALS_REJECTED);
    tell(
        order,
        "refused: CREDENTIALS_REJECTED, the login's Secret is labelled",
        absent,
        rejected,
        "login/1");
    Outcome.Failed heldBack =
        TokenFailures.loginHeldBack(
            order, "login/1", new LoginGuard.Turn.Wait(first, first.nextTry(), false), NOW);
    tell(order, "refused before, perhaps for another credential", absent, heldBack, "login/1");
    tell(
        order,
        "refused, with a blank at an end",
        absent,
        TokenFailures.mentioningBlanks(
            TokenFailures.loginRefused(
                answer(TokenError.CREDENTIALS_REJECTED), order, "login/1", first, NOW),
            List.of("username", "password")),
        "login/1");
    Outcome.Failed repeated = TokenFailures.repeated(order, "login/1");
    tell(order, "repeats a token about to expire", held(order), repeated, null);
  }

  private static TokenResponse.Refused answer(TokenError refusal) {
    return new TokenResponse.Refused(refusal, "the cause", Optional.empty());
  }

  private void metric(TokenError refusal) {
    lines.add("  metric iris_token_requests_total{outcome=\"" + answer(refusal).outcome() + "\"}");
  }

  private void logins() {
    tell("login missing", new TargetState.Absent(), CredentialsSecretFailures.missing(ORDER), null);
    for (CredentialsSecret.Problem problem : CredentialsSecret.Problem.values()) {
      CredentialsSecret.Invalid invalid =
          new CredentialsSecret.Invalid("password", problem, "login/1");
      tell(
          "login invalid: " + problem,
          new TargetState.Absent(),
          CredentialsSecretFailures.invalid(invalid, ORDER),
          null);
    }
  }

  private void cluster() {
    tell(
        "Secret unreadable, no answer at all",
        held(ORDER),
        KubernetesFailures.unreadable("login", ORDER, RetryClass.KUBERNETES, 0),
        null);
    tell("target immutable", held(ORDER), KubernetesFailures.immutable(ORDER), null);
    tell(
        "spec of a later version",
        new TargetState.Absent(),
        KubernetesFailures.unsupported("spec.grantType", ORDER),
        null);
    tell(
        "try not recorded",
        new TargetState.Absent(),
        KubernetesFailures.unrecorded(ORDER, 503),
        null);
    tell(
        "conflict",
        new TargetState.Foreign("Deployment web"),
        KubernetesFailures.conflict("Deployment web", ORDER),
        null);
    tell(
        "conflict, a token in hand",
        new TargetState.Foreign("Deployment web"),
        KubernetesFailures.conflict(new TargetState.Foreign("Deployment web"), ORDER),
        null);
    tell(
        "conflict with an earlier one, a token in hand",
        new TargetState.Predecessor(),
        KubernetesFailures.conflict(new TargetState.Predecessor(), ORDER),
        null);
    tell("an earlier credential's Secret", new TargetState.Predecessor(), new Outcome.Kept(), null);
    tell(
        "an orphaned Secret that cannot be written",
        new TargetState.Orphaned(),
        KubernetesFailures.unrendered(ORDER, RetryClass.KUBERNETES_DENIED, 403),
        null);
    tell(
        "Secret unreadable",
        held(ORDER),
        KubernetesFailures.unreadable("login", ORDER, RetryClass.KUBERNETES, -1),
        null);
    tell(
        "Secret unwritable",
        new TargetState.Absent(),
        KubernetesFailures.unwritable(ORDER, RetryClass.KUBERNETES, 503),
        null);
    tell(
        "Secret denied",
        new TargetState.Absent(),
        KubernetesFailures.unwritable(ORDER, RetryClass.KUBERNETES_DENIED, 403),
        null);
    tell("Secret altered on its way", held(ORDER), KubernetesFailures.altered(ORDER), null);
    tell("token edited", new TargetState.Damaged(), new Outcome.Kept(), null);
  }

  private void waiting() {
    for (WaitReason obstacle : WaitReason.values()) {
      tell(
          "waiting without a token: " + obstacle,
          new TargetState.Absent(),
          new Outcome.Waiting(obstacle, NOW, NOW.minusSeconds(30)),
          null);
    }
    Instant expiry = NOW.plusSeconds(3600);
    tell(
        "waiting, the token ends before the turn comes",
        held(ORDER),
        new Outcome.Waiting(WaitReason.BUSY, expiry, NOW),
        null);
    tell(
        "waiting, the turn comes before the token ends",
        held(ORDER),
        new Outcome.Waiting(WaitReason.BUSY, expiry.minusSeconds(1), NOW),
        null);
  }

  private void successes() {
    tell("issued", held(ORDER), granted(ORDER, 3600, "api", false), null);
    tell("issued, no lifetime said", held(ORDER), granted(ORDER, 1200, "api", true), null);
    EffectiveSpec wider = with(List.of("api", "offline_access"), new RenewBefore.ByDefault());
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
    tell("issued, short life", held(ORDER, 20), granted(ORDER, 20, "api", false), null);
    EffectiveSpec early = with(List.of("api"), new RenewBefore.Margin(Duration.ofHours(2)));
    tell(early, "issued, margin too long", held(early), granted(early, 3600, "api", false), null);
    EffectiveSpec often = with(List.of("api"), new RenewBefore.Percentage(99));
    tell(often, "issued, many requests", held(often), granted(often, 3600, "api", false), null);
    EffectiveSpec other = with(List.of("other"), new RenewBefore.ByDefault());
    tell(other, "outdated", held(ORDER), new Outcome.Kept(), null);
    StoredToken expired =
        TokenIssuance.of(grant(3600, "api", false), NOW.minusSeconds(3600), ORDER, "login/1", null)
            .orElseThrow();
    tell("expired", new TargetState.Held(expired, false, false), new Outcome.Kept(), null);
    demand = new UserRequest(true, null, null);
    tell("suspended", held(ORDER), new Outcome.Kept(), null);
    tell("suspended without a token", new TargetState.Absent(), new Outcome.Kept(), null);
    demand = new UserRequest(true, "now", null);
    tell("suspended, a renewal requested", held(ORDER), new Outcome.Kept(), null);
  }

  private void tell(
      String title, TargetState target, Outcome outcome, @Nullable String loginVersion) {
    tell(ORDER, title, target, outcome, loginVersion);
  }

  private void tell(
      EffectiveSpec order,
      String title,
      TargetState target,
      Outcome outcome,
      @Nullable String loginVersion) {
    Observation seen =
        new Observation(
            NOW, order.specHash(), "request", target, null, loginVersion, null, null, demand);
    RetryState failure = RetryTracker.next(seen, outcome, order.uid(), NOW);
    IrisCredentialStatus next =
        StatusCalculator.next(
            IrisCredentialStatus.NONE, order, seen.withFailure(failure), outcome, NOW);
    lines.add("# " + who(order.grantType()) + title);
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

  private static EffectiveSpec with(List<String> scopes, RenewBefore renewBefore) {
    return new EffectiveSpec(
        ORDER.namespace(),
        ORDER.name(),
        ORDER.uid(),
        1,
        ORDER.loginSecret(),
        ORDER.loginKeys(),
        GrantType.PASSWORD,
        scopes,
        ORDER.targetSecret(),
        Map.of(),
        Map.of(),
        renewBefore,
        Map.of(),
        false,
        null,
        null);
  }

  private static TargetState held(EffectiveSpec order) {
    return held(order, 3600);
  }

  private static TargetState held(EffectiveSpec order, long life) {
    return new TargetState.Held(
        TokenIssuance.of(grant(life, "api", false), NOW, order, "login/1", null).orElseThrow(),
        false,
        false);
  }

  private static Outcome granted(
      EffectiveSpec order, long life, @Nullable String scope, boolean assumed) {
    return Outcome.Issued.of(RenewalCause.FIRST, order, grant(life, scope, assumed));
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
