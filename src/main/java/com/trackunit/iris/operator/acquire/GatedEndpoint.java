package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.gate.RequestGate;
import com.trackunit.iris.operator.oauth.Grant;
import com.trackunit.iris.operator.oauth.LoginGrant;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.outcome.TokenFailures;
import com.trackunit.iris.operator.time.TimeSource;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The token endpoint of one grant type, behind its request gate.
 *
 * @param grantType the value of the metric label
 * @param tokens sends a request; returns server and network errors as a response and throws for
 *     none of them
 * @param end aborts the requests in flight
 * @param time reads both clocks
 */
public record GatedEndpoint(
    String grantType,
    URI url,
    Function<Grant, TokenResponse> tokens,
    Runnable end,
    RequestGate gate,
    TimeSource time) {

  /** Requests a turn for this credential, whose token expires at {@code expiry}; null: no token. */
  RequestGate.Turn turn(String uid, @Nullable Instant expiry) {
    return gate.turn(uid, expiry, time.read());
  }

  /** Releases a turn, unless its response was already reported. */
  void unused(String uid) {
    gate.unused(uid, time.read());
  }

  /** The metric label of a request with this grant. Refresh tokens have a label of their own. */
  String label(Grant grant) {
    return grant instanceof LoginGrant ? grantType : grant.type();
  }

  public int waiting() {
    return gate.waiting(time.read());
  }

  /** Reports the response to the gate. */
  void answered(String uid, TokenResponse answer) {
    switch (answer) {
      case TokenResponse.Granted _ -> gate.answered(uid, time.read());
      case TokenResponse.Refused refused ->
          gate.refused(
              uid,
              TokenFailures.kind(refused.refusal()),
              refused.retryAfter().orElse(Duration.ZERO),
              time.read());
    }
  }
}
