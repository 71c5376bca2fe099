package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.status.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What came of an exchange. */
sealed interface ExchangeResult {
  /** A token is in hand, to be written. */
  record InHand(Memory.InHand token, Instant asked) implements ExchangeResult {}

  /** There is none; {@code asked} is null when nobody was asked. */
  record Failed(Outcome.Failed outcome, @Nullable Instant asked) implements ExchangeResult {}

  /** Nothing was done yet: others are before it. */
  record Later(Outcome outcome, Instant at) implements ExchangeResult {}

  static ExchangeResult notAsked(Outcome.Failed outcome) {
    return new Failed(outcome, null);
  }
}
