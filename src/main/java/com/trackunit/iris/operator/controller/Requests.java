package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.StandingOrder;
import com.trackunit.iris.operator.oauth.Grant;
import com.trackunit.iris.operator.oauth.GrantedToken;
import com.trackunit.iris.operator.oauth.TokenAnswer;
import com.trackunit.iris.operator.renewal.AskCause;
import com.trackunit.iris.operator.secret.Issue;
import com.trackunit.iris.operator.status.Failures;
import com.trackunit.iris.operator.status.Outcome;
import java.time.Instant;
import java.time.InstantSource;

/** Sends token requests, the only place that does, and turns their answers into results. */
final class Requests {
  private final Endpoints endpoints;
  private final Memory memory;
  private final OperatorMetrics metrics;
  private final InstantSource clock;

  Requests(Endpoints endpoints, Memory memory, OperatorMetrics metrics, InstantSource clock) {
    this.endpoints = endpoints;
    this.memory = memory;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** An answer, and the instant just before its request: latency can only shorten a life. */
  record Answered(TokenAnswer answer, Instant asked) {}

  Answered send(Situation situation, Grant grant) {
    StandingOrder order = situation.order();
    Endpoint endpoint = endpoints.of(order.grantType());
    Instant asked = clock.instant();
    memory.update(situation.id(), order.uid(), known -> known.withLastRequest(asked));
    TokenAnswer answer = metrics.request(grant, sent -> endpoint.ask(order.uid(), sent));
    return new Answered(answer, asked);
  }

  /** A token was granted: it is in hand now, and what comes with it is remembered. */
  ExchangeResult granted(
      Situation situation,
      AskCause cause,
      GrantedToken granted,
      Instant asked,
      String loginVersion) {
    StandingOrder order = situation.order();
    String version = memory.issued(situation.id(), order.uid(), loginVersion);
    granted
        .refreshToken()
        .map(token -> new Memory.Refresh(token, order.specHash(), version))
        .ifPresent(
            refresh ->
                memory.update(situation.id(), order.uid(), known -> known.withRefresh(refresh)));
    return Issue.of(granted, asked, order, version, situation.stored())
        .map(
            stored ->
                new Memory.InHand(
                    stored, granted.accessToken(), Outcome.Issued.of(cause, order, granted)))
        .<ExchangeResult>map(inHand -> new ExchangeResult.InHand(inHand, asked))
        .orElseGet(() -> new ExchangeResult.Failed(Failures.repeated(order, loginVersion), asked));
  }

  /** The request failed, for another reason than its login. */
  ExchangeResult refused(
      Situation situation, TokenAnswer.Refused refused, Instant asked, String loginVersion) {
    return new ExchangeResult.Failed(
        Failures.refused(refused, situation.order(), loginVersion), asked);
  }
}
