package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.acquire.CredentialMemory.Refresh;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.gate.Admission;
import com.trackunit.iris.operator.gate.Attempt;
import com.trackunit.iris.operator.gate.RequestGate;
import com.trackunit.iris.operator.gate.WaitReason;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.oauth.TokenError;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.CredentialsSecret;
import com.trackunit.iris.operator.secret.CredentialsVersion;
import com.trackunit.iris.operator.secret.LoginReader;
import com.trackunit.iris.operator.secret.SecretStore;
import com.trackunit.iris.operator.secret.TokenIssuance;
import com.trackunit.iris.operator.status.CredentialsSecretFailures;
import com.trackunit.iris.operator.status.KubernetesFailures;
import com.trackunit.iris.operator.status.Outcome;
import com.trackunit.iris.operator.status.Reason;
import com.trackunit.iris.operator.status.RetryStateFormat;
import com.trackunit.iris.operator.status.TokenFailures;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Acquires one token: takes a turn, reads the login, has it admitted, sends it or a refresh token
 * in its place, and says what the answer means.
 */
public final class TokenAcquisition {
  private final TokenEndpoints endpoints;
  private final SecretStore secrets;
  private final LoginReader logins;
  private final RequestObserver observer;
  private final AttemptRecorder recorder;
  private final BooleanSupplier leads;
  private final InstantSource clock;
  private final LoginFingerprints fingerprints = new LoginFingerprints();

  /**
   * @param leads whether this replica may act now; a process may have been frozen at any time
   */
  public TokenAcquisition(
      TokenEndpoints endpoints,
      SecretStore secrets,
      LoginReader logins,
      RequestObserver observer,
      AttemptRecorder recorder,
      BooleanSupplier leads,
      InstantSource clock) {
    this.endpoints = endpoints;
    this.secrets = secrets;
    this.logins = logins;
    this.observer = observer;
    this.recorder = recorder;
    this.leads = leads;
    this.clock = clock;
  }

  /** Proceeds as far as possible without a response of the authorization server. */
  public AcquisitionResult begin(CredentialContext context, RenewalCause cause) {
    EffectiveSpec spec = context.spec();
    StoredToken stored = context.stored();
    Instant expiry = stored == null ? null : stored.lifetime().expiresAt();
    GatedEndpoint endpoint = endpoints.of(spec.grantType());
    return switch (endpoint.turn(spec.uid(), spec.namespace(), expiry)) {
      case RequestGate.Turn.ComeBack(Instant look, Instant slot, WaitReason obstacle) ->
          later(context, obstacle, slot, look);
      case RequestGate.Turn.Go _ -> useTurn(context, cause, endpoint);
    };
  }

  private AcquisitionResult later(
      CredentialContext context, WaitReason obstacle, Instant slot, Instant look) {
    return new AcquisitionResult.Later(
        context.memory().waits(obstacle, slot, clock.instant()), look);
  }

  private AcquisitionResult useTurn(
      CredentialContext context, RenewalCause cause, GatedEndpoint endpoint) {
    boolean asks = false;
    try {
      AcquisitionResult result = readLogin(context, cause, endpoint);
      asks = result instanceof AcquisitionResult.Asking;
      return result;
    } finally {
      // Without this, the turn would stay taken and the login would never be sent again.
      if (!asks) {
        endpoint.unused(context.spec().uid());
      }
    }
  }

  private AcquisitionResult readLogin(
      CredentialContext context, RenewalCause cause, GatedEndpoint endpoint) {
    EffectiveSpec spec = context.spec();
    return switch (secrets.read(spec.namespace(), spec.loginSecret())) {
      case SecretStore.Read.Found(Secret secret) ->
          switch (logins.read(secret, spec, version(context, secret))) {
            case CredentialsSecret.Usable login -> use(context, cause, endpoint, login);
            case CredentialsSecret.Invalid invalid ->
                new AcquisitionResult.Failed(CredentialsSecretFailures.invalid(invalid, spec));
            case CredentialsSecret.Unfit unfit ->
                new AcquisitionResult.Failed(CredentialsSecretFailures.unfit(unfit, spec));
          };
      case SecretStore.Read.Missing _ ->
          new AcquisitionResult.Failed(CredentialsSecretFailures.missing(spec));
      case SecretStore.Read.Failed(RetryClass kind, int code) ->
          new AcquisitionResult.Failed(
              KubernetesFailures.unreadable(spec.loginSecret(), spec, kind, code));
    };
  }

  private static String version(CredentialContext context, Secret secret) {
    return context.memory().login(CredentialsVersion.in(secret, context.spec()));
  }

