package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.StandingOrder;
import com.trackunit.iris.operator.gate.Gate;
import com.trackunit.iris.operator.gate.Logins;
import com.trackunit.iris.operator.gate.Obstacle;
import com.trackunit.iris.operator.oauth.GrantedToken;
import com.trackunit.iris.operator.oauth.PasswordGrant;
import com.trackunit.iris.operator.oauth.Refusal;
import com.trackunit.iris.operator.oauth.TokenAnswer;
import com.trackunit.iris.operator.renewal.AskCause;
import com.trackunit.iris.operator.renewal.Failure;
import com.trackunit.iris.operator.renewal.FailureClass;
import com.trackunit.iris.operator.renewal.Fingerprint;
import com.trackunit.iris.operator.renewal.Rejections;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.CredentialsSecret;
import com.trackunit.iris.operator.secret.Issue;
import com.trackunit.iris.operator.secret.SecretClient;
import com.trackunit.iris.operator.status.ClusterFailures;
import com.trackunit.iris.operator.status.Failures;
import com.trackunit.iris.operator.status.Outcome;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Asks for one token: takes its turn, reads the login, makes the request, and tells what came of
 * it.
 */
final class Exchange {
  private final Endpoint endpoint;
  private final SecretClient secrets;
  private final StatusClient statusClient;
  private final Logins logins;
  private final Memory memory;
  private final OperatorMetrics metrics;
  private final InstantSource clock;
  // What is remembered of a refused password is of no use to whoever reads this process's memory
  // later.
  private final String salt = UUID.randomUUID().toString();

