package com.trackunit.iris.operator.status;

import com.trackunit.iris.operator.api.BindingStatus;
import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.TokenStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.renewal.UserRequest;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Computes the next status from the previous one, the outcome of the step and the facts after it.
 *
 * <p>The same inputs give the same status, so that a step which changed nothing writes nothing.
 */
public final class StatusCalculator {
  static final String READY = "Ready";
  static final String RENEWED = "Renewed";
  static final String STALLED = "Stalled";

  private final IrisCredentialStatus previous;
  private final EffectiveSpec spec;
  private final Observation after;
  private final Outcome outcome;
  private final Instant now;
  private final Conditions conditions;

  private StatusCalculator(
      IrisCredentialStatus previous,
      EffectiveSpec spec,
      Observation after,
      Outcome outcome,
      Instant now) {
    this.previous = previous;
    this.spec = spec;
    this.after = after;
    this.outcome = outcome;
    this.now = now;
    this.conditions = new Conditions(previous, spec.generation(), now);
  }

  /**
   * The next status.
   *
   * @param after the facts after the step
   */
  public static IrisCredentialStatus next(
      IrisCredentialStatus previous,
      EffectiveSpec spec,
      Observation after,
      Outcome outcome,
      Instant now) {
    IrisCredentialStatus next = new StatusCalculator(previous, spec, after, outcome, now).next();
    return isUnreported(previous, next, outcome) ? previous : next;
  }

  /**
   * The status of a credential whose namespace is not served: the token stays as it is, and {@code
   * Renewed} says what is missing.
   *
   * @param missing the missing rights, as in {@code watch secrets}
   */
  public static IrisCredentialStatus unserved(
      IrisCredentialStatus previous, EffectiveSpec spec, String missing, Instant now) {
    Conditions conditions = new Conditions(previous, spec.generation(), now);
    String message = ConditionMessages.unserved(spec, missing);
    TokenStatus token = previous.token();
    boolean valid = isReady(previous) && token != null && token.expiresAt().isAfter(now);
    Condition ready =
        conditions
            .before(READY)
            .filter(condition -> valid || !condition.holds())
            .orElseGet(
                () ->
                    conditions.of(
                        READY,
                        false,
                        token == null ? Reason.NO_TOKEN : Reason.TOKEN_EXPIRED,
                        message));
    return new IrisCredentialStatus(
        previous.observedGeneration(),
        List.of(ready, conditions.of(RENEWED, false, Reason.KUBERNETES_WRITE_FAILED, message)),
        token,
        previous.binding(),
        previous.failures(),
        previous.lastHandledRenewRequest());
  }

  // No other call costs the API server as much as a status write, so a short wait needs none.
  private static boolean isUnreported(
      IrisCredentialStatus previous, IrisCredentialStatus next, Outcome outcome) {
    return outcome instanceof Outcome.AwaitingSlot waiting
        && waiting.isShort()
        && isReady(next) == isReady(previous)
        && Objects.equals(next.failures(), previous.failures());
  }

  private static boolean isReady(IrisCredentialStatus status) {
    return status.condition(READY).filter(Condition::holds).isPresent();
  }

  /**
   * The condition that says why there is no newer token, if the reason is a failure. A wait for a
   * turn and a suspension are no failures.
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
    Condition ready = new ReadyCondition(spec, after, outcome, conditions, now).next();
    Optional<Condition> renewed =
        new RenewedCondition(previous, spec, after, outcome, conditions).next(ready);
    Optional<Condition> stalled = renewed.flatMap(condition -> stalled(ready, condition));
    return new IrisCredentialStatus(
        spec.generation(),
        Stream.of(Optional.of(ready), renewed, stalled).flatMap(Optional::stream).toList(),
        token(),
        binding(),
        RetryStateFormat.write(after.failure()),
        lastHandled());
  }

  // The stored token records the renewal request that it answers, even if the status was lost.
  private @Nullable String lastHandled() {
    UserRequest userRequest = after.userRequest();
    return after.target() instanceof TargetState.Held(StoredToken token, boolean _, boolean _)
            && userRequest.isAnsweredBy(token)
        ? userRequest.renewal()
        : userRequest.handled();
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
    return ours ? new BindingStatus(spec.targetSecret()) : null;
  }
}
