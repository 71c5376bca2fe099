package com.trackunit.iris.operator.lockout;

import com.trackunit.iris.operator.lockout.LoginGuard.Attempt;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.LoginStanding;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one login, and what follows for an attempt with it.
 *
 * <p>Every password is tried on the budget of its login. A password that was accepted before has a
 * schedule of its own, so that another's wrong one does not keep it back.
 */
final class LoginState {
  /** So often a login that was never accepted is tried in a day. */
  static final int A_DAY = 3;

  private static final Duration REMEMBERED = Duration.ofDays(1);

  // Of several in one second, each counts those before it.
  private static final Comparator<LoginRejections> LATEST =
      Comparator.comparing(LoginRejections::lastTry).thenComparingInt(LoginRejections::count);

  private final RecentPasswords<LoginRejections> refused = new RecentPasswords<>();
  private final RecentPasswords<Instant> accepted = new RecentPasswords<>();
  // Those that were accepted at any time, whether they were refused since or not.
  private final RecentPasswords<Instant> proven = new RecentPasswords<>();
  private @Nullable LoginRejections rejections;
  private @Nullable EndpointRejections refusedWithAll;
  private int inFlight;

  /** Takes note of what a status tells of refusals. */
  void learn(LoginRejections told) {
    if (rejections == null || LATEST.compare(told, rejections) > 0) {
      rejections = told;
    }
  }

  /**
   * What counts at this time: refusals of another day do not once somebody was let in. A clock that
   * was set back moves them, once.
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

  /** Whether several may try at once. */
  boolean isTrusted(Instant now) {
    return !accepted.isEmpty() && (rejections == null || !isRecent(rejections, now));
  }

  /**
   * Whether this is another password than the one that was refused: somebody else's wrong password
   * for the same user must not keep a right one from being used. One that was let in after the last
   * refusal is not the one that was refused.
   */
  boolean isAnotherThanRefused(Attempt attempt, LoginRejections known) {
    Instant letIn = attempt.accepted();
    boolean another = letIn != null && !refused.isEmpty();
    boolean since = letIn != null && letIn.isAfter(known.lastTry());
    return (another || since || accepted.contains(attempt.password()))
        && !refused.contains(attempt.password());
  }

  /**
   * Whether it may be tried at once. Never the very password that was refused, however often its
   * Secret changes otherwise. After a restart nobody knows which it was: then one that was accepted
   * before is tried, and counts until it is accepted.
   */
  boolean isWorthATry(Attempt attempt, LoginRejections known) {
    boolean another =
        attempt.corrected()
            || (attempt.accepted() != null && known.count() < A_DAY)
            || !refused.isEmpty()
            || !accepted.isEmpty();
    return another && !refused.contains(attempt.password());
  }

  /** When it may be tried. */
  Instant earliest(Attempt attempt, LoginRejections known, boolean worth, Instant now) {
    if (!wasAccepted(attempt)) {
      return known.earliest(worth, now);
    }
    LoginRejections own = refused.get(attempt.password());
    Instant scheduled = (own == null ? known : own.asOf(now)).earliest(worth, now);
    // What was refused when every login was need not wait as if it had been refused alone.
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

  // A password's own when it was accepted before; everybody's with this login otherwise.
  private int refusalsBefore(Attempt attempt, LoginRejections known) {
    if (!wasAccepted(attempt)) {
      return known.count();
    }
    LoginRejections own = refused.get(attempt.password());
    if (own != null) {
      return refusedWithAll == null ? own.count() : own.count() - 1;
    }
    // After a restart nobody knows which password it was that was refused.
    boolean unknown = refused.isEmpty() && !accepted.contains(attempt.password());
    return unknown ? known.count() : attempt.evidence().refusals();
  }

  /** After one more try that is refused until it turns out not to be. */
  LoginRejections tried(Attempt attempt, LoginRejections known, Instant now) {
    return known.tried(refusalsBefore(attempt, known), standing(attempt, now), now);
  }

  /** The same while every login is refused; null when this one was never refused. */
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
   * It was refused.
   *
   * @param during what was recorded before the try, null when nothing was
   * @param closed whether every login is refused
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

  /** Where it was refused when every login was; null when it was refused for itself. */
  @Nullable EndpointRejections refusedWithAll() {
    return refusedWithAll;
  }

  void refusedWithAll(@Nullable EndpointRejections endpoint) {
    refusedWithAll = endpoint;
  }
}
