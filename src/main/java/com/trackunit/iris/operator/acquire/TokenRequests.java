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

/** Sends token requests, the only place that does, and turns their answers into results. */
public final class TokenRequests {
  private final TokenEndpoints endpoints;
  private final CredentialMemory memory;
  private final RequestObserver observer;
  private final InstantSource clock;

  public TokenRequests(
      TokenEndpoints endpoints,
      CredentialMemory memory,
      RequestObserver observer,
      InstantSource clock) {
    this.endpoints = endpoints;
    this.memory = memory;
    this.observer = observer;
    this.clock = clock;
  }

  /** An answer, and the instant just before its request: latency can only shorten a life. */
  record Answered(TokenResponse answer, Instant asked) {}

  Answered send(CredentialContext situation, Grant grant) {
    EffectiveSpec order = situation.order();
    GatedEndpoint endpoint = endpoints.of(order.grantType());
    Instant asked = clock.instant();
    memory.update(situation.id(), order.uid(), known -> known.withLastRequest(asked));
    TokenResponse answer =
        observer.request(endpoint.label(grant), () -> endpoint.ask(order.uid(), grant));
    return new Answered(answer, asked);
  }

  /** A token was granted: it is in hand now, and what comes with it is remembered. */
  AcquisitionResult granted(
      CredentialContext situation,
      RenewalCause cause,
      IssuedToken granted,
      Instant asked,
      String loginVersion) {
    EffectiveSpec order = situation.order();
    String version = memory.issued(situation.id(), order.uid(), loginVersion);
    granted
        .refreshToken()
        .map(token -> new CredentialMemory.Refresh(token, order.specHash(), version))
        .ifPresent(
            refresh ->
                memory.update(situation.id(), order.uid(), known -> known.withRefresh(refresh)));
    return TokenIssuance.of(granted, asked, order, version, situation.stored())
        .map(
            stored ->
                new CredentialMemory.InHand(
                    stored, granted.accessToken(), Outcome.Issued.of(cause, order, granted)))
        .<AcquisitionResult>map(inHand -> new AcquisitionResult.InHand(inHand, asked))
        .orElseGet(
            () -> new AcquisitionResult.Failed(TokenFailures.repeated(order, loginVersion), asked));
  }

  /** The request failed, for another reason than its login. */
  AcquisitionResult refused(
      CredentialContext situation,
      TokenResponse.Refused refused,
      Instant asked,
      String loginVersion) {
    return new AcquisitionResult.Failed(
        TokenFailures.refused(refused, situation.order(), loginVersion), asked);
  }
}
