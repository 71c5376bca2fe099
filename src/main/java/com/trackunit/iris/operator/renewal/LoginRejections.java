package com.trackunit.iris.operator.renewal;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * How often the values of one login were tried without being accepted, and when they may be tried
 * again by the rules of {@link LoginRetrySchedule}.
 *
 * @param login fingerprint of endpoint and user, or client id; all credentials with the same login
 *     share a budget of tries
 * @param count tries of these values in a row
 * @param tries the last five tries, those of earlier values included
 * @param accepted whether these values had been accepted before
 */
public record LoginRejections(
    String login,
    int count,
    Instant lastTry,
    Instant nextTry,
    List<Instant> tries,
    boolean accepted) {

  public LoginRejections {
    lastTry = lastTry.truncatedTo(ChronoUnit.SECONDS);
    nextTry = nextTry.truncatedTo(ChronoUnit.SECONDS);
    tries =
        tries.stream()
            .map(at -> at.truncatedTo(ChronoUnit.SECONDS))
            .sorted(Comparator.reverseOrder())
            .limit(LoginRetrySchedule.REMEMBERED)
            .sorted()
            .toList();
  }

  /** What came of a try. */
  public enum Verdict {
    /** The server refused the login. */
    REFUSED,
    /** No answer came in time; the server may have counted a failed login. */
    NONE
  }

  private static LoginRejections of(
      String login, int count, List<Instant> tries, LoginStanding standing, Verdict verdict) {
    return new LoginRejections(
        login,
        count,
        tries.getLast(),
        LoginRetrySchedule.next(count, standing, verdict, tries),
        tries,
        standing.accepted());
  }

  /** After the first try of a login. */
  public static LoginRejections first(
      String login, LoginStanding standing, Verdict verdict, Instant now) {
    return of(login, 1, List.of(now), standing, verdict);
  }

  /** After the first refusal of a login that was never accepted. */
  public static LoginRejections first(String login, Instant now) {
    return first(login, LoginStanding.UNPROVEN, Verdict.REFUSED, now);
  }

  /** After the first try of other values. It counts as refused until its answer is there. */
  public LoginRejections corrected(LoginStanding standing, Instant now) {
    return of(login, 1, and(now), standing, Verdict.REFUSED);
  }

  /** After one more try of the same values. It counts as refused until its answer is there. */
  public LoginRejections tried(LoginStanding standing, Instant now) {
    return of(login, count + 1, and(now), standing, Verdict.REFUSED);
  }

  /** The same, after the answer to the last try. */
  public LoginRejections answered(LoginStanding standing, Verdict verdict) {
    return of(login, count, tries, standing, verdict);
  }

  /**
   * After a try during an outage, when the server refuses every login: the count, and so the wait,
   * does not grow.
   */
  public LoginRejections probed(LoginStanding standing, Instant now) {
    LoginRejections once = of(login, Math.max(1, count), and(now), standing, Verdict.REFUSED);
    return nextTry.isAfter(now)
        ? new LoginRejections(login, once.count, now, nextTry, once.tries, once.accepted)
        : once;
  }

  private List<Instant> and(Instant now) {
    return Stream.concat(tries.stream(), Stream.of(now)).toList();
  }

  /**
   * When a login that was accepted before may be tried next, by the limits on its last tries alone.
   */
  public Instant withinBudget() {
    return LoginRetrySchedule.earliest(tries);
  }

  /** When these values may be tried once more, because the server has answered another login. */
  public Instant withinExtraBudget() {
    return LoginRetrySchedule.earliestExtra(count, accepted, tries);
  }

  /** The limits on the last tries alone while the server refuses every login. */
  public Instant withinProbingBudget() {
    return LoginRetrySchedule.earliestProbe(tries);
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
            tries.stream().map(at -> at.isAfter(now) ? now : at).toList(),
            accepted)
        : this;
  }
}
