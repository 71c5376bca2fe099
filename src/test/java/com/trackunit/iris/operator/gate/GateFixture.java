package com.trackunit.iris.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.time.ClockReading;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A gate, its clocks, and credentials that ask. A credential's login has its name, if not said. */
final class GateFixture {
  static final Instant START = Instant.parse("2026-05-04T12:00:00Z");

  final RequestGate gate;
  Instant now = START;
  private Instant steady = Instant.EPOCH.plus(Duration.ofDays(1));
  private final Set<String> proven = new HashSet<>();

  GateFixture() {
    this(100, 100);
  }

  GateFixture(double perSecond, int inFlight) {
    gate = new RequestGate(new RateLimits(perSecond, inFlight));
    gate.waiting(here());
    pass(3600);
  }

  void pass(double seconds) {
    now = now.plusMillis(Math.round(seconds * 1000));
    steady = steady.plusMillis(Math.round(seconds * 1000));
  }

  ClockReading here() {
    return new ClockReading(now, steady);
  }

  /** Logins that a stored token proves. */
  GateFixture proven(String... logins) {
    proven.addAll(Set.of(logins));
    return this;
  }

  Attempt attempt(String uid, String login, String values) {
    return attempt(uid, "team", login, values, null, false);
  }

  Attempt attempt(
      String uid,
      String namespace,
      String login,
      String values,
      @Nullable LoginRejections recorded,
      boolean corrected) {
    return new Attempt(
        uid,
        namespace,
        login,
        values,
        "secret-" + values,
        "request",
        recorded,
        corrected,
        proven.contains(login),
        null,
        null,
        false);
  }

  /** The same, for a credential with a token that ends then. */
  static Attempt holding(Attempt of, Instant end) {
    return new Attempt(
        of.uid(),
        of.namespace(),
        of.login(),
        of.values(),
        of.version(),
        of.request(),
        of.recorded(),
        of.corrected(),
        of.proven(),
        of.acceptedAt(),
        end,
        of.requested());
  }

  /** The same, for a credential whose spec was changed. */
  static Attempt changed(Attempt of) {
    return new Attempt(
        of.uid(),
        of.namespace(),
        of.login(),
        of.values(),
        of.version(),
        "another " + of.request(),
        of.recorded(),
        of.corrected(),
        of.proven(),
        of.acceptedAt(),
        of.tokenEnd(),
        of.requested());
  }

  RequestGate.Turn turn(String uid, @Nullable Integer left) {
    return gate.turn(uid, "team", left == null ? null : now.plusSeconds(left), here());
  }

  /** Takes a turn and has the login admitted; gives the turn back when it is not. */
  Admission asks(Attempt attempt) {
    assertThat(gate.turn(attempt.uid(), attempt.namespace(), null, here()))
        .as("turn of " + attempt.uid())
        .isInstanceOf(RequestGate.Turn.Go.class);
    Admission admission = gate.admit(attempt, here());
    if (!(admission instanceof Admission.Granted)) {
      gate.unused(attempt.uid(), here());
    }
    return admission;
  }

  Admission asks(String uid) {
    return asks(attempt(uid, uid, "password"));
  }

  void accepts(String uid) {
    accepts(attempt(uid, uid, "password"));
  }

  void accepts(Attempt attempt) {
    assertThat(asks(attempt)).isInstanceOf(Admission.Granted.class);
    gate.accepted(attempt.uid(), here());
  }

  RequestGate.Refusal refuses(Attempt attempt) {
    assertThat(asks(attempt)).isInstanceOf(Admission.Granted.class);
    return gate.refused(attempt.uid(), here());
  }

  RequestGate.Refusal refuses(String uid) {
    return refuses(attempt(uid, uid, "password"));
  }

  int fails(String uid, RetryClass kind) {
    return fails(attempt(uid, uid, "password"), kind, Duration.ZERO);
  }

  /** A failure whose wait is a second, unless the server wants another. */
  int fails(Attempt attempt, RetryClass kind, Duration retryAfter) {
    assertThat(asks(attempt)).as("admission").isInstanceOf(Admission.Granted.class);
    int inARow = gate.failed(attempt.uid(), kind, false, retryAfter, here());
    Duration wait = retryAfter.isPositive() ? retryAfter : Duration.ofSeconds(1);
    RetryState failure =
        new RetryState(kind, "Reason", inARow, now, now.plus(wait), "request", null, null);
    gate.hold(attempt, failure, retryAfter, here());
    return inARow;
  }

  static RetryState rejected(LoginRejections rejections, String version) {
    return RetryState.during(rejections, "CredentialsRejected", "request", version);
  }
}
