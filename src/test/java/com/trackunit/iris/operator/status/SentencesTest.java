package com.trackunit.iris.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.StandingOrder;
import com.trackunit.iris.operator.gate.Logins;
import com.trackunit.iris.operator.gate.Obstacle;
import com.trackunit.iris.operator.oauth.GrantedToken;
import com.trackunit.iris.operator.oauth.Refusal;
import com.trackunit.iris.operator.oauth.TokenAnswer;
import com.trackunit.iris.operator.renewal.AskCause;
import com.trackunit.iris.operator.renewal.Demand;
import com.trackunit.iris.operator.renewal.Failure;
import com.trackunit.iris.operator.renewal.FailureClass;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.Rejections;
import com.trackunit.iris.operator.renewal.RenewBefore;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.Target;
import com.trackunit.iris.operator.secret.CredentialsSecret;
import com.trackunit.iris.operator.secret.Issue;
import com.trackunit.iris.operator.secret.Orders;
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
class SentencesTest {
  private static final Path GOLDEN = Path.of("src/test/resources/sentences.txt");
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");
  private static final StandingOrder ORDER = Orders.fleet();

  private static final StandingOrder CLIENT = Orders.fleet(GrantType.CLIENT_CREDENTIALS);

  private final List<String> lines = new ArrayList<>();
  private Demand demand = Demand.NONE;

  @Test
  void areTheOnesThatWereRead() throws IOException {
    refusals(ORDER);
    logins();
    refusals(CLIENT);
    tell(CLIENT, "login missing", new Target.Absent(), Failures.credentialsMissing(CLIENT), null);
    cluster();
    waiting();
    successes();
    String all = String.join("\n", lines) + "\n";
    if (System.getProperty("sentences.update") != null) {
      Files.writeString(GOLDEN, all);
    }
    assertThat(all)
        .as(
            "run ./mvnw test -Dtest=SentencesTest -Dsentences.update, read the difference and commit it")
        .isEqualTo(Files.readString(GOLDEN));
  }

  private void refusals(StandingOrder order) {
    Target absent = new Target.Absent();
    for (Refusal refusal : Refusal.values()) {
      if (refusal != Refusal.CREDENTIALS_REJECTED) {
        Outcome.Failed refused = Failures.refused(answer(refusal), order, "login/1");
        tell(order, "refused: " + refusal, absent, refused, null);
        metric(refusal);
      }
    }
    Rejections first = Rejections.first("login", NOW);
    Outcome.Failed rejected =
        Failures.loginRefused(answer(Refusal.CREDENTIALS_REJECTED), order, "login/1", first, NOW);
    tell(order, "refused: CREDENTIALS_REJECTED", absent, rejected, null);
    metric(Refusal.CREDENTIALS_REJECTED);
    tell(
        order,
        "refused: CREDENTIALS_REJECTED, the login's Secret is labelled",
        absent,
        rejected,
        "login/1");
    Outcome.Failed heldBack =
        Failures.loginHeldBack(
            order, "login/1", new Logins.Turn.Wait(first, first.nextTry(), false), NOW);
    tell(order, "refused before, perhaps for another credential", absent, heldBack, "login/1");
    tell(
        order,
        "refused, with a blank at an end",
        absent,
        Failures.mentioningBlanks(
            Failures.loginRefused(
                answer(Refusal.CREDENTIALS_REJECTED), order, "login/1", first, NOW),
            List.of("username", "password")),
        "login/1");
    Outcome.Failed repeated = Failures.repeated(order, "login/1");
    tell(order, "repeats a token about to expire", held(order), repeated, null);
  }

  private static TokenAnswer.Refused answer(Refusal refusal) {
    return new TokenAnswer.Refused(refusal, "the cause", Optional.empty());
  }

  private void metric(Refusal refusal) {
    lines.add("  metric iris_token_requests_total{outcome=\"" + answer(refusal).outcome() + "\"}");
  }

  private void logins() {
    tell("login missing", new Target.Absent(), Failures.credentialsMissing(ORDER), null);
    for (CredentialsSecret.Problem problem : CredentialsSecret.Problem.values()) {
      CredentialsSecret.Invalid invalid =
          new CredentialsSecret.Invalid("password", problem, "login/1");
      tell(
          "login invalid: " + problem,
          new Target.Absent(),
          Failures.credentialsInvalid(invalid, ORDER),
          null);
    }
  }

  private void cluster() {
    tell(
        "Secret unreadable, no answer at all",
        held(ORDER),
        ClusterFailures.unreadable("login", ORDER, FailureClass.KUBERNETES, 0),
        null);
    tell("target immutable", held(ORDER), ClusterFailures.immutable(ORDER), null);
    tell("try not recorded", new Target.Absent(), ClusterFailures.unrecorded(ORDER, 503), null);
    tell(
        "conflict",
        new Target.Foreign("Deployment web"),
        ClusterFailures.conflict("Deployment web", ORDER),
        null);
    tell(
        "conflict, a token in hand",
        new Target.Foreign("Deployment web"),
        ClusterFailures.conflict(new Target.Foreign("Deployment web"), ORDER),
        null);
    tell(
        "conflict with an earlier one, a token in hand",
        new Target.Predecessor(),
        ClusterFailures.conflict(new Target.Predecessor(), ORDER),
        null);
    tell("an earlier credential's Secret", new Target.Predecessor(), new Outcome.Kept(), null);
    tell(
        "an orphaned Secret that cannot be written",
        new Target.Orphaned(),
        ClusterFailures.unrendered(ORDER, FailureClass.KUBERNETES_DENIED, 403),
        null);
    tell(
        "Secret unreadable",
        held(ORDER),
        ClusterFailures.unreadable("login", ORDER, FailureClass.KUBERNETES, -1),
        null);
    tell(
        "Secret unwritable",
        new Target.Absent(),
        ClusterFailures.unwritable(ORDER, FailureClass.KUBERNETES, 503),
        null);
    tell(
        "Secret denied",
        new Target.Absent(),
        ClusterFailures.unwritable(ORDER, FailureClass.KUBERNETES_DENIED, 403),
        null);
    tell("Secret altered on its way", held(ORDER), ClusterFailures.altered(ORDER), null);
    tell("token edited", new Target.Damaged(), new Outcome.Kept(), null);
  }

