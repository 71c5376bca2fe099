package com.trackunit.iris.operator.gate;

import com.trackunit.iris.operator.gate.Outage.Cause;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.LoginRejections.Verdict;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.time.ClockReading;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which credential may send a request to one authorization server now, and which login.
 *
 * <p>Never blocks. A credential takes a turn, then its login is read and admitted, then it reports
 * what came of the request, or that nothing was sent. An answer is evidence about the login first,
 * and about the server only when other logins say the same.
 */
public final class RequestGate {
  private final RequestSlots slots;
  private final EndpointHealth health = new EndpointHealth();
  private final RequestTurns turns;
  private final Logins logins = new Logins();
  private final LoginAnswers answers = new LoginAnswers();
  private final LoginWaits waits = new LoginWaits(health, answers);
  private final Map<String, Sent> sent = new HashMap<>();
  private Instant latest = Instant.MIN;

  /**
   * A request whose answer is awaited.
   *
   * @param during what was recorded of its login before, null when nothing was
   * @param recorded the same as a try of the login
   * @param login whether it sends the login, not a refresh token
   */
  private record Sent(
      Attempt attempt,
      @Nullable LoginRejections during,
      LoginTries.@Nullable Try recorded,
      boolean login) {}

  public RequestGate(RateLimits limits) {
    slots = new RequestSlots(limits);
    turns = new RequestTurns(slots, health);
  }

  /** The answer to {@link #turn}. */
  public sealed interface Turn {
    /** The login may be read, and sent if it is admitted. */
    record Go() implements Turn {}

    /**
     * The credential must wait.
     *
     * @param look when to try again
     * @param slot when its turn is likely to be, if nothing changes
     */
    record ComeBack(Instant look, Instant slot, WaitReason obstacle) implements Turn {}
  }

  // Threads may arrive here in another order than they read the clock.
  private ClockReading begin(ClockReading reading) {
    ClockReading here = reading.notBefore(latest);
    latest = here.steady();
    slots.count(latest);
    logins.sweep(here.clock());
    return here;
  }

  /**
   * Requests a turn for this credential.
   *
   * @param expiry when its current token expires, null when it has none
   */
  public synchronized Turn turn(
      String uid, String namespace, @Nullable Instant expiry, ClockReading reading) {
    ClockReading here = begin(reading);
    return turns.of(uid, namespace, logins.of(uid), expiry, here);
  }

  /**
   * Decides whether a credential that has a turn may send this login. After anything but {@link
   * Admission.Granted} the turn must be given back.
   */
  public synchronized Admission admit(Attempt attempt, ClockReading reading) {
    ClockReading here = begin(reading);
    Instant now = here.clock();
    LoginState login = logins.use(attempt);
    Outage outage = health.outage(here.steady());
    // A correction and a login that was never refused go in their own right.
    boolean probes = isRefusing(outage) && login.isRefused(attempt, now);
    if (outage != null
        && probes
        && login.mayProbe(attempt, now)
        && !mayProbe(outage, attempt, login, here)) {
      Instant look = RequestTurns.clamped(outage.nextProbe(here.steady()), here.steady());
      return new Admission.ComeBack(here.clockAt(look), WaitReason.UNAVAILABLE);
    }
    boolean extra = answers.isByOther(attempt.login(), login.withoutVerdictSince());
    Admission admission = login.admit(attempt, probes, extra, now);
    if (admission instanceof Admission.Granted(LoginRejections during, int _)) {
      if (outage != null && probes) {
        outage.probing(attempt.uid(), attempt.login());
      }
      LoginTries.Try recorded = during == null ? null : login.tried(attempt, now);
      sent.put(attempt.uid(), new Sent(attempt, during, recorded, true));
    }
    return admission;
  }

  /** A refresh token is sent instead of the login. */
  public synchronized void refreshes(Attempt attempt) {
    logins.use(attempt);
    sent.put(attempt.uid(), new Sent(attempt, null, null, false));
  }

