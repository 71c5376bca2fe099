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
   * @param proven whether this credential's token was issued for what it wants to send now
   */
  public record Attempt(String login, String password, boolean corrected, boolean proven) {
    /**
     * A credential's wish.
     *
     * @param version of the credentials Secret that holds what would be sent
     */
    public static Attempt of(String login, String password, Observation seen, String version) {
      Failure failure = seen.failure();
      StoredToken stored = seen.target() instanceof Target.Held held ? held.token() : null;
      Failure refusal = failure == null || failure.rejections() == null ? null : failure;
      boolean sameAsStored =
          stored != null
              && version.equals(stored.loginVersion())
              && seen.specHash().equals(stored.specHash());
      boolean corrected =
          refusal == null
              ? stored != null && !sameAsStored
              : refusal.isCorrected(seen.requestHash(), version);
      return new Attempt(login, password, corrected, refusal == null && sameAsStored);
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
    record Go(@Nullable Rejections during) implements Turn {}

    /** It was refused and has to wait. */
    record Wait(Rejections known, Instant until) implements Turn {}

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

  /** Takes a turn; a {@link Turn.Go} has to be ended by one of the three methods below. */
  public synchronized Turn take(Attempt attempt, Instant now) {
    Login login = login(attempt.login());
    if (login.inFlight >= (login.accepted.fingerprints.isEmpty() ? 1 : IN_FLIGHT)) {
      return new Turn.Busy(now.plus(NEXT_LOOK));
    }
    Rejections known = known(login, now);
    if (known == null || isProven(login, attempt)) {
      login.inFlight++;
      return new Turn.Go(null);
    }
    Instant earliest = known.earliest(isWorthATry(login, attempt, known), now);
    if (earliest.isAfter(now)) {
      return new Turn.Wait(known, earliest);
    }
    login.inFlight++;
    return new Turn.Go(known.tried(now));
  }

  // Refusals of another day count no more once somebody was let in. A clock that was set back moves
  // them, once.
  private static @Nullable Rejections known(Login login, Instant now) {
    Rejections known = login.rejections == null ? null : login.rejections.asOf(now);
    boolean forgotten =
        known != null
            && !login.accepted.fingerprints.isEmpty()
            && !now.isBefore(known.lastTry().plus(REMEMBERED))
            && login.refused.fingerprints.isEmpty();
    login.rejections = forgotten ? null : known;
    return login.rejections;
  }

  // Somebody else's wrong password for the same user must not keep a right one from being used.
  private static boolean isProven(Login login, Attempt attempt) {
    boolean accepted = login.accepted.fingerprints.contains(attempt.password());
    boolean proven = attempt.proven() && !login.refused.fingerprints.isEmpty();
    return (accepted || proven) && !login.refused.fingerprints.contains(attempt.password());
  }

  // Never the very password that was refused, however often its Secret changes otherwise. After a
  // restart nobody knows which it was: then a proven one is tried, and counts until it is accepted.
  private static boolean isWorthATry(Login login, Attempt attempt, Rejections known) {
    boolean another =
        attempt.corrected()
            || (attempt.proven() && known.count() < A_DAY)
            || !login.refused.fingerprints.isEmpty()
            || !login.accepted.fingerprints.isEmpty();
    return another && !login.refused.fingerprints.contains(attempt.password());
  }

  /** The login was accepted. */
  public synchronized void accepted(Attempt attempt) {
    Login login = ended(attempt);
    login.accepted.add(attempt.password());
    login.refused.fingerprints.remove(attempt.password());
  }

  /** The login was refused; returns what is to be remembered of it. */
  public synchronized Rejections refused(Attempt attempt, Turn.Go turn, Instant now) {
    Login login = ended(attempt);
    login.refused.add(attempt.password());
    login.accepted.fingerprints.remove(attempt.password());
    Rejections known = login.rejections == null ? null : login.rejections.asOf(now);
    Rejections counted =
        known != null && now.isBefore(known.lastTry().plus(REMEMBERED))
            ? known.tried(now)
            : Rejections.first(attempt.login(), now);
    login.rejections = turn.during() == null ? counted : turn.during();
    return login.rejections;
  }

  /** It came to nothing, which says nothing of the login. */
  public synchronized void undecided(Attempt attempt) {
    ended(attempt);
  }

  private Login ended(Attempt attempt) {
    Login login = login(attempt.login());
    login.inFlight = Math.max(0, login.inFlight - 1);
    return login;
  }

  private Login login(String fingerprint) {
    return logins.computeIfAbsent(fingerprint, unknown -> new Login());
  }
}
