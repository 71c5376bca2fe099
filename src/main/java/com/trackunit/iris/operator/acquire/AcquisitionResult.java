package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.status.Outcome;
import java.time.Instant;

/** Result of a token acquisition, or the point that it has reached. */
public sealed interface AcquisitionResult {
  /** A token request must be sent. */
  record Asking(PendingRequest request) implements AcquisitionResult {}

  /** A token was granted. It must now be written to the target Secret. */
  record InHand(CredentialMemory.InHand token) implements AcquisitionResult {}

  /** No token was obtained. */
  record Failed(Outcome.Failed outcome) implements AcquisitionResult {}

  /** No request may be sent yet. Try again at {@code at}. */
  record Later(Outcome outcome, Instant at) implements AcquisitionResult {}
}
