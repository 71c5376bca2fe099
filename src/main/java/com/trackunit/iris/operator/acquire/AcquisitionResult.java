package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.outcome.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What came of an exchange. */
public sealed interface AcquisitionResult {
  /** A token is in hand, to be written. */
  record InHand(CredentialMemory.InHand token, Instant asked) implements AcquisitionResult {}

  /** There is none; {@code asked} is null when nobody was asked. */
  record Failed(Outcome.Failed outcome, @Nullable Instant asked) implements AcquisitionResult {}

  /** Nothing was done yet: others are before it. */
  record Later(Outcome outcome, Instant at) implements AcquisitionResult {}

  static AcquisitionResult notAsked(Outcome.Failed outcome) {
    return new Failed(outcome, null);
  }
}
