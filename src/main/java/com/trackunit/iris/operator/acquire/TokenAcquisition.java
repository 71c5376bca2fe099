package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.gate.RequestGate;
import com.trackunit.iris.operator.gate.WaitReason;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.oauth.PasswordGrant;
import com.trackunit.iris.operator.oauth.RefreshGrant;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.outcome.KubernetesFailures;
import com.trackunit.iris.operator.outcome.Outcome;
import com.trackunit.iris.operator.outcome.TokenFailures;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.CredentialsSecret;
import com.trackunit.iris.operator.secret.LoginState;
import com.trackunit.iris.operator.secret.SecretClient;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.util.Optional;

/** Gets one token: takes its turn, reads the login, and asks with what needs the password least. */
public final class TokenAcquisition {
  private final TokenEndpoints endpoints;
  private final SecretClient secrets;
  private final TokenRequests requests;
  private final LoginAttempt loginTry;
  private final CredentialMemory memory;

  public TokenAcquisition(
      TokenEndpoints endpoints,
      SecretClient secrets,
      TokenRequests requests,
      LoginAttempt loginTry,
      CredentialMemory memory) {
    this.endpoints = endpoints;
    this.secrets = secrets;
    this.requests = requests;
    this.loginTry = loginTry;
    this.memory = memory;
  }

  public AcquisitionResult make(CredentialContext situation, RenewalCause cause) {
    Optional<Instant> closed =
        situation.remembered().refresh() == null
            ? loginTry.closedUntil(situation)
            : Optional.empty();
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

  private AcquisitionResult useTurn(CredentialContext situation, RenewalCause cause) {
    try {
      return readLogin(situation, cause);
    } finally {
      // Nothing, once an answer was reported.
      endpoint(situation).unused(situation.order().uid());
    }
  }

  private AcquisitionResult readLogin(CredentialContext situation, RenewalCause cause) {
    EffectiveSpec order = situation.order();
    return switch (secrets.read(order.namespace(), order.loginSecret())) {
      case SecretClient.Read.Found(Secret secret) ->
          switch (CredentialsSecret.read(secret, order, version(situation, secret))) {
            case CredentialsSecret.Usable login -> use(situation, cause, login);
            case CredentialsSecret.Invalid invalid ->
                AcquisitionResult.notAsked(TokenFailures.credentialsInvalid(invalid, order));
          };
      case SecretClient.Read.Missing _ ->
          AcquisitionResult.notAsked(TokenFailures.credentialsMissing(order));
      case SecretClient.Read.Failed(RetryClass kind, int code) ->
          AcquisitionResult.notAsked(
              KubernetesFailures.unreadable(order.loginSecret(), order, kind, code));
    };
  }

  private AcquisitionResult use(
      CredentialContext situation, RenewalCause cause, CredentialsSecret.Usable login) {
    AcquisitionResult result =
        takeRefresh(situation, login)
            .map(grant -> refresh(situation, cause, login, grant))
            .orElseGet(() -> loginTry.make(situation, cause, login));
    return result instanceof AcquisitionResult.Failed(Outcome.Failed failed, Instant asked)
        ? new AcquisitionResult.Failed(
            TokenFailures.mentioningBlanks(failed, login.padded()), asked)
        : result;
  }

  private String version(CredentialContext situation, Secret secret) {
    LoginState now = LoginState.in(secret, situation.order());
    return memory.login(situation.id(), situation.order().uid(), now).version();
  }

  // Sent once, whatever comes of it: a second time may be taken for theft, and end the token that
  // is in use (RFC 9700 section 4.14.2).
  private Optional<RefreshGrant> takeRefresh(
      CredentialContext situation, CredentialsSecret.Usable login) {
    CredentialMemory.Refresh refresh = situation.remembered().refresh();
    if (refresh == null) {
      return Optional.empty();
    }
    memory.update(situation.id(), situation.order().uid(), known -> known.withRefresh(null));
    return refresh.isFor(situation.seen().specHash(), login.version())
            && login.grant() instanceof PasswordGrant password
        ? Optional.of(new RefreshGrant(password, refresh.token()))
        : Optional.empty();
  }

  private AcquisitionResult refresh(
      CredentialContext situation,
      RenewalCause cause,
      CredentialsSecret.Usable login,
      RefreshGrant grant) {
    TokenRequests.Answered answered = requests.send(situation, grant);
    return switch (answered.answer()) {
      case TokenResponse.Granted(IssuedToken granted) ->
          requests.granted(situation, cause, granted, answered.asked(), login.version());
      // A refused refresh token is no refused login: that one is tried at once, in its own turn.
      case TokenResponse.Refused refused when refused.refusal().isOfTheGrant() ->
          make(situation.withoutRefresh(), cause);
      case TokenResponse.Refused refused ->
          requests.refused(situation, refused, answered.asked(), login.version());
    };
  }
}