  private static boolean isRefusing(@Nullable Outage outage) {
    return outage != null && outage.cause() == Cause.REFUSED;
  }

  private static boolean mayProbe(
      Outage outage, Attempt attempt, LoginState login, ClockReading here) {
    Instant end = attempt.tokenEnd();
    return outage.mayProbe(
        attempt.login(),
        login.isProven(attempt),
        end == null ? null : here.steadyAt(end),
        here.steady());
  }

  /** A token was granted. */
  public synchronized void accepted(String uid, ClockReading reading) {
    ClockReading here = begin(reading);
    Sent request = ended(uid);
    if (request != null) {
      LoginState login = logins.use(request.attempt());
      login.accepted(request.attempt(), request.login(), here.clock());
      answers.answered(request.attempt().login(), here.clock());
      if (health.accepted(latest)) {
        answers.outageEnded(here.clock());
        slots.slowStartAfterOutage();
      }
    }
  }

  /** The login was refused. */
  public synchronized Refusal refused(String uid, ClockReading reading) {
    ClockReading here = begin(reading);
    Sent request = Objects.requireNonNull(ended(uid));
    Attempt attempt = request.attempt();
    LoginState login = logins.use(attempt);
    boolean proven = login.isProven(attempt);
    answers.answered(attempt.login(), here.clock());
    LoginRejections counted =
        login.notAccepted(
            attempt,
            request.during(),
            Verdict.REFUSED,
            isRefusing(health.outage(latest)),
            here.clock());
    Set<String> ofTheServer = health.refused(uid, attempt.login(), proven, latest);
    ofTheServer.forEach(one -> logins.state(one).refusedInOutage());
    return new Refusal(counted, proven && ofTheServer.contains(attempt.login()));
  }

  /**
   * A refused login.
   *
   * @param rejections the refusals to record
   * @param ofEveryLogin whether the server refuses every login now
   */
  public record Refusal(LoginRejections rejections, boolean ofEveryLogin) {}

  /**
   * The login was sent, and no answer came in time. For a login that was never accepted, or that
   * was refused last, this may have been a failed login at the server; and for any other, twice in
   * a row, when the server answered another login in between.
   *
   * @return the tries to record; empty when it is an ordinary failure, to be reported by {@link
   *     #failed}
   */
  public synchronized Optional<LoginRejections> withoutVerdict(String uid, ClockReading reading) {
    ClockReading here = begin(reading);
    Sent request = sent.get(uid);
    if (request == null || !request.login()) {
      return Optional.empty();
    }
    Attempt attempt = request.attempt();
    LoginState login = logins.use(attempt);
    if (login.isTrusted(attempt, here.clock()) && !isUnansweredAlone(login, attempt, here)) {
      return Optional.empty();
    }
    Instant asked = slots.sentAt(uid, latest);
    ended(uid);
    health.broke(uid, attempt.login(), false, asked, logins.isOne(), latest);
    return Optional.of(
        login.notAccepted(attempt, request.during(), Verdict.NONE, false, here.clock()));
  }

  // A server that answers others may judge this login after the time limit.
  private boolean isUnansweredAlone(LoginState login, Attempt attempt, ClockReading here) {
    Instant first = login.unansweredSince();
    if (first == null || !answers.isByOther(attempt.login(), first)) {
      login.unanswered(here.clock());
      return false;
    }
    login.unansweredAlone(attempt, first);
    return true;
  }