  Exchange(
      Endpoint endpoint,
      SecretClient secrets,
      StatusClient statusClient,
      Logins logins,
      Memory memory,
      OperatorMetrics metrics,
      InstantSource clock) {
    this.endpoint = endpoint;
    this.secrets = secrets;
    this.statusClient = statusClient;
    this.logins = logins;
    this.memory = memory;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** What came of an exchange. */
  sealed interface Result {
    /** A token is in hand, to be written. */
    record InHand(Memory.InHand token, Instant asked) implements Result {}

    /** There is none; {@code asked} is null when nobody was asked. */
    record Failed(Outcome.Failed outcome, @Nullable Instant asked) implements Result {}

    /** Nothing was done yet: others are before it. */
    record Later(Outcome outcome, Instant at) implements Result {}
  }

  Result make(Situation situation, AskCause cause) {
    StoredToken stored = situation.stored();
    Instant expiry = stored == null ? null : stored.lifetime().expiresAt();
    return switch (endpoint.gate().turn(situation.order().uid(), expiry, clock.instant())) {
      case Gate.Turn.ComeBack(Instant look, Instant slot, Obstacle obstacle) ->
          new Result.Later(new Outcome.Waiting(obstacle, slot), look);
      case Gate.Turn.Go _ -> useTurn(situation, cause);
    };
  }

  private Result useTurn(Situation situation, AskCause cause) {
    try {
      return readLogin(situation, cause);
    } finally {
      // Nothing, once an answer was reported.
      endpoint.gate().unused(situation.order().uid(), clock.instant());
    }
  }

  private Result readLogin(Situation situation, AskCause cause) {
    StandingOrder order = situation.order();
    return switch (secrets.read(order.namespace(), order.loginSecret())) {
      case SecretClient.Read.Found(Secret secret) ->
          switch (CredentialsSecret.read(secret, order)) {
            case CredentialsSecret.Usable login -> tryLogin(situation, cause, login);
            case CredentialsSecret.Invalid invalid ->
                notAsked(Failures.credentialsInvalid(invalid, order));
          };
      case SecretClient.Read.Missing _ -> notAsked(Failures.credentialsMissing(order));
      case SecretClient.Read.Failed(FailureClass kind, int code) ->
          notAsked(ClusterFailures.unreadable(order.loginSecret(), order, kind, code));
    };
  }

  private Result tryLogin(Situation situation, AskCause cause, CredentialsSecret.Usable login) {
    Logins.Attempt attempt = attempt(situation, login);
    Instant now = clock.instant();
    return switch (logins.take(attempt, now)) {
      case Logins.Turn.Busy(Instant until) -> new Result.Later(new Outcome.Kept(), until);
      case Logins.Turn.Wait(Rejections known, Instant until) ->
          notAsked(
              Failures.loginHeldBack(
                  situation.order(), refusedVersion(situation), known, until, now));
      case Logins.Turn.Go turn -> askInTurn(situation, cause, login, attempt, turn);
    };
  }

  private Result askInTurn(
      Situation situation,
      AskCause cause,
      CredentialsSecret.Usable login,
      Logins.Attempt attempt,
      Logins.Turn.Go turn) {
    try {
      return ask(situation, cause, login, attempt, turn);
    } catch (RuntimeException | Error surprise) {
      // A turn that is never given back would end the login for ever.
      logins.undecided(attempt);
      throw surprise;
    }
  }

  // What was held back was not refused: after a restart it is still to be tried as a correction.
  private static @Nullable String refusedVersion(Situation situation) {
    Failure failure = situation.seen().failure();
    return failure == null || failure.rejections() == null ? null : failure.loginVersion();
  }

  private Logins.Attempt attempt(Situation situation, CredentialsSecret.Usable login) {
    PasswordGrant grant = login.grant();
    return Logins.Attempt.of(
        Fingerprint.ofParts(List.of(endpoint.url().toString(), grant.clientId(), grant.username())),
        Fingerprint.ofParts(List.of(salt, grant.clientSecret(), grant.password())),
        situation.seen(),
        login.version());
  }

  private Result ask(
      Situation situation,
      AskCause cause,
      CredentialsSecret.Usable login,
      Logins.Attempt attempt,
      Logins.Turn.Go turn) {
    StandingOrder order = situation.order();
    int code = turn.during() == null ? 0 : record(situation, turn.during(), login.version());
    if (code != 0) {
      logins.undecided(attempt);
      return notAsked(ClusterFailures.unrecorded(order, code));
    }
    // Just before the request: latency can only shorten a life.
    Instant asked = clock.instant();
    memory.update(situation.id(), order.uid(), known -> known.withLastRequest(asked));
    return switch (metrics.request(
        endpoint.grantType(), () -> endpoint.ask(order.uid(), login.grant(), clock))) {
      case TokenAnswer.Granted(GrantedToken granted) -> {
        logins.accepted(attempt);
        yield granted(situation, cause, granted, asked, login.version());
      }
      case TokenAnswer.Refused refused when refused.refusal() == Refusal.CREDENTIALS_REJECTED -> {
        Instant now = clock.instant();
        Rejections known = logins.refused(attempt, turn, now);
        yield new Result.Failed(
            Failures.loginRefused(refused, order, login.version(), known, now), asked);
      }
      case TokenAnswer.Refused refused -> {
        logins.undecided(attempt);
        yield new Result.Failed(Failures.refused(refused, order, login.version()), asked);
      }
    };
  }

  // A try is written down before it is made, so that a crash cannot make it unseen. Returns 0, or
  // the HTTP status of what
  // prevented it.
  private int record(Situation situation, Rejections during, String version) {
    Failure last = situation.seen().failure();
    Failure recorded =
        last == null
            ? Failure.duringFirst(during, situation.seen().requestHash(), version)
            : last.during(during);
    try {
      statusClient.writeFailures(situation.order(), situation.status(), recorded);
      return 0;
    } catch (KubernetesClientException e) {
      return e.getCode() == 0 ? -1 : e.getCode();
    }
  }

  private static Result granted(
      Situation situation,
      AskCause cause,
      GrantedToken granted,
      Instant asked,
      String loginVersion) {
    StandingOrder order = situation.order();
    return Issue.of(granted, asked, order, loginVersion, situation.stored())
        .map(
            stored ->
                new Memory.InHand(
                    stored, granted.accessToken(), Outcome.Issued.of(cause, order, granted)))
        .<Result>map(inHand -> new Result.InHand(inHand, asked))
        .orElseGet(() -> new Result.Failed(Failures.repeated(order, loginVersion), asked));
  }

  private static Result notAsked(Outcome.Failed outcome) {
    return new Result.Failed(outcome, null);
  }
}
