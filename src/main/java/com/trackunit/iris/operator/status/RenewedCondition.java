package com.trackunit.iris.operator.status;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.outcome.Outcome;
import com.trackunit.iris.operator.outcome.Reason;
import com.trackunit.iris.operator.outcome.ResponseRemarks;
import com.trackunit.iris.operator.outcome.RetryTracker;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import java.util.Objects;
import java.util.Optional;

/** Computes the condition {@code Renewed}: how the last request for a token went. */
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
      case Outcome.Failed failed when isBesides(failed) -> unlessPending(kept());
      case Outcome.Failed failed ->
          Optional.of(
              conditions.of(
                  StatusCalculator.RENEWED,
                  false,
                  failed.reason(),
                  ConditionMessages.failed(failed, after)));
      case Outcome.Issued issued -> Optional.of(succeeded(issued.remarks()));
      case Outcome.Rendered _ -> unlessPending(rendered());
      case Outcome.Adopted _ -> unlessPending(kept());
      case Outcome.Kept _ -> unlessPending(kept());
      case Outcome.Waiting waiting -> unlessPending(waiting(waiting, ready));
    };
  }

  // The answer to a request counts until the next one, whatever the API server says meanwhile.
  private boolean isBesides(Outcome.Failed failed) {
    RetryState failure = after.failure();
    return failed.reason() == Reason.KUBERNETES_WRITE_FAILED
        && failure != null
        && failure.kind().asked();
  }

  // A failed request still counts after everything else is well again.
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
    // A status that was lost, or is older than the token, is written from what the Secret says.
    return lastRenewed()
        .filter(condition -> condition.holds() && !RetryTracker.isNews(token, previous))
        .map(conditions::again)
        .or(() -> Optional.of(succeeded(ResponseRemarks.of(spec, token))));
  }

  // Worth telling only when nothing usable is there, or will be there until it is its turn.
  private Optional<Condition> waiting(Outcome.Waiting waiting, Condition ready) {
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

  // What went before a suspension is not known any more.
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
