package com.trackunit.iris.operator.status;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.TokenStatus;
import com.trackunit.iris.operator.renewal.RenewalCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A transition that is reported as an Event; an ordinary renewal is not.
 *
 * @param warning whether a person should check it
 */
public record StatusEvent(String reason, boolean warning, String note) {

  /** The Events for the change from one status to the next. */
  public static List<StatusEvent> between(
      IrisCredentialStatus previous,
      IrisCredentialStatus next,
      Outcome outcome,
      boolean heldBefore) {
    List<StatusEvent> announcements = new ArrayList<>();
    ofReady(previous, next).ifPresent(announcements::add);
    ofOutcome(previous, next, outcome, heldBefore).ifPresent(announcements::add);
    return announcements;
  }

  private static Optional<StatusEvent> ofReady(
      IrisCredentialStatus previous, IrisCredentialStatus next) {
    boolean wasReady =
        previous.condition(StatusCalculator.READY).filter(Condition::holds).isPresent();
    return next.condition(StatusCalculator.READY)
        .filter(ready -> wasReady && isExpired(ready, next))
        .map(ready -> new StatusEvent("TokenExpired", true, ready.message()));
  }

  private static boolean isExpired(Condition ready, IrisCredentialStatus status) {
    boolean suspended = ready.reason().equals(Reason.SUSPENDED.text());
    return ready.reason().equals(Reason.TOKEN_EXPIRED.text())
        || (suspended && status.token() != null);
  }

  private static Optional<StatusEvent> ofOutcome(
      IrisCredentialStatus previous,
      IrisCredentialStatus next,
      Outcome outcome,
      boolean heldBefore) {
    return switch (outcome) {
      case Outcome.Kept _, Outcome.AwaitingSlot _ -> ofNews(previous, next, heldBefore);
      case Outcome.Failed failed -> ofFailure(previous, next, failed);
      case Outcome.Issued(RenewalCause cause, String _) ->
          ofSuccess(
              previous,
              next,
              heldBefore,
              cause == RenewalCause.FIRST || cause == RenewalCause.UNREADABLE);
      case Outcome.Adopted _ -> ofSuccess(previous, next, true, true);
      case Outcome.Repaired _ ->
          ofSuccess(
              previous,
              next,
              heldBefore,
              Objects.equals(previous.observedGeneration(), next.observedGeneration()));
    };
  }

  // A process may end after it wrote the token and before it wrote the status. Then this step
  // announces the token.
  private static Optional<StatusEvent> ofNews(
      IrisCredentialStatus previous, IrisCredentialStatus next, boolean heldBefore) {
    TokenStatus known = previous.token();
    TokenStatus token = next.token();
    boolean same = known != null && token != null && known.issuedAt().equals(token.issuedAt());
    boolean usable = next.condition(StatusCalculator.READY).filter(Condition::holds).isPresent();
    return same || !usable || StatusCalculator.failing(next).isPresent()
        ? Optional.empty()
        : ofSuccess(previous, next, heldBefore, false);
  }

  private static Optional<StatusEvent> ofSuccess(
      IrisCredentialStatus previous,
      IrisCredentialStatus next,
      boolean heldBefore,
      boolean restored) {
    String note = next.condition(StatusCalculator.READY).map(Condition::message).orElse("");
    if (!heldBefore) {
      return Optional.of(new StatusEvent("TokenIssued", false, note));
    }
    if (StatusCalculator.failing(previous).isPresent() || endedWaiting(previous)) {
      return Optional.of(new StatusEvent("RenewalRecovered", false, note));
    }
    return restored
        ? Optional.of(new StatusEvent("TargetSecretRestored", false, note))
        : Optional.empty();
  }

  private static Optional<StatusEvent> ofFailure(
      IrisCredentialStatus previous, IrisCredentialStatus next, Outcome.Failed failed) {
    String note = next.condition(StatusCalculator.RENEWED).map(Condition::message).orElse("");
    Optional<Condition> before = StatusCalculator.failing(previous);
    boolean same = before.filter(c -> c.reason().equals(failed.reason().text())).isPresent();
    boolean ofItsOwn =
        failed.reason() == Reason.CREDENTIALS_REJECTED
            || failed.reason() == Reason.TARGET_SECRET_CONFLICT;
    if (same || (before.isPresent() && !ofItsOwn)) {
      return Optional.empty();
    }
    return Optional.of(
        new StatusEvent(ofItsOwn ? failed.reason().text() : "RenewalFailed", true, note));
  }

  private static boolean endedWaiting(IrisCredentialStatus status) {
    boolean expired =
        status
            .condition(StatusCalculator.READY)
            .filter(ready -> ready.reason().equals(Reason.TOKEN_EXPIRED.text()))
            .isPresent();
    return expired
        && status.condition(StatusCalculator.RENEWED).filter(c -> !c.holds()).isPresent();
  }
}
