package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.gate.Gate;
import com.trackunit.iris.operator.oauth.Grant;
import com.trackunit.iris.operator.oauth.TokenAnswer;
import com.trackunit.iris.operator.oauth.TokenEndpoint;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Where tokens of one grant type are asked for, with the gate in front of it.
 *
 * @param grantType as metrics call it
 */
record Endpoint(String grantType, URI url, TokenEndpoint tokens, Gate gate) {

  /** Asks for a token, and lets the gate know how it went. */
  TokenAnswer ask(String uid, Grant grant, InstantSource clock) {
    TokenAnswer answer = tokens.ask(grant);
    switch (answer) {
      case TokenAnswer.Granted _ -> gate.answered(uid, clock.instant());
      case TokenAnswer.Refused refused -> report(uid, refused, clock);
    }
    return answer;
  }

  private void report(String uid, TokenAnswer.Refused refused, InstantSource clock) {
    switch (refused.refusal()) {
      case ENDPOINT_UNAVAILABLE, MALFORMED_RESPONSE -> gate.broke(uid, clock.instant());
      case RATE_LIMITED ->
          gate.limited(uid, refused.retryAfter().orElse(Duration.ZERO), clock.instant());
      case ACCESS_RESTRICTED -> gate.restricted(uid, clock.instant());
      // Nothing was sent, so it is unknown how the server does.
      case ENDPOINT_UNTRUSTED -> gate.unused(uid, clock.instant());
      case CREDENTIALS_REJECTED, SCOPE_REJECTED, REQUEST_REJECTED, ENDPOINT_MISCONFIGURED ->
          gate.answered(uid, clock.instant());
    }
  }
}
