package com.trackunit.iris.operator.status;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import java.util.Objects;
import java.util.Optional;

/** Computes the condition {@code Renewed}: the result of the last token request. */
record RenewedCondition(
    IrisCredentialStatus previous,
    EffectiveSpec spec,
    Observation after,
    Outcome outcome,
    Conditions conditions) {

  Optional<Condition> next(Condition ready) {
    if (after.userRequest().suspended() && !(outcome instanceof Outcome.Failed)) {
      return Optional.of(
          conditions.of(
              StatusCalculator.RENEWED,
              false,
              Reason.SUSPENDED,
              ConditionMessages.suspended(after)));
    }
    return switch (outcome) {
      case Outcome.Failed failed when isSecondary(failed) -> unlessPending(kept());
      case Outcome.Failed failed ->
          Optional.of(
              conditions.of(
                  StatusCalculator.RENEWED,
                  false,
                  failed.reason(),
                  ConditionMessages.failed(failed, after)));
      case Outcome.Issued issued -> Optional.of(succeeded(issued.remarks()));
      case Outcome.Repaired _ -> unlessPending(rendered());
      case Outcome.Adopted _ -> unlessPending(kept());
      case Outcome.Kept _ -> unlessPending(kept());
      case Outcome.AwaitingSlot waiting -> unlessPending(waiting(waiting, ready));
    };
  }

  // The result of a token request counts until the next one, even if a call to the API server fails
  // in the meantime.
  private boolean isSecondary(Outcome.Failed failed) {
    RetryState failure = after.failure();
    return failed.reason() == Reason.KUBERNETES_WRITE_FAILED
        && failure != null
        && failure.kind().isOfARequest();
  }

  // A failed request still counts when everything else works again.
  private Optional<Condition> unlessPending(Optional<Condition> otherwise) {
    RetryState failure = after.failure();
    if (failure == null) {
      return otherwise;
    }
    return lastRenewed()
        .filter(condition -> condition.reason().equals(failure.reason()))
        .map(conditions::again)
        .or(
            () ->
                Optional.of(
                    conditions.of(
                        StatusCalculator.RENEWED,
                        "False",
                        failure.reason(),
                        ConditionMessages.pending(failure))));
  }

  // Another spec may have another margin, and with it another remark.
  private Optional<Condition> rendered() {
    boolean sameSpec = Objects.equals(previous.observedGeneration(), spec.generation());
    return sameSpec ? kept() : Optional.of(succeeded(""));
  }

  private Optional<Condition> kept() {
    if (!(after.target() instanceof TargetState.Held(StoredToken token, boolean _, boolean _))) {
      return lastRenewed().map(conditions::again);
    }
    // If the status was lost, or is older than the token, compute the condition from the Secret.
    return lastRenewed()
        .filter(condition -> condition.holds() && !RetryTracker.isNews(token, previous))
        .map(conditions::again)
        .or(() -> Optional.of(succeeded(ResponseRemarks.of(spec, token))));
  }

  // Report the wait only if no usable token is there, or if it expires before the turn comes.
  private Optional<Condition> waiting(Outcome.AwaitingSlot waiting, Condition ready) {
    boolean safe =
        ready.holds()
            && after.target() instanceof TargetState.Held held
            && held.token().lifetime().expiresAt().isAfter(waiting.slot());
    return safe
        ? kept()
        : Optional.of(
            conditions.of(
                StatusCalculator.RENEWED,
                false,
                Reason.WAITING_FOR_SLOT,
                ConditionMessages.waiting(waiting.obstacle())));
  }

  // A suspension has replaced the condition before it, which is no longer known.
  private Optional<Condition> lastRenewed() {
    return conditions
        .before(StatusCalculator.RENEWED)
        .filter(c -> !c.reason().equals(Reason.SUSPENDED.text()));
  }

  private Condition succeeded(String remarks) {
    return conditions.of(
        StatusCalculator.RENEWED,
        true,
        Reason.SUCCEEDED,
        ConditionMessages.succeeded(spec, after, remarks));
  }
}
