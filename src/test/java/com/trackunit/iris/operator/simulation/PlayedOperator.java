package com.trackunit.iris.operator.simulation;

import com.trackunit.iris.operator.gate.Gate;
import com.trackunit.iris.operator.gate.Logins;
import com.trackunit.iris.operator.gate.Obstacle;
import com.trackunit.iris.operator.oauth.GrantedToken;
import com.trackunit.iris.operator.oauth.Refusal;
import com.trackunit.iris.operator.oauth.TokenAnswer;
import com.trackunit.iris.operator.renewal.AskCause;
import com.trackunit.iris.operator.renewal.Failure;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.Plan;
import com.trackunit.iris.operator.renewal.Rejections;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.WakeUp;
import com.trackunit.iris.operator.secret.Issue;
import com.trackunit.iris.operator.status.FailureLog;
import com.trackunit.iris.operator.status.Failures;
import com.trackunit.iris.operator.status.Outcome;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The operator without its edges: does with one credential at a time what the reconciler does, and
 * leaves every decision to the classes that the reconciler asks.
 */
final class PlayedOperator {
  private static final String ENDPOINT = "endpoint";

  private final World world;
  private final Gate gate;
  private final Logins logins = new Logins();

  PlayedOperator(World world, Scenario scenario) {
    this.world = world;
    gate = new Gate(scenario.limits());
  }

  /** Learns from a status what an earlier process knew. */
  void learn(Simulated one) {
    Failure failure = one.failure;
    if (failure != null && failure.rejections() != null) {
      logins.learn(failure.rejections(), world.clock());
    }
  }

  void look(Simulated one) {
    Instant now = world.clock();
    Observation told = one.seen(now);
    Observation seen = told.withFailure(logins.asOf(now, told.failure()));
    if (RenewalPlanner.plan(seen, now) instanceof Plan.Ask) {
      ask(one, seen, now);
    } else {
      rest(one, seen, new Outcome.Kept(), null, now);
    }
  }

  private void rest(
      Simulated one, Observation seen, Outcome outcome, @Nullable Instant again, Instant now) {
    one.failure = FailureLog.next(seen, outcome, one.order.uid(), now);
    Duration sleep = WakeUp.after(seen.withFailure(one.failure), again, now, one.draw);
    world.wake(one, world.time() + sleep.toMillis());
  }

  private void ask(Simulated one, Observation seen, Instant now) {
    Instant next = logins.nextLook(ENDPOINT, now);
    if (next.isAfter(now)) {
      rest(one, seen, new Outcome.Waiting(Obstacle.UNAVAILABLE, next), next, now);
      return;
    }
    Instant expiry = one.stored == null ? null : one.stored.lifetime().expiresAt();
    switch (gate.turn(one.order.uid(), expiry, world.moment())) {
      case Gate.Turn.ComeBack(Instant look, Instant slot, var obstacle) ->
          rest(one, seen, new Outcome.Waiting(obstacle, slot), look, now);
      case Gate.Turn.Go _ -> tryLogin(one, seen, now);
    }
  }

  private void tryLogin(Simulated one, Observation seen, Instant now) {
    Logins.Attempt attempt =
        Logins.Attempt.of(
            ENDPOINT,
            one.login,
            one.loginVersion == 1 ? "password" : "corrected",
            seen,
            one.version());
    switch (logins.take(attempt, now)) {
      case Logins.Turn.Busy(Instant until) -> {
        gate.unused(one.order.uid(), world.moment());
        rest(one, seen, new Outcome.Kept(), until, now);
      }
      case Logins.Turn.Closed(Instant until) -> {
        gate.unused(one.order.uid(), world.moment());
        rest(one, seen, new Outcome.Waiting(Obstacle.UNAVAILABLE, until), until, now);
      }
      case Logins.Turn.Wait wait -> {
        gate.unused(one.order.uid(), world.moment());
        rest(one, seen, Failures.loginHeldBack(one.order, one.version(), wait, now), null, now);
      }
      case Logins.Turn.Go turn -> send(one, turn, now);
    }
  }

  private void send(Simulated one, Logins.Turn.Go turn, Instant now) {
    Rejections during = turn.during();
    if (during != null) {
      one.failure =
          Failure.during(during, "request", turn.attempt().corrected() ? null : one.version());
    }
    one.lastRequest = now;
    world.send(one, turn, now);
  }

  void answer(Simulated one) {
    Simulated.InFlight asked = one.answered();
    Instant now = world.clock();
    switch (asked.answer()) {
      case TokenAnswer.Granted(GrantedToken token) -> granted(one, asked, token, now);
      case TokenAnswer.Refused refused ->
          rest(one, one.seen(now), refused(one, asked, refused, now), null, now);
    }
  }

  private Outcome.Failed refused(
      Simulated one, Simulated.InFlight asked, TokenAnswer.Refused refused, Instant now) {
    String uid = one.order.uid();
    gate.refused(
        uid,
        Failures.kind(refused.refusal()),
        refused.retryAfter().orElse(Duration.ZERO),
        world.moment());
    if (refused.refusal() == Refusal.CREDENTIALS_REJECTED) {
      Rejections known = logins.refused(asked.turn(), now);
      return logins.isClosed(asked.turn(), now)
          ? Failures.everyLoginRefused(refused, one.order, one.version(), known, now)
          : Failures.loginRefused(refused, one.order, one.version(), known, now);
    }
    logins.undecided(asked.turn(), now);
    return Failures.refused(refused, one.order, one.version());
  }

  private void granted(Simulated one, Simulated.InFlight asked, GrantedToken token, Instant now) {
    gate.answered(one.order.uid(), world.moment());
    logins.accepted(asked.turn(), now);
    StoredToken stored =
        Issue.of(token, asked.clock(), one.order, one.version(), one.stored).orElseThrow();
    world.written(one, asked);
    one.stored = stored;
    Observation seen = one.seen(now);
    Outcome issued = new Outcome.Issued(AskCause.DUE, "");
    one.failure = FailureLog.next(seen, issued, one.order.uid(), now);
    if (world.isSteady()) {
      // What it is looked at for until then finds nothing to do.
      world.wake(one, Duration.between(World.BEGINNING, stored.renewAt()).toMillis());
    } else {
      rest(one, seen, issued, null, now);
    }
  }
}
