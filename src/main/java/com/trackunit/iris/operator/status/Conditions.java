package com.trackunit.iris.operator.status;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.Printable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Creates conditions that keep the time of their last transition, as the Kubernetes API conventions
 * require.
 *
 * @param previous the status before
 * @param generation the generation of the spec that was reconciled
 */
record Conditions(IrisCredentialStatus previous, long generation, Instant now) {
  // A message is also the note of an Event, and events.k8s.io/v1 allows 1 KiB.
  private static final int LONGEST_MESSAGE = 1024;

  Condition of(String type, boolean holds, Reason reason, String message) {
    return of(type, holds ? "True" : "False", reason.text(), message);
  }

  /** The same condition for this generation. */
  Condition again(Condition condition) {
    return of(condition.type(), condition.status(), condition.reason(), condition.message());
  }

  Condition of(String type, String status, String reason, String message) {
    Instant since =
        before(type)
            .filter(condition -> condition.status().equals(status))
            .map(Condition::lastTransitionTime)
            .orElse(now.truncatedTo(ChronoUnit.SECONDS));
    return new Condition(
        type, status, reason, Printable.of(message, LONGEST_MESSAGE), since, generation);
  }

  Optional<Condition> before(String type) {
    return previous.condition(type);
  }
}
