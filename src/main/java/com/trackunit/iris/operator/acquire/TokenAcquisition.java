package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.gate.RequestGate;
import com.trackunit.iris.operator.gate.WaitReason;
import com.trackunit.iris.operator.lockout.LoginGuard;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.oauth.PasswordGrant;
import com.trackunit.iris.operator.oauth.RefreshGrant;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.outcome.CredentialsSecretFailures;
import com.trackunit.iris.operator.outcome.KubernetesFailures;
import com.trackunit.iris.operator.outcome.Outcome;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.CredentialsSecret;
import com.trackunit.iris.operator.secret.LoginState;
import com.trackunit.iris.operator.secret.SecretStore;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Gets one token: takes its turn, reads the login, and asks with what needs the password least. */
public final class TokenAcquisition {
  private final TokenEndpoints endpoints;
  private final SecretStore secrets;
  private final TokenRequests requests;
  private final LoginAttempt loginTry;

  public TokenAcquisition(
      TokenEndpoints endpoints,
      SecretStore secrets,
      RequestObserver observer,
      LoginGuard logins,
      AttemptRecorder recorder,
      InstantSource clock) {
    this.endpoints = endpoints;
    this.secrets = secrets;
    this.requests = new TokenRequests(endpoints, observer, clock);
    this.loginTry = new LoginAttempt(endpoints, requests, logins, recorder, clock);
  }

  /** Goes as far as it can without an answer of the authorization server. */
  public AcquisitionResult begin(CredentialContext situation, RenewalCause cause) {
    Optional<Instant> closed =
        situation.memory().hasRefresh() ? Optional.empty() : loginTry.closedUntil(situation);
    return closed
        .<AcquisitionResult>map(
            until ->
                new AcquisitionResult.Later(
                    new Outcome.Waiting(WaitReason.UNAVAILABLE, until), until))
        .orElseGet(() -> takeTurn(situation, cause));
  }

  private AcquisitionResult takeTurn(CredentialContext situation, RenewalCause cause) {
    StoredToken stored = situation.stored();
    Instant expiry = stored == null ? null : stored.lifetime().expiresAt();
    return switch (endpoint(situation).turn(situation.order().uid(), expiry)) {
      case RequestGate.Turn.ComeBack(Instant look, Instant slot, WaitReason obstacle) ->
          new AcquisitionResult.Later(new Outcome.Waiting(obstacle, slot), look);
      case RequestGate.Turn.Go _ -> useTurn(situation, cause);
    };
  }

  private GatedEndpoint endpoint(CredentialContext situation) {
    return endpoints.of(situation.order().grantType());
  }

  /** Sends a request and goes on with its answer. */
  public AcquisitionResult send(AcquisitionResult.Asking request) {
    return requests.send(request);
  }

  private AcquisitionResult useTurn(CredentialContext situation, RenewalCause cause) {
    boolean asks = false;
    try {
      AcquisitionResult result = readLogin(situation, cause);
      asks = result instanceof AcquisitionResult.Asking;
      return result;
    } finally {
      if (!asks) {
        endpoint(situation).unused(situation.order().uid());
      }
    }
  }

  private AcquisitionResult readLogin(CredentialContext situation, RenewalCause cause) {
    EffectiveSpec order = situation.order();
    return switch (secrets.read(order.namespace(), order.loginSecret())) {
      case SecretStore.Read.Found(Secret secret) ->
          switch (CredentialsSecret.read(secret, order, version(situation, secret))) {
            case CredentialsSecret.Usable login -> use(situation, cause, login);
            case CredentialsSecret.Invalid invalid ->
                new AcquisitionResult.Failed(CredentialsSecretFailures.invalid(invalid, order));
          };
      case SecretStore.Read.Missing _ ->
          new AcquisitionResult.Failed(CredentialsSecretFailures.missing(order));
      case SecretStore.Read.Failed(RetryClass kind, int code) ->
          new AcquisitionResult.Failed(
              KubernetesFailures.unreadable(order.loginSecret(), order, kind, code));
    };
  }

  private AcquisitionResult use(
      CredentialContext situation, RenewalCause cause, CredentialsSecret.Usable login) {
    return takeRefresh(situation, login)
        .map(grant -> refresh(situation, cause, login, grant))
        .orElseGet(() -> loginTry.make(situation, cause, login));
  }

  private static String version(CredentialContext situation, Secret secret) {
    return situation.memory().login(LoginState.in(secret, situation.order()));
  }

  // Sent once, whatever comes of it: a second time may be taken for theft, and end the token that
  // is in use (RFC 9700 section 4.14.2).
  private static Optional<RefreshGrant> takeRefresh(
      CredentialContext situation, CredentialsSecret.Usable login) {
    return situation
        .memory()
        .takeRefresh()
        .filter(refresh -> refresh.isFor(situation.seen().specHash(), login.version()))
        .filter(refresh -> login.grant() instanceof PasswordGrant)
        .map(refresh -> new RefreshGrant((PasswordGrant) login.grant(), refresh.token()));
  }

  private AcquisitionResult refresh(
      CredentialContext situation,
      RenewalCause cause,
      CredentialsSecret.Usable login,
      RefreshGrant grant) {
    return requests.ask(
        situation,
        grant,
        (answer, asked) ->
            switch (answer) {
              case TokenResponse.Granted(IssuedToken granted) ->
                  requests.granted(situation, cause, granted, asked, login.version());
              // A refused refresh token is no refused login: that one is tried at once, in its own
              // turn.
              case TokenResponse.Refused refused when refused.refusal().isOfTheGrant() ->
                  begin(situation, cause);
              case TokenResponse.Refused refused ->
                  requests.refused(situation, refused, login.version());
            },
        () -> {});
  }
}
