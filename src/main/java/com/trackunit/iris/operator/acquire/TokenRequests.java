package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.oauth.Grant;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.outcome.Outcome;
import com.trackunit.iris.operator.outcome.TokenFailures;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.secret.TokenIssuance;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BiFunction;

/** Sends token requests and turns their responses into results. No other class sends them. */
public final class TokenRequests {
  private final TokenEndpoints endpoints;
  private final RequestObserver observer;
  private final InstantSource clock;

  public TokenRequests(TokenEndpoints endpoints, RequestObserver observer, InstantSource clock) {
    this.endpoints = endpoints;
    this.observer = observer;
    this.clock = clock;
  }

  /**
   * Prepares a request. The token's lifetime starts at the instant just before the request, so that
   * latency can only shorten it.
   *
   * @param handler handles the response; its second argument is that instant
   * @param broken releases the turn of the login after an unexpected exception
   */
  AcquisitionResult.Asking ask(
      CredentialContext context,
      Grant grant,
      BiFunction<TokenResponse, Instant, AcquisitionResult> handler,
      Runnable broken) {
    String uid = context.spec().uid();
    GatedEndpoint endpoint = endpoints.of(context.spec().grantType());
    Instant asked = clock.instant();
    context.memory().asked(asked);
    context.asked(asked);
    return new AcquisitionResult.Asking(
        endpoint,
        grant,
        answer -> {
          endpoint.answered(uid, answer);
          return handler.apply(answer, asked);
        },
        () -> {
          endpoint.unused(uid);
          broken.run();
        });
  }

  /** Sends a request and handles its response. */
  AcquisitionResult send(AcquisitionResult.Asking request) {
    GatedEndpoint endpoint = request.endpoint();
    Grant grant = request.grant();
    try {
      TokenResponse answer =
          observer.request(endpoint.label(grant), () -> endpoint.tokens().apply(grant));
      return request.answered().apply(answer);
    } catch (RuntimeException | Error surprise) {
      // Without this, the turns would stay taken and the login would never be sent again.
      request.broken().run();
      throw surprise;
    }
  }

  /**
   * Handles a granted token. Keeps its refresh token, and returns the token to be written. Fails if
   * the response repeats a stored token that is about to expire.
   */
  AcquisitionResult granted(
      CredentialContext context,
      RenewalCause cause,
      IssuedToken granted,
      Instant asked,
      String loginVersion) {
    EffectiveSpec spec = context.spec();
    CredentialMemory memory = context.memory();
    String version = memory.issued(loginVersion);
    granted
        .refreshToken()
        .map(token -> new CredentialMemory.Refresh(token, spec.specHash(), version))
        .ifPresent(memory::granted);
    return TokenIssuance.of(granted, asked, spec, version, context.stored())
        .map(
            stored ->
                new CredentialMemory.InHand(
                    stored, granted.accessToken(), Outcome.Issued.of(cause, spec, granted)))
        .<AcquisitionResult>map(AcquisitionResult.InHand::new)
        .orElseGet(() -> new AcquisitionResult.Failed(TokenFailures.repeated(spec, loginVersion)));
  }

  /** Handles a request that failed, but not because its login was refused. */
  AcquisitionResult refused(
      CredentialContext context, TokenResponse.Refused refused, String loginVersion) {
    return new AcquisitionResult.Failed(
        TokenFailures.refused(refused, context.spec(), loginVersion));
  }
}
