package com.trackunit.iris.operator.lockout;

import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.TargetState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may try which login now: after a refusal as seldom as {@link LoginRejections} says, for all
 * credentials with that login together.
 *
 * <p>Knows logins and passwords by fingerprints that mean nothing outside this process. How often a
 * login was refused is rebuilt from the statuses after a restart; which password it was is not.
 */
public final class LoginGuard {
  // Should the password be changed at the server, they may all be refused at once.
  private static final int IN_FLIGHT = LoginState.A_DAY;
  private static final Duration NEXT_LOOK = Duration.ofSeconds(1);

  private final Map<String, LoginState> logins = new HashMap<>();
  private final Map<String, EndpointRejections> endpoints = new HashMap<>();

  /**
   * One wish to try a login.
   *
   * @param endpoint that is asked
   * @param login fingerprint of endpoint, client id and user
   * @param password fingerprint of what proves them
   * @param corrected whether this credential wants to send something else than what was refused or
   *     accepted before
   */
  public record Attempt(
      String endpoint, String login, String password, boolean corrected, LoginEvidence evidence) {
    /**
     * A credential's wish.
     *
     * @param version of the credentials Secret that holds what would be sent
     */
    public static Attempt of(
        String endpoint, String login, String password, Observation seen, String version) {
      RetryState failure = seen.failure();
      RetryState refusal = failure == null || failure.rejections() == null ? null : failure;
      boolean other = refusal != null && refusal.isCorrected(seen.requestHash(), version);
      LoginEvidence evidence = LoginEvidence.of(seen, version, other);
      boolean held = seen.target() instanceof TargetState.Held;
      boolean corrected = refusal == null ? held && !evidence.accepted() : other;
      return new Attempt(endpoint, login, password, corrected, evidence);
    }

    @Nullable Instant accepted() {
      return evidence.since();
    }

    /** The same when the token may have come of a refresh token: its time proves nothing. */
    public Attempt acceptedOnce() {
      return accepted() == null
          ? this
          : new Attempt(
              endpoint,
              login,
              password,
              corrected,
              new LoginEvidence(
                  evidence.accepted(), Instant.EPOCH, evidence.refusals(), evidence.tokenEnd()));
    }
  }

  /** The answer to a wish. */
  public sealed interface Turn {
    /**
     * Try it.
     *
     * @param during what is to be recorded before the request; null when the login was not refused
     *     before
     */
    record Go(Attempt attempt, @Nullable LoginRejections during) implements Turn {}

    /**
     * It was refused and has to wait.
     *
     * @param untried whether the wait is that of a correction, which was not sent yet
     */
    record Wait(LoginRejections known, Instant until, boolean untried) implements Turn {}

    /** Others are just trying it: their answer is worth waiting for. */
    record Busy(Instant until) implements Turn {}

    /** The endpoint refuses every login, and another one tries whether it still does. */
    record Closed(Instant until) implements Turn {}
  }

  /** Takes note of what a status tells of refusals. */
  public synchronized void learn(LoginRejections told, Instant now) {
    login(told.login()).learn(told.asOf(now));
  }

  /** When the endpoint is worth a look; not later than now unless it refuses every login. */
  public synchronized Instant nextLook(String endpoint, Instant now) {
    EndpointRejections rejections = endpoint(endpoint);
    return rejections.isOut(now) ? rejections.nextLook(now) : now;
  }

  /**
   * The failure as it counts now: the wait of a login that was refused when every login was is over
   * once the endpoint accepts logins again, or once it is the one to try whether it does.
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
   * Takes a turn; a {@link Turn.Go} has to be ended by one of the three methods below. Once a login
   * was refused it is tried by one at a time, so that each knows of the one before.
   */
  public synchronized Turn take(Attempt attempt, Instant now) {
    LoginState login = login(attempt.login());
    LoginRejections known = login.known(now);
    EndpointRejections all = endpoint(attempt);
    if (all.isOut(now)) {
      return probe(login, all, attempt, now);
    }
    boolean other = known == null || login.isAnotherThanRefused(attempt, known);
    if (login.inFlight() >= (other && login.isTrusted(now) ? IN_FLIGHT : 1)) {
      return new Turn.Busy(now.plus(NEXT_LOOK));
    }
    if (known == null || other) {
      login.sent();
      return new Turn.Go(attempt, null);
    }
    boolean worth = login.isWorthATry(attempt, known);
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
      return new Turn.Closed(look.isAfter(now) ? look : now.plus(NEXT_LOOK));
    }
    all.probing(attempt.login());
    login.sent();
    return new Turn.Go(attempt, login.probed(attempt, now));
  }

  /** The login was accepted. */
  public synchronized void accepted(Turn.Go turn, Instant now) {
    ended(turn).accepted(turn.attempt(), now);
    endpoint(turn.attempt()).accepted(now);
  }

  /** The login was refused; returns what is to be remembered of it. */
  public synchronized LoginRejections refused(Turn.Go turn, Instant now) {
    Attempt attempt = turn.attempt();
    LoginState login = ended(turn);
    EndpointRejections all = endpoint(attempt);
    LoginRejections counted = login.refused(attempt, turn.during(), all.isOut(now), now);
    Set<String> excused = all.refused(attempt.login(), login.wasAccepted(attempt), now);
    login.refusedWithAll(null);
    excused.forEach(one -> login(one).refusedWithAll(all));
    return counted;
  }

  /** Whether the endpoint refuses every login. */
  public synchronized boolean isClosed(Turn.Go turn, Instant now) {
    return endpoint(turn.attempt()).isOut(now);
  }

  /** It came to nothing, which says nothing of the login. */
  public synchronized void undecided(Turn.Go turn, Instant now) {
    ended(turn);
    endpoint(turn.attempt()).undecided(turn.attempt().login(), now);
  }

  private LoginState ended(Turn.Go turn) {
    LoginState login = login(turn.attempt().login());
    login.ended();
    return login;
  }

  private LoginState login(String fingerprint) {
    return logins.computeIfAbsent(fingerprint, unknown -> new LoginState());
  }

  private EndpointRejections endpoint(Attempt attempt) {
    return endpoint(attempt.endpoint());
  }

  private EndpointRejections endpoint(String url) {
    return endpoints.computeIfAbsent(url, unknown -> new EndpointRejections());
  }
}
