package com.trackunit.iris.operator.lockout;

import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.RetryState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a login may be tried now. After a refusal the limits of {@link LoginRejections}
 * apply to all credentials with the same login together.
 *
 * <p>Keeps logins and passwords as fingerprints only. The fingerprint of a login is the one in the
 * status; the fingerprint of a password is salted and is useless outside this process. After a
 * restart the number of refusals is read from the statuses; which password was refused is unknown.
 */
public final class LoginGuard {
  // If the password is changed at the server, all requests in flight may be refused. So there are
  // not more of them than tries in a day.
  private static final int IN_FLIGHT = LoginState.MAX_TRIES_PER_DAY;
  private static final Duration MIN_REQUEUE = Duration.ofSeconds(1);

  private final Map<String, LoginState> logins = new HashMap<>();
  private final Map<String, EndpointRejections> endpoints = new HashMap<>();

  /** The answer to an attempt. */
  public sealed interface Turn {
    /**
     * The login may be tried now.
     *
     * @param during what to record before the request; null when the login was not refused before
     */
    record Go(Attempt attempt, @Nullable LoginRejections during) implements Turn {}

    /**
     * The login was refused and has to wait.
     *
     * @param untried whether a correction waits, which was not sent yet
     */
    record Wait(LoginRejections known, Instant until, boolean untried) implements Turn {}

    /** Other requests try this login now; wait for their results. */
    record Busy(Instant until) implements Turn {}

    /** The endpoint refuses every login, and this login may not be tried now. */
    record Closed(Instant until) implements Turn {}
  }

  /** Adds the refusals that a status records. */
  public synchronized void learn(LoginRejections told, Instant now) {
    login(told.login()).learn(told.asOf(now));
  }

  /** When to check the endpoint again; not later than now unless it refuses every login. */
  public synchronized Instant nextLook(String endpoint, Instant now) {
    EndpointRejections rejections = endpoint(endpoint);
    return rejections.isOut(now) ? rejections.nextLook(now) : now;
  }

  /**
   * The failure as it counts now. When a login was refused because the endpoint refused every
   * login, its wait ends once the endpoint accepts logins again, or once this login may be probed.
   */
  public synchronized @Nullable RetryState asOf(Instant now, @Nullable RetryState failure) {
    LoginRejections rejections = failure == null ? null : failure.rejections();
    if (failure == null || rejections == null || failure.kind() != RetryClass.REJECTED) {
      return failure;
    }
    LoginState login = login(rejections.login());
    EndpointRejections all = login.refusedWithAll();
    if (all == null) {
      return failure;
    }
    boolean turn =
        all.isOut(now)
            ? login.mayProbe(now) && all.isTurnOf(rejections.login(), login.tries(), now)
            : !failure.lastTime().isAfter(all.ended()) && !rejections.withinBudget().isAfter(now);
    return turn ? failure.due() : failure;
  }

  /**
   * Decides on an attempt. Each {@link Turn.Go} must be ended with {@link #accepted}, {@link
   * #refused} or {@link #undecided}. A login that was not accepted yet, or was refused within a
   * day, has one request in flight at most, so that each try knows the result of the one before.
   */
  public synchronized Turn take(Attempt attempt, Instant now) {
    LoginState login = login(attempt.login());
    LoginRejections known = login.known(now);
    EndpointRejections all = endpoint(attempt.endpoint());
    if (all.isOut(now)) {
      return probe(login, all, attempt, now);
    }
    boolean other = known == null || login.isAnotherThanRefused(attempt, known);
    if (login.inFlight() >= (other && login.isTrusted(now) ? IN_FLIGHT : 1)) {
      return new Turn.Busy(now.plus(MIN_REQUEUE));
    }
    if (known == null || other) {
      login.sent();
      return new Turn.Go(attempt, null);
    }
    boolean worth = login.mayTryAsCorrection(attempt, known);
    Instant earliest = login.earliest(attempt, known, worth, now);
    if (earliest.isAfter(now)) {
      return new Turn.Wait(known, earliest, worth);
    }
    login.sent();
    return new Turn.Go(attempt, login.tried(attempt, known, now));
  }

  private static Turn probe(
      LoginState login, EndpointRejections all, Attempt attempt, Instant now) {
    if (!login.mayProbe(attempt, now) || !all.isTurnOf(attempt.login(), login.tries(), now)) {
      Instant look = all.nextLook(now);
      return new Turn.Closed(look.isAfter(now) ? look : now.plus(MIN_REQUEUE));
    }
    all.probing(attempt.login());
    login.sent();
    return new Turn.Go(attempt, login.probed(attempt, now));
  }

  public synchronized void accepted(Turn.Go turn, Instant now) {
    ended(turn).accepted(turn.attempt(), now);
    endpoint(turn.attempt().endpoint()).accepted(now);
  }

  /** The login was refused; returns the refusals to record. */
  public synchronized LoginRejections refused(Turn.Go turn, Instant now) {
    Attempt attempt = turn.attempt();
    LoginState login = ended(turn);
    EndpointRejections all = endpoint(attempt.endpoint());
    LoginRejections counted = login.refused(attempt, turn.during(), all.isOut(now), now);
    Set<String> outageLogins = all.refused(attempt.login(), login.wasAccepted(attempt), now);
    login.refusedWithAll(null);
    outageLogins.forEach(one -> login(one).refusedWithAll(all));
    return counted;
  }

  /** Whether the endpoint refuses every login. */
  public synchronized boolean isClosed(Turn.Go turn, Instant now) {
    return endpoint(turn.attempt().endpoint()).isOut(now);
  }

  /** The try ended without a verdict on the login: no request, no response, or another error. */
  public synchronized void undecided(Turn.Go turn, Instant now) {
    ended(turn);
    endpoint(turn.attempt().endpoint()).undecided(turn.attempt().login(), now);
  }

  private LoginState ended(Turn.Go turn) {
    LoginState login = login(turn.attempt().login());
    login.ended();
    return login;
  }

  private LoginState login(String fingerprint) {
    return logins.computeIfAbsent(fingerprint, unknown -> new LoginState());
  }

  private EndpointRejections endpoint(String url) {
    return endpoints.computeIfAbsent(url, unknown -> new EndpointRejections());
  }
}
