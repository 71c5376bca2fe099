package com.trackunit.iris.operator.renewal;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * How often one login was refused, and when it may be tried again by the rules of {@link
 * LoginRetrySchedule}.
 *
 * <p>A corrected login is tried at once: at least ten seconds after the correction before it, and
 * at most five times an hour.
 *
 * @param login fingerprint of endpoint, client id and user; credentials with the same three share
 *     these tries
 * @param count refused tries in a row
 * @param corrections tries that were made at once after a correction; the last five at most
 * @param tries all other tries; the last five at most
 * @param accepted whether the login that was refused last had been accepted before
 */
public record LoginRejections(
    String login,
    int count,
    Instant lastTry,
    Instant nextTry,
    List<Instant> corrections,
    List<Instant> tries,
    boolean accepted) {
  private static final int CORRECTIONS = 5;
  private static final Duration CORRECTIONS_PER = Duration.ofHours(1);

  public LoginRejections {
    lastTry = lastTry.truncatedTo(ChronoUnit.SECONDS);
    nextTry = nextTry.truncatedTo(ChronoUnit.SECONDS);
    corrections = latest(corrections, CORRECTIONS);
    tries = latest(tries, LoginRetrySchedule.REMEMBERED);
  }

  private static List<Instant> latest(List<Instant> times, int most) {
    return times.stream()
        .map(at -> at.truncatedTo(ChronoUnit.SECONDS))
        .sorted(Comparator.reverseOrder())
        .limit(most)
        .sorted()
        .toList();
  }

  /** After the first refusal of a login that was never accepted. */
  public static LoginRejections first(String login, Instant now) {
    return first(login, LoginStanding.UNPROVEN, now);
  }

  /** After the first refusal. */
  public static LoginRejections first(String login, LoginStanding standing, Instant now) {
    return new LoginRejections(
        login,
        1,
        now,
        now.plus(LoginRetrySchedule.after(1, standing)),
        List.of(),
        List.of(now),
        standing.accepted());
  }

  /** When this login may be tried next; not later than now when it may be tried now. */
  public Instant earliest(boolean corrected, Instant now) {
    if (!corrected || !nextTry.isAfter(now)) {
      return nextTry;
    }
    Instant correction = earliestCorrection();
    return correction.isBefore(nextTry) ? correction : nextTry;
  }

  /**
   * When a login that was accepted before may be tried next, by the limits on its last tries alone.
   */
  public Instant withinBudget() {
    return LoginRetrySchedule.earliest(tries);
  }

  /** The same while the server refuses every login. */
  public Instant withinProbingBudget() {
    return LoginRetrySchedule.earliestProbe(tries);
  }

  private Instant earliestCorrection() {
    if (corrections.isEmpty()) {
      return lastTry;
    }
    Instant apart = corrections.getLast().plus(RenewalPlanner.FLOOR);
    Instant perHour = corrections.getFirst().plus(CORRECTIONS_PER);
    boolean exhausted = corrections.size() == CORRECTIONS;
    return exhausted && perHour.isAfter(apart) ? perHour : apart;
  }

  /** The refusals after one more try of a login that was never accepted. */
  public LoginRejections tried(Instant now) {
    return tried(count, LoginStanding.UNPROVEN, now);
  }

  /**
   * The refusals after one more try, which counts as refused until it is accepted.
   *
   * @param before refusals in a row before this try
   */
  public LoginRejections tried(int before, LoginStanding standing, Instant now) {
    boolean correction = !standing.accepted() && now.isBefore(nextTry);
    List<Instant> all = and(tries, now);
    return new LoginRejections(
        login,
        before + 1,
        now,
        LoginRetrySchedule.next(before + 1, standing, all),
        correction ? and(corrections, now) : corrections,
        correction ? tries : all,
        standing.accepted());
  }

  /**
   * The refusals after a try during an outage, when the server refuses every login: the count, and
   * so the wait, does not grow.
   */
  public LoginRejections probed(LoginStanding standing, Instant now) {
    int counted = Math.max(1, count);
    Instant next =
        nextTry.isAfter(now) ? nextTry : now.plus(LoginRetrySchedule.after(counted, standing));
    return new LoginRejections(
        login, counted, now, next, corrections, and(tries, now), standing.accepted());
  }

  private static List<Instant> and(List<Instant> times, Instant now) {
    return Stream.concat(times.stream(), Stream.of(now)).toList();
  }

  /**
   * The refusals as they count at this time: a clock that was set back must not extend a wait
   * beyond its own length.
   */
  public LoginRejections asOf(Instant now) {
    return lastTry.isAfter(now)
        ? new LoginRejections(
            login,
            count,
            now,
            now.plus(Duration.between(lastTry, nextTry)),
            notAfter(now, corrections),
            notAfter(now, tries),
            accepted)
        : this;
  }

  private static List<Instant> notAfter(Instant now, List<Instant> times) {
    return times.stream().map(at -> at.isAfter(now) ? now : at).toList();
  }
}
