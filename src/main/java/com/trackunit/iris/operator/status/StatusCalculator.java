package com.trackunit.iris.operator.status;

import com.trackunit.iris.operator.api.BindingStatus;
import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.TokenStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.outcome.Outcome;
import com.trackunit.iris.operator.outcome.Reason;
import com.trackunit.iris.operator.outcome.ResponseRemarks;
import com.trackunit.iris.operator.outcome.RetryTracker;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.renewal.UserRequest;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Computes the next status from the one before, what was done and what is there now.
 *
 * <p>The same inputs give the same status, so that a step which changed nothing writes nothing.
 */
public final class StatusCalculator {
  static final String READY = "Ready";
  static final String RENEWED = "Renewed";
  static final String STALLED = "Stalled";

  private final IrisCredentialStatus previous;
  private final EffectiveSpec order;
  private final Observation after;
  private final Outcome outcome;
  private final Instant now;
  private final Conditions conditions;

  private StatusCalculator(
      IrisCredentialStatus previous,
      EffectiveSpec order,
      Observation after,
      Outcome outcome,
      Instant now) {
    this.previous = previous;
    this.order = order;
    this.after = after;
    this.outcome = outcome;
    this.now = now;
    this.conditions = new Conditions(previous, order.generation(), now);
  }

  /**
   * The next status.
   *
   * @param after the facts as they are after the step
   */
  public static IrisCredentialStatus next(
      IrisCredentialStatus previous,
      EffectiveSpec order,
      Observation after,
      Outcome outcome,
      Instant now) {
    return new StatusCalculator(previous, order, after, outcome, now).next();
  }

  /**
   * The condition that says why there is no newer token, if that is a failure: to wait for one's
   * turn is none, nor is to be suspended.
   */
  public static Optional<Condition> failing(IrisCredentialStatus status) {
    Set<String> patient = Set.of(Reason.WAITING_FOR_SLOT.text(), Reason.SUSPENDED.text());
    return status
        .condition(RENEWED)
        .filter(renewed -> !renewed.holds() && !patient.contains(renewed.reason()));
  }

  /** Whether the credential is known to have had a token before. */
  public static boolean hadToken(IrisCredentialStatus status) {
    return status.token() != null || status.condition(RENEWED).filter(Condition::holds).isPresent();
  }

  private IrisCredentialStatus next() {
    Condition ready = ready();
    Optional<Condition> renewed = renewed(ready);
    Optional<Condition> stalled = renewed.flatMap(condition -> stalled(ready, condition));
    return new IrisCredentialStatus(
        order.generation(),
        Stream.of(Optional.of(ready), renewed, stalled).flatMap(Optional::stream).toList(),
        token(),
        binding(),
        RetryTracker.write(after.failure()),
        lastHandled());
  }

  // A stored token that answers the request tells of it even when the status was lost.
  private @Nullable String lastHandled() {
    UserRequest demand = after.demand();
    return after.target() instanceof TargetState.Held(StoredToken token, boolean _, boolean _)
            && demand.isAnsweredBy(token)
        ? demand.renewal()
        : demand.handled();
  }

  private Condition ready() {
    return switch (after.target()) {
      case TargetState.Held held -> readyWith(held.token());
      case TargetState.Foreign _ ->
          conditions.of(
              READY, false, Reason.TARGET_SECRET_CONFLICT, ConditionMessages.conflict(order));
      case TargetState.Predecessor _ ->
          outcome instanceof Outcome.Failed failed
                  && failed.reason() == Reason.TARGET_SECRET_CONFLICT
              ? conditions.of(
                  READY, false, Reason.TARGET_SECRET_CONFLICT, ConditionMessages.conflict(order))
              : conditions.of(
                  READY, false, Reason.NO_TOKEN, ConditionMessages.awaitingCollection(order));
      case TargetState.Orphaned _ -> without(Reason.NO_TOKEN, ConditionMessages.orphaned(order));
      case TargetState.Damaged _ -> without(Reason.NO_TOKEN, ConditionMessages.damaged(order));
      case TargetState.Absent _, TargetState.Unseen _ ->
          without(Reason.NO_TOKEN, ConditionMessages.absent(order));
    };
  }

  private Condition readyWith(StoredToken token) {
    if (token.lifetime().isOver(now)) {
      return without(Reason.TOKEN_EXPIRED, ConditionMessages.expired(order, token));
    }
    // Of a spec that cannot be read, nobody can say that the token is not for it.
    if (order.unsupported() == null && !token.specHash().equals(after.specHash())) {
      return conditions.of(
          READY, false, Reason.TOKEN_OUTDATED, ConditionMessages.outdated(order, token));
    }
    return conditions.of(READY, true, Reason.TOKEN_VALID, ConditionMessages.valid(order, token));
  }

  private Condition without(Reason reason, String message) {
    return after.demand().suspended()
        ? conditions.of(READY, false, Reason.SUSPENDED, ConditionMessages.suspendedWithout(order))
        : conditions.of(READY, false, reason, message);
  }

  private Optional<Condition> renewed(Condition ready) {
    if (after.demand().suspended() && !(outcome instanceof Outcome.Failed)) {
      return Optional.of(
          conditions.of(RENEWED, false, Reason.SUSPENDED, ConditionMessages.suspended(after)));
    }
    return switch (outcome) {
      case Outcome.Failed failed when isBesides(failed) -> unlessPending(kept());
      case Outcome.Failed failed ->
          Optional.of(
              conditions.of(
                  RENEWED, false, failed.reason(), ConditionMessages.failed(failed, after)));
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
                        RENEWED, "False", failure.reason(), ConditionMessages.pending(failure))));
  }

  // Another spec may have another margin, and with it another remark.
  private Optional<Condition> rendered() {
    boolean sameSpec = Objects.equals(previous.observedGeneration(), order.generation());
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
        .or(() -> Optional.of(succeeded(ResponseRemarks.of(order, token))));
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
                RENEWED,
                false,
                Reason.WAITING_FOR_SLOT,
                ConditionMessages.waiting(waiting.obstacle())));
  }

  // What went before a suspension is not known any more.
  private Optional<Condition> lastRenewed() {
    return conditions.before(RENEWED).filter(c -> !c.reason().equals(Reason.SUSPENDED.text()));
  }

  private Condition succeeded(String remarks) {
    return conditions.of(
        RENEWED, true, Reason.SUCCEEDED, ConditionMessages.succeeded(order, after, remarks));
  }

  private Optional<Condition> stalled(Condition ready, Condition renewed) {
    return ready.holds() || renewed.holds() || !Reason.stalls(renewed.reason())
        ? Optional.empty()
        : Optional.of(conditions.of(STALLED, "True", renewed.reason(), renewed.message()));
  }

  private @Nullable TokenStatus token() {
    return after.target() instanceof TargetState.Held(StoredToken token, boolean _, boolean _)
        ? new TokenStatus(
            token.lifetime().issuedAt(),
            token.lifetime().expiresAt(),
            token.renewAt(),
            token.scope())
        : null;
  }

  private @Nullable BindingStatus binding() {
    boolean ours =
        after.target() instanceof TargetState.Held || after.target() instanceof TargetState.Damaged;
    return ours ? new BindingStatus(order.targetSecret()) : null;
  }
}
