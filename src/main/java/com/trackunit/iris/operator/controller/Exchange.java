package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.StandingOrder;
import com.trackunit.iris.operator.gate.Gate;
import com.trackunit.iris.operator.gate.Obstacle;
import com.trackunit.iris.operator.oauth.GrantedToken;
import com.trackunit.iris.operator.oauth.PasswordGrant;
import com.trackunit.iris.operator.oauth.RefreshGrant;
import com.trackunit.iris.operator.oauth.TokenAnswer;
import com.trackunit.iris.operator.renewal.AskCause;
import com.trackunit.iris.operator.renewal.FailureClass;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.CredentialsSecret;
import com.trackunit.iris.operator.secret.LoginState;
import com.trackunit.iris.operator.secret.SecretClient;
import com.trackunit.iris.operator.status.ClusterFailures;
import com.trackunit.iris.operator.status.Failures;
import com.trackunit.iris.operator.status.Outcome;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.util.Optional;

/** Gets one token: takes its turn, reads the login, and asks with what needs the password least. */
final class Exchange {
  private final Endpoints endpoints;
  private final SecretClient secrets;
  private final Requests requests;
  private final LoginTry loginTry;
  private final Memory memory;

  Exchange(
      Endpoints endpoints,
      SecretClient secrets,
      Requests requests,
      LoginTry loginTry,
      Memory memory) {
    this.endpoints = endpoints;
    this.secrets = secrets;
    this.requests = requests;
    this.loginTry = loginTry;
    this.memory = memory;
  }

  ExchangeResult make(Situation situation, AskCause cause) {
    Optional<Instant> closed =
        situation.remembered().refresh() == null
            ? loginTry.closedUntil(situation)
            : Optional.empty();
    return closed
        .<ExchangeResult>map(
            until ->
                new ExchangeResult.Later(new Outcome.Waiting(Obstacle.UNAVAILABLE, until), until))
        .orElseGet(() -> takeTurn(situation, cause));
  }

  private ExchangeResult takeTurn(Situation situation, AskCause cause) {
    StoredToken stored = situation.stored();
    Instant expiry = stored == null ? null : stored.lifetime().expiresAt();
    return switch (endpoint(situation).turn(situation.order().uid(), expiry)) {
      case Gate.Turn.ComeBack(Instant look, Instant slot, Obstacle obstacle) ->
          new ExchangeResult.Later(new Outcome.Waiting(obstacle, slot), look);
      case Gate.Turn.Go _ -> useTurn(situation, cause);
    };
  }

  private Endpoint endpoint(Situation situation) {
    return endpoints.of(situation.order().grantType());
  }

  private ExchangeResult useTurn(Situation situation, AskCause cause) {
    try {
      return readLogin(situation, cause);
    } finally {
      // Nothing, once an answer was reported.
      endpoint(situation).unused(situation.order().uid());
    }
  }

  private ExchangeResult readLogin(Situation situation, AskCause cause) {
    StandingOrder order = situation.order();
    return switch (secrets.read(order.namespace(), order.loginSecret())) {
      case SecretClient.Read.Found(Secret secret) ->
          switch (CredentialsSecret.read(secret, order, version(situation, secret))) {
            case CredentialsSecret.Usable login -> use(situation, cause, login);
            case CredentialsSecret.Invalid invalid ->
                ExchangeResult.notAsked(Failures.credentialsInvalid(invalid, order));
          };
      case SecretClient.Read.Missing _ ->
          ExchangeResult.notAsked(Failures.credentialsMissing(order));
      case SecretClient.Read.Failed(FailureClass kind, int code) ->
          ExchangeResult.notAsked(
              ClusterFailures.unreadable(order.loginSecret(), order, kind, code));
    };
  }

  private ExchangeResult use(Situation situation, AskCause cause, CredentialsSecret.Usable login) {
    ExchangeResult result =
        takeRefresh(situation, login)
            .map(grant -> refresh(situation, cause, login, grant))
            .orElseGet(() -> loginTry.make(situation, cause, login));
    return result instanceof ExchangeResult.Failed(Outcome.Failed failed, Instant asked)
        ? new ExchangeResult.Failed(Failures.mentioningBlanks(failed, login.padded()), asked)
        : result;
  }

  private String version(Situation situation, Secret secret) {
    LoginState now = LoginState.in(secret, situation.order());
    return memory.login(situation.id(), situation.order().uid(), now).version();
  }

  // Sent once, whatever comes of it: a second time may be taken for theft, and end the token that
  // is in use (RFC 9700 section 4.14.2).
  private Optional<RefreshGrant> takeRefresh(Situation situation, CredentialsSecret.Usable login) {
    Memory.Refresh refresh = situation.remembered().refresh();
    if (refresh == null) {
      return Optional.empty();
    }
    memory.update(situation.id(), situation.order().uid(), known -> known.withRefresh(null));
    return refresh.isFor(situation.seen().specHash(), login.version())
            && login.grant() instanceof PasswordGrant password
        ? Optional.of(new RefreshGrant(password, refresh.token()))
        : Optional.empty();
  }

  private ExchangeResult refresh(
      Situation situation, AskCause cause, CredentialsSecret.Usable login, RefreshGrant grant) {
    Requests.Answered answered = requests.send(situation, grant);
    return switch (answered.answer()) {
      case TokenAnswer.Granted(GrantedToken granted) ->
          requests.granted(situation, cause, granted, answered.asked(), login.version());
      // A refused refresh token is no refused login: that one is tried at once, in its own turn.
      case TokenAnswer.Refused refused when refused.refusal().isOfTheGrant() ->
          make(situation.withoutRefresh(), cause);
      case TokenAnswer.Refused refused ->
          requests.refused(situation, refused, answered.asked(), login.version());
    };
  }
}