  private AcquisitionResult use(
      CredentialContext context,
      RenewalCause cause,
      GatedEndpoint endpoint,
      CredentialsSecret.Usable login) {
    Attempt attempt = fingerprints.attempt(context, login, endpoint.address());
    Optional<Refresh> refresh = RefreshAttempt.take(context, login);
    if (refresh.isPresent()) {
      endpoint.gate().refreshes(attempt);
      return ask(context, cause, endpoint, login, attempt, refresh.get(), 0);
    }
    Instant now = clock.instant();
    return switch (endpoint.gate().admit(attempt, endpoint.read())) {
      case Admission.ComeBack(Instant look, WaitReason obstacle) ->
          later(context, obstacle, look, look);
      case Admission.HeldBack held ->
          refused(login, TokenFailures.loginHeldBack(context.spec(), login.version(), held, now));
      case Admission.Granted admitted -> {
        Optional<Outcome.Failed> unrecorded = record(context, admitted, attempt);
        yield unrecorded.isPresent()
            ? new AcquisitionResult.Failed(unrecorded.get())
            : ask(context, cause, endpoint, login, attempt, null, admitted.repetitions());
      }
    };
  }

  // A try of values that were not accepted is recorded before it is sent, so that a crash cannot
  // hide it.
  private Optional<Outcome.Failed> record(
      CredentialContext context, Admission.Granted admitted, Attempt attempt) {
    LoginRejections during = admitted.during();
    if (during == null) {
      return Optional.empty();
    }
    RetryState recorded =
        RetryState.during(
            during,
            Reason.CREDENTIALS_REJECTED.text(),
            context.seen().requestHash(),
            attempt.corrected() ? null : attempt.version());
    try {
      recorder.record(
          context.spec(), context.status().withFailures(RetryStateFormat.write(recorded)));
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return Optional.of(KubernetesFailures.unrecorded(context.spec(), e.getCode()));
    }
  }

  private AcquisitionResult ask(
      CredentialContext context,
      RenewalCause cause,
      GatedEndpoint endpoint,
      CredentialsSecret.Usable login,
      Attempt attempt,
      @Nullable Refresh refresh,
      int repetitions) {
    // The token's life starts just before the request, so that latency can only shorten it.
    Instant now = clock.instant();
    context.memory().recordRequest(now);
    context.recordRequest(now);
    return new AcquisitionResult.Asking(
        new PendingRequest(endpoint, context, cause, login, attempt, refresh, repetitions, now));
  }

  /** Sends a request and handles its response. */
  public AcquisitionResult send(AcquisitionResult.Asking asking) {
    PendingRequest request = asking.request();
    GatedEndpoint endpoint = request.endpoint();
    if (!leads.getAsBoolean()) {
      request.abandon();
      return new AcquisitionResult.Failed(KubernetesFailures.superseded());
    }
    try {
      Instant sent = endpoint.read().steady();
      TokenResponse answer = endpoint.tokens().ask(request.grant(), request.repetitions());
      observer.observed(request, answer, Duration.between(sent, endpoint.read().steady()));
      return answered(asking, answer);
    } catch (RuntimeException | Error surprise) {
      request.abandon();
      throw surprise;
    }
  }

  /** Handles the response to a request. */
  public AcquisitionResult answered(AcquisitionResult.Asking asking, TokenResponse answer) {
    PendingRequest request = asking.request();
    return switch (answer) {
      case TokenResponse.Granted(IssuedToken granted) -> {
        request.accepted();
        // Ask with the login at once, for a session that lasts.
        yield RefreshAttempt.isOfASessionThatEnds(request, granted)
            ? begin(request.context(), request.cause())
            : granted(request, granted);
      }
      // A refused refresh token is not a refused login: the login is tried at once, in a turn of
      // its own.
      case TokenResponse.Refused refused
          when request.refresh() != null && refused.refusal().isOfTheGrant() -> {
        request.refreshRefused(request.refresh(), refused.isOAuthError());
        yield begin(request.context(), request.cause());
      }
      case TokenResponse.Refused refused
          when refused.refusal() == TokenError.CREDENTIALS_REJECTED ->
          refused(request.login(), request.rejected(refused));
      case TokenResponse.Refused refused -> new AcquisitionResult.Failed(request.failed(refused));
    };
  }

  private static AcquisitionResult refused(CredentialsSecret.Usable login, Outcome.Failed failed) {
    return new AcquisitionResult.Failed(TokenFailures.mentioning(failed, login.suspects()));
  }

  // Fails if the response repeats a stored token that is about to expire.
  private static AcquisitionResult granted(PendingRequest request, IssuedToken granted) {
    CredentialContext context = request.context();
    EffectiveSpec spec = context.spec();
    CredentialMemory memory = context.memory();
    String version = memory.issued(request.login().version());
    granted
        .refreshToken()
        .map(token -> new Refresh(token, spec.specHash(), version, granted.lifetime()))
        .ifPresent(memory::granted);
    Refresh used = request.refresh();
    if (used != null) {
      memory.refreshed(used.loginLife());
    }
    return TokenIssuance.of(granted, request.sentAt(), spec, version, context.stored())
        .map(
            stored ->
                new CredentialMemory.InHand(
                    stored,
                    granted.accessToken(),
                    Outcome.Issued.of(request.cause(), spec, granted)))
        .<AcquisitionResult>map(AcquisitionResult.InHand::new)
        .orElseGet(
            () ->
                new AcquisitionResult.Failed(
                    TokenFailures.repeated(spec, request.login().version())));
  }
}
