package com.trackunit.iris.operator.lockout;

import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.LoginStanding;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows about one login, and the decisions about an attempt with it.
 *
 * <p>Each try of any password counts for the limits of the login. A password that was accepted
 * before has its own schedule, so that another, wrong password does not delay it.
 */
final class LoginState {
  /** Tries in 24 hours of a login that was never accepted. */
  static final int MAX_TRIES_PER_DAY = 3;

  private static final Duration REMEMBERED = Duration.ofDays(1);

  // Times are whole seconds. Of two states in the same second, the later one has the higher count.
  private static final Comparator<LoginRejections> LATEST =
      Comparator.comparing(LoginRejections::lastTry).thenComparingInt(LoginRejections::count);

  private final RecentPasswords<LoginRejections> refused = new RecentPasswords<>();
  private final RecentPasswords<Instant> accepted = new RecentPasswords<>();
  // Passwords that were accepted at some time, even if they were refused later.
  private final RecentPasswords<Instant> proven = new RecentPasswords<>();
  private @Nullable LoginRejections rejections;
  private @Nullable EndpointRejections refusedWithAll;
  private int inFlight;

  /** Adds the refusals that a status records, if they are newer. */
  void learn(LoginRejections told) {
    if (rejections == null || LATEST.compare(told, rejections) > 0) {
      rejections = told;
    }
  }

  /**
   * The refusals that count now. Refusals older than a day are dropped when a password was accepted
   * since and no password is refused. When the clock was set back, their times are moved once.
   */
  @Nullable LoginRejections known(Instant now) {
    LoginRejections known = rejections == null ? null : rejections.asOf(now);
    boolean forgotten =
        known != null && !accepted.isEmpty() && !isRecent(known, now) && refused.isEmpty();
    rejections = forgotten ? null : known;
    return rejections;
  }

  private static boolean isRecent(LoginRejections known, Instant now) {
    return now.isBefore(known.lastTry().plus(REMEMBERED));
  }

  /** Whether several requests may try this login at once. */
  boolean isTrusted(Instant now) {
    return !accepted.isEmpty() && (rejections == null || !isRecent(rejections, now));
  }

  /**
   * Whether this is another password than the refused one. A wrong password in one Secret must not
   * delay the right password of the same user in another Secret. A password that was accepted after
   * the last refusal is not the refused one.
   */
  boolean isAnotherThanRefused(Attempt attempt, LoginRejections known) {
    Instant acceptedAt = attempt.accepted();
    boolean another = acceptedAt != null && !refused.isEmpty();
    boolean since = acceptedAt != null && acceptedAt.isAfter(known.lastTry());
    return (another || since || accepted.contains(attempt.password()))
        && !refused.contains(attempt.password());
  }

  /**
   * Whether this password may be tried as a correction, ahead of the schedule. A refused password
   * never is, whatever else changes in its Secret. After a restart the refused password is unknown.
   * Then a password that was accepted before is tried while there are fewer than three refusals;
   * each such try counts as refused until it is accepted.
   */
  boolean mayTryAsCorrection(Attempt attempt, LoginRejections known) {
    boolean another =
        attempt.corrected()
            || (attempt.accepted() != null && known.count() < MAX_TRIES_PER_DAY)
            || !refused.isEmpty()
            || !accepted.isEmpty();
    return another && !refused.contains(attempt.password());
  }

  Instant earliest(Attempt attempt, LoginRejections known, boolean worth, Instant now) {
    if (!wasAccepted(attempt)) {
      return known.earliest(worth, now);
    }
    LoginRejections own = refused.get(attempt.password());
    Instant scheduled = (own == null ? known : own.asOf(now)).earliest(worth, now);
    // A refusal during an outage of the endpoint does not start the wait of a wrong login.
    Instant wanted = refusedWithAll == null ? scheduled : now;
    Instant budget = known.withinBudget();
    return budget.isAfter(wanted) ? budget : wanted;
  }

  boolean wasAccepted(Attempt attempt) {
    return attempt.evidence().accepted() || proven.contains(attempt.password());
  }

  private LoginStanding standing(Attempt attempt, Instant now) {
    return LoginStanding.of(wasAccepted(attempt), attempt.evidence().tokenEnd(), now);
  }

  // Refusals of this password if it was accepted before, else of all passwords of the login.
  private int refusalsBefore(Attempt attempt, LoginRejections known) {
    if (!wasAccepted(attempt)) {
      return known.count();
    }
    LoginRejections own = refused.get(attempt.password());
    if (own != null) {
      return refusedWithAll == null ? own.count() : own.count() - 1;
    }
    // After a restart it is unknown which password was refused.
    boolean unknown = refused.isEmpty() && !accepted.contains(attempt.password());
    return unknown ? known.count() : attempt.evidence().refusals();
  }

  /** The refusals after one more try, which counts as refused until it is accepted. */
  LoginRejections tried(Attempt attempt, LoginRejections known, Instant now) {
    return known.tried(refusalsBefore(attempt, known), standing(attempt, now), now);
  }

  /**
   * The same for a try while the endpoint refuses every login; null when this login was never
   * refused.
   */
  @Nullable LoginRejections probed(Attempt attempt, Instant now) {
    LoginRejections known = known(now);
    return known == null ? null : known.probed(standing(attempt, now), now);
  }

  boolean mayProbe(Attempt attempt, Instant now) {
    return inFlight == 0 && wasAccepted(attempt) && mayProbe(now);
  }

  boolean mayProbe(Instant now) {
    return rejections == null || !rejections.withinProbingBudget().isAfter(now);
  }

  int tries() {
    return rejections == null ? 0 : rejections.tries().size();
  }

  int inFlight() {
    return inFlight;
  }

  void sent() {
    inFlight++;
  }

  void ended() {
    inFlight = Math.max(0, inFlight - 1);
  }

  void accepted(Attempt attempt, Instant now) {
    accepted.put(attempt.password(), now);
    proven.put(attempt.password(), now);
    refused.remove(attempt.password());
  }

  /**
   * The login was refused.
   *
   * @param during what was recorded before the try, null when nothing was
   * @param closed whether the endpoint refuses every login
   */
  LoginRejections refused(
      Attempt attempt, @Nullable LoginRejections during, boolean closed, Instant now) {
    LoginRejections counted = during == null ? unrecorded(attempt, closed, now) : during;
    if (wasAccepted(attempt)) {
      proven.put(attempt.password(), now);
    }
    rejections = counted;
    refused.put(attempt.password(), counted);
    accepted.remove(attempt.password());
    return counted;
  }

  private LoginRejections unrecorded(Attempt attempt, boolean closed, Instant now) {
    LoginRejections known = rejections == null ? null : rejections.asOf(now);
    if (known == null || !isRecent(known, now)) {
      return LoginRejections.first(attempt.login(), standing(attempt, now), now);
    }
    return closed
        ? known.probed(standing(attempt, now), now)
        : known.tried(refusalsBefore(attempt, known), standing(attempt, now), now);
  }

  /**
   * The endpoint that refused this login together with every other; null when only this login was
   * refused.
   */
  @Nullable EndpointRejections refusedWithAll() {
    return refusedWithAll;
  }

  void refusedWithAll(@Nullable EndpointRejections endpoint) {
    refusedWithAll = endpoint;
  }
}
