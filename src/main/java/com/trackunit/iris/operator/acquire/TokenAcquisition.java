package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.gate.RequestGate;
import com.trackunit.iris.operator.gate.WaitReason;
import com.trackunit.iris.operator.lockout.LoginGuard;
import com.trackunit.iris.operator.outcome.CredentialsSecretFailures;
import com.trackunit.iris.operator.outcome.KubernetesFailures;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.CredentialsSecret;
import com.trackunit.iris.operator.secret.CredentialsVersion;
import com.trackunit.iris.operator.secret.SecretStore;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Acquires one token: takes a turn, reads the login, and uses a refresh token instead of the
 * password where there is one.
 */
public final class TokenAcquisition {
  private final TokenEndpoints endpoints;
  private final SecretStore secrets;
  private final TokenRequests requests;
  private final RefreshAttempt refresh;
  private final LoginAttempt loginTry;
  private final InstantSource clock;

  public TokenAcquisition(
      TokenEndpoints endpoints,
      SecretStore secrets,
      RequestObserver observer,
      LoginGuard logins,
      AttemptRecorder recorder,
      InstantSource clock) {
    this.endpoints = endpoints;
    this.secrets = secrets;
    this.clock = clock;
    this.requests = new TokenRequests(endpoints, observer, clock);
    this.refresh = new RefreshAttempt(requests);
    this.loginTry = new LoginAttempt(endpoints, requests, logins, recorder, clock);
  }

  /** Proceeds as far as possible without a response of the authorization server. */
  public AcquisitionResult begin(CredentialContext context, RenewalCause cause) {
    Optional<Instant> closed =
        context.memory().hasRefresh() ? Optional.empty() : loginTry.closedUntil(context);
    return closed
        .map(until -> later(context, WaitReason.UNAVAILABLE, until, until))
        .orElseGet(() -> takeTurn(context, cause));
  }

  private AcquisitionResult takeTurn(CredentialContext context, RenewalCause cause) {
    StoredToken stored = context.stored();
    Instant expiry = stored == null ? null : stored.lifetime().expiresAt();
    return switch (endpoint(context).turn(context.spec().uid(), expiry)) {
      case RequestGate.Turn.ComeBack(Instant look, Instant slot, WaitReason obstacle) ->
          later(context, obstacle, slot, look);
      case RequestGate.Turn.Go _ -> useTurn(context, cause);
    };
  }

  private AcquisitionResult later(
      CredentialContext context, WaitReason obstacle, Instant slot, Instant look) {
    return new AcquisitionResult.Later(
        context.memory().waits(obstacle, slot, clock.instant()), look);
  }

  private GatedEndpoint endpoint(CredentialContext context) {
    return endpoints.of(context.spec().grantType());
  }

  /** Sends a request and handles its response. */
  public AcquisitionResult send(AcquisitionResult.Asking request) {
    return requests.send(request);
  }

  private AcquisitionResult useTurn(CredentialContext context, RenewalCause cause) {
    boolean asks = false;
    try {
      AcquisitionResult result = readLogin(context, cause);
      asks = result instanceof AcquisitionResult.Asking;
      return result;
    } finally {
      if (!asks) {
        endpoint(context).unused(context.spec().uid());
      }
    }
  }

  private AcquisitionResult readLogin(CredentialContext context, RenewalCause cause) {
    EffectiveSpec spec = context.spec();
    return switch (secrets.read(spec.namespace(), spec.loginSecret())) {
      case SecretStore.Read.Found(Secret secret) ->
          switch (CredentialsSecret.read(secret, spec, version(context, secret))) {
            case CredentialsSecret.Usable login -> use(context, cause, login);
            case CredentialsSecret.Invalid invalid ->
                new AcquisitionResult.Failed(CredentialsSecretFailures.invalid(invalid, spec));
          };
      case SecretStore.Read.Missing _ ->
          new AcquisitionResult.Failed(CredentialsSecretFailures.missing(spec));
      case SecretStore.Read.Failed(RetryClass kind, int code) ->
          new AcquisitionResult.Failed(
              KubernetesFailures.unreadable(spec.loginSecret(), spec, kind, code));
    };
  }

  private AcquisitionResult use(
      CredentialContext context, RenewalCause cause, CredentialsSecret.Usable login) {
    return refresh
        .make(context, cause, login, () -> begin(context, cause))
        .orElseGet(() -> loginTry.make(context, cause, login));
  }

  private static String version(CredentialContext context, Secret secret) {
    return context.memory().login(CredentialsVersion.in(secret, context.spec()));
  }
}
