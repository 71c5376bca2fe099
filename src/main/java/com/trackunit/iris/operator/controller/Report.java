package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.acquire.CredentialContext;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.renewal.Backoff;
import com.trackunit.iris.operator.renewal.Jitter;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.renewal.RequeueSchedule;
import com.trackunit.iris.operator.status.Outcome;
import com.trackunit.iris.operator.status.RetryTracker;
import com.trackunit.iris.operator.status.StatusCalculator;
import com.trackunit.iris.operator.status.StatusEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to report about a step. Computed before anything is written.
 *
 * @param after the facts after the step, including the failure that counts now
 * @param retry time of the next reconciliation, null when the facts decide it
 */
public record Report(
    IrisCredentialStatus status,
    List<StatusEvent> events,
    Observation after,
    @Nullable Instant retry,
    double jitter) {

  /** Computes the report of a step that ended at this time. */
  public static Report of(CredentialContext context, PlanExecutor.Step step, Instant now) {
    String uid = context.spec().uid();
    Outcome outcome = step.outcome();
    Observation seen = context.seen();
    Observation after = seen.withFailure(RetryTracker.next(seen, outcome, uid, now));
    IrisCredentialStatus status =
        StatusCalculator.next(context.status(), context.spec(), after, outcome, now);
    return new Report(
        status,
        StatusEvent.between(context.status(), status, outcome, context.heldBefore()),
        after,
        step.again() == null ? retry(outcome, after, now) : step.again(),
        Jitter.of(uid, Instant.EPOCH));
  }

  private static @Nullable Instant retry(Outcome outcome, Observation after, Instant now) {
    return switch (outcome) {
      // A token that waited long for its write, or for its adoption, may be due already.
      case Outcome.Issued _, Outcome.Adopted _ ->
          RenewalPlanner.isSettled(after, now) ? null : now.plus(RequeueSchedule.SHORTEST);
      // A Kubernetes failure during a wait that the authorization server imposed has no retry time
      // of its own.
      case Outcome.Failed failed ->
          after.failure() == null || after.failure().kind() != failed.kind()
              ? now.plus(Backoff.LONGEST_LOOK)
              : null;
      case Outcome.Kept _, Outcome.AwaitingSlot _, Outcome.Repaired _ -> null;
    };
  }

  /** The delay until the next reconciliation if the status was written. */
  public Duration sleep(Instant now) {
    return RequeueSchedule.after(after, retry, now, jitter);
  }

  /** The delay until the next reconciliation if the status must be written at this time. */
  Duration sleepUntil(Instant unsaved, Instant now) {
    return RequeueSchedule.after(after, unsaved, now, jitter);
  }
}
