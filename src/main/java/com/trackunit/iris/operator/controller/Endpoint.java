package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.gate.Gate;
import com.trackunit.iris.operator.gate.Moment;
import com.trackunit.iris.operator.oauth.Grant;
import com.trackunit.iris.operator.oauth.TokenAnswer;
import com.trackunit.iris.operator.oauth.TokenEndpoint;
import com.trackunit.iris.operator.status.Failures;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where tokens of one grant type are asked for, with the gate in front of it.
 *
 * @param grantType as metrics call it
 * @param time now
 */
record Endpoint(String grantType, URI url, TokenEndpoint tokens, Gate gate, Supplier<Moment> time) {

  /** May this credential, whose token ends then, ask now? */
  Gate.Turn turn(String uid, @Nullable Instant expiry) {
    return gate.turn(uid, expiry, time.get());
  }

  /** Gives a turn back, unless its answer was reported. */
  void unused(String uid) {
    gate.unused(uid, time.get());
  }

  int waiting() {
    return gate.waiting(time.get());
  }

  /** Asks for a token, and lets the gate know how it went. */
  TokenAnswer ask(String uid, Grant grant) {
    TokenAnswer answer = tokens.ask(grant);
    switch (answer) {
      case TokenAnswer.Granted _ -> gate.answered(uid, time.get());
      case TokenAnswer.Refused refused ->
          gate.refused(
              uid,
              Failures.kind(refused.refusal()),
              refused.retryAfter().orElse(Duration.ZERO),
              time.get());
    }
    return answer;
  }
}
