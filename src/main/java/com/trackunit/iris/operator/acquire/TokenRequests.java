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

/** Sends token requests, the only place that does, and turns their answers into results. */
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
   * A request that is made now; its answer is handled with the instant just before it: latency can
   * only shorten a life.
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

  /** Sends a request and goes on with its answer. */
  AcquisitionResult send(AcquisitionResult.Asking request) {
    GatedEndpoint endpoint = request.endpoint();
    Grant grant = request.grant();
    try {
      TokenResponse answer =
          observer.request(endpoint.label(grant), () -> endpoint.tokens().apply(grant));
      return request.answered().apply(answer);
    } catch (RuntimeException | Error surprise) {
      // A turn that is never given back would end the login for ever.
      request.broken().run();
      throw surprise;
    }
  }

  /** A token was granted: it is in hand now, and what comes with it is remembered. */
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

  /** The request failed, for another reason than its login. */
  AcquisitionResult refused(
      CredentialContext context, TokenResponse.Refused refused, String loginVersion) {
    return new AcquisitionResult.Failed(
        TokenFailures.refused(refused, context.spec(), loginVersion));
  }
}
