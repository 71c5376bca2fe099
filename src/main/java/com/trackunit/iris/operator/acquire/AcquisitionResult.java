package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.oauth.Grant;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.outcome.Outcome;
import java.time.Instant;
import java.util.function.Function;

/** What came of an acquisition, or how far it got. */
public sealed interface AcquisitionResult {
  /**
   * A request is to be sent.
   *
   * @param answered goes on with the response
   * @param broken gives the turn back after a mistake in this program, before or after the response
   */
  record Asking(
      GatedEndpoint endpoint,
      Grant grant,
      Function<TokenResponse, AcquisitionResult> answered,
      Runnable broken)
      implements AcquisitionResult {}

  /** A token is in hand, to be written. */
  record InHand(CredentialMemory.InHand token) implements AcquisitionResult {}

  /** There is none. */
  record Failed(Outcome.Failed outcome) implements AcquisitionResult {}

  /** Nothing was done yet: others are before it. */
  record Later(Outcome outcome, Instant at) implements AcquisitionResult {}
}
