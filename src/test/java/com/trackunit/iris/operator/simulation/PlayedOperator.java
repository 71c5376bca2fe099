package com.trackunit.iris.operator.simulation;

import com.trackunit.iris.operator.gate.RequestGate;
import com.trackunit.iris.operator.gate.WaitReason;
import com.trackunit.iris.operator.lockout.LoginGuard;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.oauth.TokenError;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.outcome.Outcome;
import com.trackunit.iris.operator.outcome.RetryTracker;
import com.trackunit.iris.operator.outcome.TokenFailures;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.Plan;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.renewal.RequeueSchedule;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.TokenIssuance;
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
  private final RequestGate gate;
  private final LoginGuard logins = new LoginGuard();

  PlayedOperator(World world, Scenario scenario) {
    this.world = world;
    gate = new RequestGate(scenario.limits());
  }

  /** Learns from a status what an earlier process knew. */
  void learn(SimulatedCredential one) {
    RetryState failure = one.failure;
    if (failure != null && failure.rejections() != null) {
      logins.learn(failure.rejections(), world.clock());
    }
  }

  void look(SimulatedCredential one) {
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
      SimulatedCredential one,
      Observation seen,
      Outcome outcome,
      @Nullable Instant again,
      Instant now) {
    one.failure = RetryTracker.next(seen, outcome, one.order.uid(), now);
    Duration sleep = RequeueSchedule.after(seen.withFailure(one.failure), again, now, one.draw);
    world.wake(one, world.time() + sleep.toMillis());
  }

  private void ask(SimulatedCredential one, Observation seen, Instant now) {
    Instant next = logins.nextLook(ENDPOINT, now);
    if (next.isAfter(now)) {
      rest(one, seen, new Outcome.Waiting(WaitReason.UNAVAILABLE, next), next, now);
      return;
    }
    Instant expiry = one.stored == null ? null : one.stored.lifetime().expiresAt();
    switch (gate.turn(one.order.uid(), expiry, world.moment())) {
      case RequestGate.Turn.ComeBack(Instant look, Instant slot, var obstacle) ->
          rest(one, seen, new Outcome.Waiting(obstacle, slot), look, now);
      case RequestGate.Turn.Go _ -> tryLogin(one, seen, now);
    }
  }

  private void tryLogin(SimulatedCredential one, Observation seen, Instant now) {
    LoginGuard.Attempt attempt =
        LoginGuard.Attempt.of(
            ENDPOINT,
            one.login,
            one.loginVersion == 1 ? "password" : "corrected",
            seen,
            one.version());
    switch (logins.take(attempt, now)) {
      case LoginGuard.Turn.Busy(Instant until) -> {
        gate.unused(one.order.uid(), world.moment());
        rest(one, seen, new Outcome.Kept(), until, now);
      }
      case LoginGuard.Turn.Closed(Instant until) -> {
        gate.unused(one.order.uid(), world.moment());
        rest(one, seen, new Outcome.Waiting(WaitReason.UNAVAILABLE, until), until, now);
      }
      case LoginGuard.Turn.Wait wait -> {
        gate.unused(one.order.uid(), world.moment());
        rest(
            one, seen, TokenFailures.loginHeldBack(one.order, one.version(), wait, now), null, now);
      }
      case LoginGuard.Turn.Go turn -> send(one, turn, now);
    }
  }

  private void send(SimulatedCredential one, LoginGuard.Turn.Go turn, Instant now) {
    LoginRejections during = turn.during();
    if (during != null) {
      one.failure =
          RetryState.during(
              during,
              "CredentialsRejected",
              "request",
              turn.attempt().corrected() ? null : one.version());
    }
    one.lastRequest = now;
    world.send(one, turn, now);
  }

  void answer(SimulatedCredential one) {
    SimulatedCredential.InFlight asked = one.answered();
    Instant now = world.clock();
    switch (asked.answer()) {
      case TokenResponse.Granted(IssuedToken token) -> granted(one, asked, token, now);
      case TokenResponse.Refused refused ->
          rest(one, one.seen(now), refused(one, asked, refused, now), null, now);
    }
  }

  private Outcome.Failed refused(
      SimulatedCredential one,
      SimulatedCredential.InFlight asked,
      TokenResponse.Refused refused,
      Instant now) {
    String uid = one.order.uid();
    gate.refused(
        uid,
        TokenFailures.kind(refused.refusal()),
        refused.retryAfter().orElse(Duration.ZERO),
        world.moment());
    if (refused.refusal() == TokenError.CREDENTIALS_REJECTED) {
      LoginRejections known = logins.refused(asked.turn(), now);
      return logins.isClosed(asked.turn(), now)
          ? TokenFailures.everyLoginRefused(refused, one.order, one.version(), known, now)
          : TokenFailures.loginRefused(refused, one.order, one.version(), known, now);
    }
    logins.undecided(asked.turn(), now);
    return TokenFailures.refused(refused, one.order, one.version());
  }

  private void granted(
      SimulatedCredential one, SimulatedCredential.InFlight asked, IssuedToken token, Instant now) {
    gate.answered(one.order.uid(), world.moment());
    logins.accepted(asked.turn(), now);
    StoredToken stored =
        TokenIssuance.of(token, asked.clock(), one.order, one.version(), one.stored).orElseThrow();
    world.written(one, asked);
    one.stored = stored;
    Observation seen = one.seen(now);
    Outcome issued = new Outcome.Issued(RenewalCause.DUE, "");
    one.failure = RetryTracker.next(seen, issued, one.order.uid(), now);
    if (world.isSteady()) {
      // What it is looked at for until then finds nothing to do.
      world.wake(one, Duration.between(World.BEGINNING, stored.renewAt()).toMillis());
    } else {
      rest(one, seen, issued, null, now);
    }
  }
}