  private void waiting() {
    for (Obstacle obstacle : Obstacle.values()) {
      tell(
          "waiting without a token: " + obstacle,
          new Target.Absent(),
          new Outcome.Waiting(obstacle, NOW),
          null);
    }
    Instant expiry = NOW.plusSeconds(3600);
    tell(
        "waiting, the token ends before the turn comes",
        held(ORDER),
        new Outcome.Waiting(Obstacle.BUSY, expiry),
        null);
    tell(
        "waiting, the turn comes before the token ends",
        held(ORDER),
        new Outcome.Waiting(Obstacle.BUSY, expiry.minusSeconds(1)),
        null);
  }

  private void successes() {
    tell("issued", held(ORDER), granted(ORDER, 3600, "api", false), null);
    tell("issued, no lifetime said", held(ORDER), granted(ORDER, 1200, "api", true), null);
    StandingOrder wider = with(List.of("api", "offline_access"), new RenewBefore.ByDefault());
    tell(wider, "issued, fewer scopes", held(wider), granted(wider, 3600, "api", false), null);
    GrantedToken refreshable =
        new GrantedToken(
            "the-token",
            Duration.ofHours(1),
            Optional.of("api"),
            false,
            Optional.of("the-refresh-token"));
    tell(
        wider,
        "issued, with a refresh token",
        held(wider),
        Outcome.Issued.of(AskCause.FIRST, wider, refreshable),
        null);
    tell(wider, "issued, scopes not named", held(wider), granted(wider, 3600, null, false), null);
    tell("issued, short life", held(ORDER, 20), granted(ORDER, 20, "api", false), null);
    StandingOrder early = with(List.of("api"), new RenewBefore.Margin(Duration.ofHours(2)));
    tell(early, "issued, margin too long", held(early), granted(early, 3600, "api", false), null);
    StandingOrder often = with(List.of("api"), new RenewBefore.Percentage(99));
    tell(often, "issued, many requests", held(often), granted(often, 3600, "api", false), null);
    StandingOrder other = with(List.of("other"), new RenewBefore.ByDefault());
    tell(other, "outdated", held(ORDER), new Outcome.Kept(), null);
    StoredToken expired =
        Issue.of(grant(3600, "api", false), NOW.minusSeconds(3600), ORDER, "login/1", null)
            .orElseThrow();
    tell("expired", new Target.Held(expired, false, false), new Outcome.Kept(), null);
    demand = new Demand(true, null, null);
    tell("suspended", held(ORDER), new Outcome.Kept(), null);
    tell("suspended without a token", new Target.Absent(), new Outcome.Kept(), null);
    demand = new Demand(true, "now", null);
    tell("suspended, a renewal requested", held(ORDER), new Outcome.Kept(), null);
  }

  private void tell(String title, Target target, Outcome outcome, @Nullable String loginVersion) {
    tell(ORDER, title, target, outcome, loginVersion);
  }

  private void tell(
      StandingOrder order,
      String title,
      Target target,
      Outcome outcome,
      @Nullable String loginVersion) {
    Observation seen =
        new Observation(
            NOW, order.specHash(), "request", target, null, loginVersion, null, null, demand);
    Failure failure = FailureLog.next(seen, outcome, order.uid(), NOW);
    IrisCredentialStatus next =
        StatusReport.next(
            IrisCredentialStatus.NONE, order, seen.withFailure(failure), outcome, NOW);
    lines.add("# " + (order.grantType() == GrantType.PASSWORD ? "" : "a client, ") + title);
    next.conditions().stream().map(SentencesTest::line).forEach(lines::add);
    Announcement.between(IrisCredentialStatus.NONE, next, outcome, false)
        .forEach(
            event ->
                lines.add(
                    "  event " + (event.warning() ? "Warning " : "Normal ") + event.reason()));
  }

  private static String line(Condition condition) {
    return "  %s=%s %s: %s"
        .formatted(condition.type(), condition.status(), condition.reason(), condition.message());
  }

  private static StandingOrder with(List<String> scopes, RenewBefore renewBefore) {
    return new StandingOrder(
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
        null);
  }

  private static Target held(StandingOrder order) {
    return held(order, 3600);
  }

  private static Target held(StandingOrder order, long life) {
    return new Target.Held(
        Issue.of(grant(life, "api", false), NOW, order, "login/1", null).orElseThrow(),
        false,
        false);
  }

  private static Outcome granted(
      StandingOrder order, long life, @Nullable String scope, boolean assumed) {
    return Outcome.Issued.of(AskCause.FIRST, order, grant(life, scope, assumed));
  }

  private static GrantedToken grant(long life, @Nullable String scope, boolean assumed) {
    return new GrantedToken(
        "the-token",
        Duration.ofSeconds(life),
        Optional.ofNullable(scope),
        assumed,
        Optional.empty());
  }
}
