package com.trackunit.iris.operator.status;

import com.trackunit.iris.operator.api.BindingStatus;
import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.StandingOrder;
import com.trackunit.iris.operator.api.TokenStatus;
import com.trackunit.iris.operator.renewal.Demand;
import com.trackunit.iris.operator.renewal.Failure;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.Target;
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
public final class StatusReport {
  static final String READY = "Ready";
  static final String RENEWED = "Renewed";
  static final String STALLED = "Stalled";

  private final IrisCredentialStatus previous;
  private final StandingOrder order;
  private final Observation after;
  private final Outcome outcome;
  private final Instant now;
  private final Conditions conditions;

  private StatusReport(
      IrisCredentialStatus previous,
      StandingOrder order,
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
      StandingOrder order,
      Observation after,
      Outcome outcome,
      Instant now) {
    return new StatusReport(previous, order, after, outcome, now).next();
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

  /** Whether this token was issued since the status was written. */
  static boolean isNews(StoredToken token, IrisCredentialStatus status) {
    return status.token() == null || !token.isIssuedAt(status.token().issuedAt());
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
        FailureLog.write(after.failure()),
        lastHandled());
  }

  // A stored token that answers the request tells of it even when the status was lost.
  private @Nullable String lastHandled() {
    Demand demand = after.demand();
    return after.target() instanceof Target.Held(StoredToken token, boolean _, boolean _)
            && demand.isAnsweredBy(token)
        ? demand.renewal()
        : demand.handled();
  }

  private Condition ready() {
    return switch (after.target()) {
      case Target.Held held -> readyWith(held.token());
      case Target.Foreign _ ->
          conditions.of(READY, false, Reason.TARGET_SECRET_CONFLICT, Sentences.conflict(order));
      case Target.Predecessor _ ->
          outcome instanceof Outcome.Failed failed
                  && failed.reason() == Reason.TARGET_SECRET_CONFLICT
              ? conditions.of(
                  READY, false, Reason.TARGET_SECRET_CONFLICT, Sentences.conflict(order))
              : conditions.of(READY, false, Reason.NO_TOKEN, Sentences.awaitingCollection(order));
      case Target.Orphaned _ -> without(Reason.NO_TOKEN, Sentences.orphaned(order));
      case Target.Damaged _ -> without(Reason.NO_TOKEN, Sentences.damaged(order));
      case Target.Absent _, Target.Unseen _ -> without(Reason.NO_TOKEN, Sentences.absent(order));
    };
  }

  private Condition readyWith(StoredToken token) {
    if (token.lifetime().isOver(now)) {
      return without(Reason.TOKEN_EXPIRED, Sentences.expired(order, token));
    }
    if (!token.specHash().equals(after.specHash())) {
      return conditions.of(READY, false, Reason.TOKEN_OUTDATED, Sentences.outdated(order, token));
    }
    return conditions.of(READY, true, Reason.TOKEN_VALID, Sentences.valid(order, token));
  }

  private Condition without(Reason reason, String message) {
    return after.demand().suspended()
        ? conditions.of(READY, false, Reason.SUSPENDED, Sentences.suspendedWithout(order))
        : conditions.of(READY, false, reason, message);
  }

  private Optional<Condition> renewed(Condition ready) {
    if (after.demand().suspended() && !(outcome instanceof Outcome.Failed)) {
      return Optional.of(
          conditions.of(RENEWED, false, Reason.SUSPENDED, Sentences.suspended(after)));
    }
    return switch (outcome) {
      case Outcome.Failed failed ->
          Optional.of(
              conditions.of(RENEWED, false, failed.reason(), Sentences.failed(failed, after)));
      case Outcome.Issued issued -> Optional.of(succeeded(issued.remarks()));
      case Outcome.Rendered _ -> unlessPending(rendered());
      case Outcome.Adopted _ -> unlessPending(kept());
      case Outcome.Kept _ -> unlessPending(kept());
      case Outcome.Waiting waiting -> unlessPending(waiting(waiting, ready));
    };
  }

  // A failed request still counts after everything else is well again.
  private Optional<Condition> unlessPending(Optional<Condition> otherwise) {
    Failure failure = after.failure();
    if (failure == null) {
      return otherwise;
    }
    Optional<Condition> before = lastRenewed().filter(condition -> isOf(condition, failure));
    return before
        .map(conditions::again)
        .or(
            () ->
                Optional.of(
                    conditions.of(
                        RENEWED, false, Reason.of(failure.kind()), Sentences.pending(failure))));
  }

  // What stood in the way of something else meanwhile is over.
  private static boolean isOf(Condition condition, Failure failure) {
    return !failure.kind().asked() || !Reason.isOfTheCluster(condition.reason());
  }

  // Another spec may have another margin, and with it another remark.
  private Optional<Condition> rendered() {
    boolean sameSpec = Objects.equals(previous.observedGeneration(), order.generation());
    return sameSpec ? kept() : Optional.of(succeeded(""));
  }

  private Optional<Condition> kept() {
    if (!(after.target() instanceof Target.Held(StoredToken token, boolean _, boolean _))) {
      return lastRenewed().map(conditions::again);
    }
    // A status that was lost, or is older than the token, is written from what the Secret says.
    return lastRenewed()
        .filter(condition -> condition.holds() && !isNews(token, previous))
        .map(conditions::again)
        .or(() -> Optional.of(succeeded(Sentences.notGranted(order, token))));
  }

  // Worth telling only when nothing usable is there, or will be there until it is its turn.
  private Optional<Condition> waiting(Outcome.Waiting waiting, Condition ready) {
    boolean safe =
        ready.holds()
            && after.target() instanceof Target.Held held
            && held.token().lifetime().expiresAt().isAfter(waiting.slot());
    return safe
        ? kept()
        : Optional.of(
            conditions.of(
                RENEWED, false, Reason.WAITING_FOR_SLOT, Sentences.waiting(waiting.obstacle())));
  }

  // What went before a suspension is not known any more.
  private Optional<Condition> lastRenewed() {
    return conditions.before(RENEWED).filter(c -> !c.reason().equals(Reason.SUSPENDED.text()));
  }

  private Condition succeeded(String remarks) {
    return conditions.of(
        RENEWED, true, Reason.SUCCEEDED, Sentences.succeeded(order, after, remarks));
  }

  private Optional<Condition> stalled(Condition ready, Condition renewed) {
    return ready.holds() || renewed.holds() || !Reason.stalls(renewed.reason())
        ? Optional.empty()
        : Optional.of(conditions.of(STALLED, "True", renewed.reason(), renewed.message()));
  }

  private @Nullable TokenStatus token() {
    return after.target() instanceof Target.Held(StoredToken token, boolean _, boolean _)
        ? new TokenStatus(
            token.lifetime().issuedAt(),
            token.lifetime().expiresAt(),
            token.renewAt(),
            token.scope())
        : null;
  }

  private @Nullable BindingStatus binding() {
    boolean ours =
        after.target() instanceof Target.Held || after.target() instanceof Target.Damaged;
    return ours ? new BindingStatus(order.targetSecret()) : null;
  }
}
