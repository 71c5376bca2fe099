package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.oauth.Grant;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.outcome.Outcome;
import java.time.Instant;
import java.util.function.Function;

/** Result of a token acquisition, or the point that it has reached. */
public sealed interface AcquisitionResult {
  /**
   * A token request must be sent.
   *
   * @param answered handles the response and returns the next result
   * @param broken releases the turns after an unexpected exception, before or after the response
   */
  record Asking(
      GatedEndpoint endpoint,
      Grant grant,
      Function<TokenResponse, AcquisitionResult> answered,
      Runnable broken)
      implements AcquisitionResult {}

  /** A token was granted. It must now be written to the target Secret. */
  record InHand(CredentialMemory.InHand token) implements AcquisitionResult {}

  /** No token was obtained. */
  record Failed(Outcome.Failed outcome) implements AcquisitionResult {}

  /** No request may be sent yet. Try again at {@code at}. */
  record Later(Outcome outcome, Instant at) implements AcquisitionResult {}
}