  /**
   * The request brought no token, for a reason that is not about the values of the login.
   *
   * @param oauthError whether the server reported an error code of RFC 6749
   * @param retryAfter the pause that the server requests, zero if it does not say
   * @return the failures of this class in a row, of all credentials with this login
   */
  public synchronized int failed(
      String uid, RetryClass kind, boolean oauthError, Duration retryAfter, ClockReading reading) {
    ClockReading here = begin(reading);
    Instant asked = slots.sentAt(uid, latest);
    Sent request = ended(uid);
    if (request == null) {
      return 1;
    }
    LoginState login = logins.use(request.attempt());
    login.unjudged(request.recorded());
    String who = request.attempt().login();
    switch (kind) {
      case TRANSIENT, MALFORMED ->
          health.broke(uid, who, login.isProven(request.attempt()), asked, logins.isOne(), latest);
      case LIMITED -> slowDown(health.limited(uid, who, retryAfter, latest), asked);
      case RESTRICTED -> slowDown(health.restricted(uid, who, latest), asked);
      case CONFIGURATION,
          REJECTED,
          NO_VERDICT,
          HELD_BACK,
          NOT_OAUTH,
          KUBERNETES,
          KUBERNETES_DENIED,
          WAITING ->
          undecided(uid, who, oauthError, here);
    }
    return login.failures(kind);
  }

  private void undecided(String uid, String login, boolean oauthError, ClockReading here) {
    if (oauthError) {
      answered(login, here);
    }
    health.undecided(uid, login);
  }

  private void answered(String login, ClockReading here) {
    answers.answered(login, here.clock());
    if (health.answered(latest)) {
      answers.outageEnded(here.clock());
      slots.slowStartAfterOutage();
    }
  }

  private void slowDown(boolean ofTheServer, Instant asked) {
    if (ofTheServer) {
      slots.slowDown(asked);
    }
  }

  /**
   * All credentials with this login wait.
   *
   * @param retryAfter the wait that the server wants, zero if it does not say
   */
  public synchronized void hold(
      Attempt attempt, RetryState failure, Duration retryAfter, ClockReading reading) {
    logins.use(attempt).failed(attempt, failure, retryAfter, begin(reading).clock());
  }

  private @Nullable Sent ended(String uid) {
    slots.ended(uid);
    Sent request = sent.remove(uid);
    if (request != null && request.login()) {
      logins.state(request.attempt().login()).ended();
    }
    return request;
  }

  /** Nothing was sent. Has no effect after a report. */
  public synchronized void unused(String uid, ClockReading reading) {
    begin(reading);
    if (slots.giveBack(uid)) {
      Sent request = ended(uid);
      if (request != null) {
        logins.state(request.attempt().login()).unjudged(request.recorded());
      }
      health.undecided(uid, logins.of(uid));
    }
  }

  /** Adds what the status of a credential records about its login. */
  public synchronized void learn(String uid, String namespace, RetryState told, Instant now) {
    LoginRejections rejections = told.rejections();
    if (rejections != null) {
      logins.learn(uid, namespace, rejections.login()).learn(namespace, told.asOf(now));
    }
  }

  /** Goes on with an outage that the statuses tell of, after a restart. */
  public synchronized void restore(Set<String> refusedLogins, ClockReading reading) {
    health.restore(refusedLogins, begin(reading).steady());
    refusedLogins.forEach(login -> logins.state(login).refusedInOutage());
  }

  /**
   * The failure of a credential as it counts now: its wait ends when the server accepts logins
   * again, or when this one may probe; and when the login was accepted meanwhile.
   *
   * @param tokenEnd when its token expires, null when there is none
   */
  public synchronized RetryState asOf(
      String uid, @Nullable Instant tokenEnd, RetryState failure, ClockReading reading) {
    ClockReading here = begin(reading);
    String name = logins.of(uid);
    return logins
        .known(name)
        .filter(login -> waits.isOver(name, login, tokenEnd, failure, here))
        .map(_ -> failure.due())
        .orElse(failure);
  }

  /** The credential was deleted. The outcome of its request in flight is still reported. */
  public synchronized void forget(String uid, Instant now) {
    slots.leave(uid);
    logins.forget(uid, now).ifPresent(health::forget);
  }

  /** Whether the server is out, so that one request at a time probes it. */
  public synchronized boolean isOpen() {
    return health.isOut();
  }

  /** Number of credentials that wait for their turn. */
  public synchronized int waiting(ClockReading reading) {
    begin(reading);
    return slots.waiting();
  }
}
