package com.trackunit.iris.operator.gate;

import com.trackunit.iris.operator.renewal.Failure;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.Rejections;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may try which login now: after a refusal as seldom as {@link Rejections} says, for all
 * credentials with that login together.
 *
 * <p>Knows logins and passwords by fingerprints that mean nothing outside this process. How often a
 * login was refused is rebuilt from the statuses after a restart; which password it was is not.
 */
public final class Logins {
  private static final int A_DAY = 3;
  // Should the password be changed at the server, they may all be refused at once.
  private static final int IN_FLIGHT = A_DAY;
  private static final Duration NEXT_LOOK = Duration.ofSeconds(1);
  private static final Duration REMEMBERED = Duration.ofDays(1);

  // Of several in one second, each counts those before it.
  private static final Comparator<Rejections> LATEST =
      Comparator.comparing(Rejections::lastTry).thenComparingInt(Rejections::count);

  private final Map<String, Login> logins = new HashMap<>();

  /** What is known of one login. */
  private static final class Login {
    private @Nullable Rejections rejections;
    private final Passwords refused = new Passwords();
    private final Passwords accepted = new Passwords();
    private int inFlight;
  }

  /** The last few passwords of which something is known. */
  private static final class Passwords {
    private static final int MOST = 16;
    private final Set<String> fingerprints = new LinkedHashSet<>();

    boolean isEmpty() {
      return fingerprints.isEmpty();
    }

    boolean contains(String password) {
      return fingerprints.contains(password);
    }

    void remove(String password) {
      fingerprints.remove(password);
    }

    void add(String password) {
      fingerprints.add(password);
      if (fingerprints.size() > MOST) {
        fingerprints.remove(fingerprints.iterator().next());
      }
    }
  }

