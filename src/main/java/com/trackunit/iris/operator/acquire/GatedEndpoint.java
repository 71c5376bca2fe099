package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.gate.ClockReading;
import com.trackunit.iris.operator.gate.RequestGate;
import com.trackunit.iris.operator.oauth.Grant;
import com.trackunit.iris.operator.oauth.LoginGrant;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.outcome.TokenFailures;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where tokens of one grant type are asked for, with the gate in front of it.
 *
 * @param grantType as metrics call it
 * @param tokens answers a request; never throws for what a server or a network does
 * @param end breaks off what is under way
 * @param time now
 */
public record GatedEndpoint(
    String grantType,
    URI url,
    Function<Grant, TokenResponse> tokens,
    Runnable end,
    RequestGate gate,
    Supplier<ClockReading> time) {

  /** May this credential, whose token ends then, ask now? */
  RequestGate.Turn turn(String uid, @Nullable Instant expiry) {
    return gate.turn(uid, expiry, time.get());
  }

  /** Gives a turn back, unless its answer was reported. */
  void unused(String uid) {
    gate.unused(uid, time.get());
  }

  /** As metrics call a request with this grant: refresh tokens are counted by themselves. */
  String label(Grant grant) {
    return grant instanceof LoginGrant ? grantType : grant.type();
  }

  public int waiting() {
    return gate.waiting(time.get());
  }

  /** Lets the gate know how a request went. */
  void answered(String uid, TokenResponse answer) {
    switch (answer) {
      case TokenResponse.Granted _ -> gate.answered(uid, time.get());
      case TokenResponse.Refused refused ->
          gate.refused(
              uid,
              TokenFailures.kind(refused.refusal()),
              refused.retryAfter().orElse(Duration.ZERO),
              time.get());
    }
  }
}
