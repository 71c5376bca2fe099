package com.trackunit.iris.operator.renewal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * When a refused login is tried again, so that no account is locked.
 *
 * <p>A login that was never accepted: after 10 minutes, 6 hours, then every 24 hours, which is at
 * most three tries in any 24 hours. A login that was accepted before and is unchanged since: at 0,
 * 10, 20 and 60 minutes, after 6 hours, then every 24 hours, which is at most three tries in any 30
 * minutes and five in any 24 hours. Its second and third try come earlier where its token ends
 * sooner.
 */
final class LoginRetrySchedule {
  /** As many tries as {@link #earliest} needs to know. */
  static final int REMEMBERED = 5;

  private static final Duration DAILY = Duration.ofHours(24);
  private static final Duration LATER = Duration.ofHours(6);
  private static final Duration SOON = Duration.ofMinutes(10);
  private static final Duration LAST_OF_AN_HOUR = Duration.ofMinutes(40);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  // A pod may see a new token that much later.
  private static final Duration MOUNT_LAG = Duration.ofMinutes(2);
  // Times are kept in whole seconds.
  private static final Duration ROUNDING = Duration.ofSeconds(1);

  private LoginRetrySchedule() {}

  /**
   * The wait after a refusal.
   *
   * @param refusals in a row, this one included; at least 1
   */
  static Duration after(int refusals, LoginStanding standing) {
    return standing.accepted()
        ? afterAccepted(refusals, standing.tokenLeft())
        : switch (refusals) {
          case 1 -> SOON;
          case 2 -> LATER;
          default -> DAILY;
        };
  }

  private static Duration afterAccepted(int refusals, Duration tokenLeft) {
    return switch (refusals) {
      case 1 -> beforeTheEnd(tokenLeft, 2);
      case 2 -> beforeTheEnd(tokenLeft, 1);
      case 3 -> LAST_OF_AN_HOUR;
      case 4 -> LATER;
      default -> DAILY;
    };
  }

  // So that the third try is made while the token is valid, if a minute between two allows it.
  private static Duration beforeTheEnd(Duration tokenLeft, int tries) {
    if (tokenLeft.compareTo(SHORTEST) <= 0) {
      return SOON;
    }
    Duration share = tokenLeft.minus(MOUNT_LAG).dividedBy(tries);
    Duration wait = share.compareTo(SHORTEST) < 0 ? SHORTEST : share;
    return wait.compareTo(SOON) < 0 ? wait : SOON;
  }

  /**
   * The next try after a refusal: the fourth of an accepted login is an hour after its first,
   * however early the others were.
   *
   * @param tries in order, the one that was refused last
   */
  static Instant next(int refusals, LoginStanding standing, List<Instant> tries) {
    Instant next = tries.getLast().plus(after(refusals, standing));
    boolean fourth = standing.accepted() && refusals == 3 && tries.size() >= 3;
    return fourth ? later(next, tries.get(tries.size() - 3).plus(HOUR)) : next;
  }

  /**
   * The earliest next try of a login that was accepted before, by its last tries alone.
   *
   * @param tries in order
   */
  static Instant earliest(List<Instant> tries) {
    return later(atMost(3, Duration.ofMinutes(30), tries), atMost(5, DAILY, tries));
  }

  /**
   * The same for a try while every login is refused: the fifth of a day is left for six hours
   * later.
   */
  static Instant earliestProbe(List<Instant> tries) {
    return later(earliest(tries), atMost(4, LATER, tries));
  }

  private static Instant atMost(int number, Duration window, List<Instant> tries) {
    int first = tries.size() - number;
    return first < 0 ? Instant.EPOCH : tries.get(first).plus(window).plus(ROUNDING);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