  /**
   * One wish to try a login.
   *
   * @param login fingerprint of endpoint, client id and user
   * @param password fingerprint of what proves them
   * @param corrected whether this credential wants to send something else than what was refused or
   *     accepted before
   * @param accepted when what it wants to send now was let in, null when that is not known
   */
  public record Attempt(
      String login, String password, boolean corrected, @Nullable Instant accepted) {
    /**
     * A credential's wish.
     *
     * @param version of the credentials Secret that holds what would be sent
     */
    public static Attempt of(String login, String password, Observation seen, String version) {
      Failure failure = seen.failure();
      StoredToken stored = seen.target() instanceof Target.Held held ? held.token() : null;
      Failure refusal = failure == null || failure.rejections() == null ? null : failure;
      if (refusal != null) {
        return new Attempt(login, password, refusal.isCorrected(seen.requestHash(), version), null);
      }
      boolean same =
          stored != null
              && version.equals(stored.loginVersion())
              && seen.specHash().equals(stored.specHash());
      return stored != null && same
          ? new Attempt(login, password, false, stored.lifetime().issuedAt())
          : new Attempt(login, password, stored != null, null);
    }

    /** The same when the token may have come of a refresh token: its time proves nothing. */
    public Attempt acceptedOnce() {
      return accepted == null ? this : new Attempt(login, password, corrected, Instant.EPOCH);
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
    record Go(Attempt attempt, @Nullable Rejections during) implements Turn {}

    /**
     * It was refused and has to wait.
     *
     * @param untried whether the wait is that of a correction, which was not sent yet
     */
    record Wait(Rejections known, Instant until, boolean untried) implements Turn {}

    /** Others are just trying it: their answer is worth waiting for. */
    record Busy(Instant until) implements Turn {}
  }

  /** Takes note of what a status tells of refusals. */
  public synchronized void learn(Rejections told, Instant now) {
    Login login = login(told.login());
    Rejections known = login.rejections;
    if (known == null || LATEST.compare(told.asOf(now), known) > 0) {
      login.rejections = told.asOf(now);
    }
  }

  /**
   * Takes a turn; a {@link Turn.Go} has to be ended by one of the three methods below. Once a login
   * was refused it is tried by one at a time, so that each knows of the one before.
   */
  public synchronized Turn take(Attempt attempt, Instant now) {
    Login login = login(attempt.login());
    Rejections known = known(login, now);
    boolean proven = known == null || isProven(login, attempt, known);
    boolean together = proven && !login.accepted.isEmpty() && !isRecent(known, now);
    if (login.inFlight >= (together ? IN_FLIGHT : 1)) {
      return new Turn.Busy(now.plus(NEXT_LOOK));
    }
    if (known == null || proven) {
      login.inFlight++;
      return new Turn.Go(attempt, null);
    }
    boolean worth = isWorthATry(login, attempt, known);
    Instant earliest = known.earliest(worth, now);
    if (earliest.isAfter(now)) {
      return new Turn.Wait(known, earliest, worth);
    }
    login.inFlight++;
    return new Turn.Go(attempt, known.tried(now));
  }

  // Refusals of another day count no more once somebody was let in.
  // A clock that was set back moves them, once.
  private static @Nullable Rejections known(Login login, Instant now) {
    Rejections known = login.rejections == null ? null : login.rejections.asOf(now);
    boolean forgotten =
        known != null
            && !login.accepted.isEmpty()
            && !isRecent(known, now)
            && login.refused.isEmpty();
    login.rejections = forgotten ? null : known;
    return login.rejections;
  }

  private static boolean isRecent(@Nullable Rejections known, Instant now) {
    return known != null && now.isBefore(known.lastTry().plus(REMEMBERED));
  }

  // Somebody else's wrong password for the same user must not keep a right one from being used. One
  // that was let in after the last refusal is not the one that was refused.
  private static boolean isProven(Login login, Attempt attempt, Rejections known) {
    Instant accepted = attempt.accepted();
    boolean another = accepted != null && !login.refused.isEmpty();
    boolean since = accepted != null && accepted.isAfter(known.lastTry());
    return (another || since || login.accepted.contains(attempt.password()))
        && !login.refused.contains(attempt.password());
  }

  // Never the very password that was refused, however often its Secret changes otherwise. After a
  // restart nobody knows which it was: then a proven one is tried, and counts until it is accepted.
  private static boolean isWorthATry(Login login, Attempt attempt, Rejections known) {
    boolean another =
        attempt.corrected()
            || (attempt.accepted() != null && known.count() < A_DAY)
            || !login.refused.isEmpty()
            || !login.accepted.isEmpty();
    return another && !login.refused.contains(attempt.password());
  }

  /** The login was accepted. */
  public synchronized void accepted(Turn.Go turn) {
    Login login = ended(turn);
    login.accepted.add(turn.attempt().password());
    login.refused.remove(turn.attempt().password());
  }

  /** The login was refused; returns what is to be remembered of it. */
  public synchronized Rejections refused(Turn.Go turn, Instant now) {
    Login login = ended(turn);
    login.refused.add(turn.attempt().password());
    login.accepted.remove(turn.attempt().password());
    login.rejections = turn.during() == null ? oneMore(login, turn, now) : turn.during();
    return login.rejections;
  }

  private static Rejections oneMore(Login login, Turn.Go turn, Instant now) {
    Rejections known = login.rejections == null ? null : login.rejections.asOf(now);
    return known != null && isRecent(known, now)
        ? known.tried(now)
        : Rejections.first(turn.attempt().login(), now);
  }

  /** It came to nothing, which says nothing of the login. */
  public synchronized void undecided(Turn.Go turn) {
    ended(turn);
  }

  private Login ended(Turn.Go turn) {
    Login login = login(turn.attempt().login());
    login.inFlight = Math.max(0, login.inFlight - 1);
    return login;
  }

  private Login login(String fingerprint) {
    return logins.computeIfAbsent(fingerprint, unknown -> new Login());
  }
}
