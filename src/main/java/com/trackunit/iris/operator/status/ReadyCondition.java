package com.trackunit.iris.operator.status;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import java.time.Instant;

/** Computes the condition {@code Ready}: whether the target Secret contains a usable token. */
record ReadyCondition(
    EffectiveSpec spec, Observation after, Outcome outcome, Conditions conditions, Instant now) {

  Condition next() {
    return switch (after.target()) {
      case TargetState.Held held -> readyWith(held.token());
      case TargetState.Foreign _ -> conflict();
      case TargetState.Predecessor _ -> besidePredecessor();
      case TargetState.Orphaned _ ->
          without(Reason.NO_TOKEN, unlessDeleted(ConditionMessages.orphaned(spec)));
      case TargetState.Damaged _ -> without(Reason.NO_TOKEN, ConditionMessages.damaged(spec));
      case TargetState.Absent _, TargetState.Unseen _ ->
          without(Reason.NO_TOKEN, unlessDeleted(ConditionMessages.absent(spec)));
    };
  }

  private String unlessDeleted(String message) {
    return spec.beingDeleted() ? ConditionMessages.deleted(spec) : message;
  }

  private Condition conflict() {
    return conditions.of(
        StatusCalculator.READY,
        false,
        Reason.TARGET_SECRET_CONFLICT,
        ConditionMessages.conflict(spec));
  }

  private Condition besidePredecessor() {
    boolean refused =
        outcome instanceof Outcome.Failed failed
            && failed.reason() == Reason.TARGET_SECRET_CONFLICT;
    return refused
        ? conflict()
        : conditions.of(
            StatusCalculator.READY,
            false,
            Reason.NO_TOKEN,
            ConditionMessages.awaitingCollection(spec));
  }

  private Condition readyWith(StoredToken token) {
    if (token.lifetime().isOver(now)) {
      return without(Reason.TOKEN_EXPIRED, ConditionMessages.expired(spec, token));
    }
    // If the spec cannot be read, it is unknown whether the token is for another spec.
    if (spec.unsupported() == null && !token.specHash().equals(after.specHash())) {
      return conditions.of(
          StatusCalculator.READY,
          false,
          Reason.TOKEN_OUTDATED,
          ConditionMessages.outdated(spec, token));
    }
    return conditions.of(
        StatusCalculator.READY,
        true,
        Reason.TOKEN_VALID,
        ConditionMessages.valid(spec, token, now));
  }

  private Condition without(Reason reason, String message) {
    return after.userRequest().suspended()
        ? conditions.of(
            StatusCalculator.READY,
            false,
            Reason.SUSPENDED,
            ConditionMessages.suspendedWithout(spec))
        : conditions.of(StatusCalculator.READY, false, reason, message);
  }
}
