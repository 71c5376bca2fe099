package com.trackunit.iris.operator.renewal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * When a refused login is tried again, so that no account is locked.
 *
 * <p>A login that was never accepted: after 10 minutes, after 6 hours, then every 24 hours. These
 * are at most three tries in any 24 hours.
 *
 * <p>A login that was accepted before and is unchanged since: at 0, 10, 20 and 60 minutes, after 6
 * hours, then every 24 hours. These are at most three tries in any 30 minutes and five in any 24
 * hours. Of the first tries, the last one before a valid token expires is moved to two minutes
 * before that expiry. The others keep their time, so that there is also a try soon after the
 * expiry.
 */
final class LoginRetrySchedule {
  /** The number of tries that {@link #earliest} needs. */
  static final int REMEMBERED = 5;

  private static final Duration DAILY = Duration.ofHours(24);
  private static final Duration LATER = Duration.ofHours(6);
  private static final Duration SOON = Duration.ofMinutes(10);
  private static final Duration LAST_OF_AN_HOUR = Duration.ofMinutes(40);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  // A pod may see a new token this much later.
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
      case 1 -> tokenLeft.compareTo(SHORTEST) <= 0 ? SOON : within(usable(tokenLeft));
      case 2 -> isUsable(tokenLeft) ? within(usable(tokenLeft)) : SOON;
      case 3 -> LAST_OF_AN_HOUR;
      case 4 -> LATER;
      default -> DAILY;
    };
  }

  // The time in which a new token can still reach a pod before the old one expires.
  private static Duration usable(Duration tokenLeft) {
    return tokenLeft.minus(MOUNT_LAG);
  }

  private static boolean isUsable(Duration tokenLeft) {
    return usable(tokenLeft).compareTo(SHORTEST) >= 0;
  }

  private static Duration within(Duration usable) {
    Duration atLeast = usable.compareTo(SHORTEST) < 0 ? SHORTEST : usable;
    return atLeast.compareTo(SOON) < 0 ? atLeast : SOON;
  }

  /**
   * The next try after a refusal of a login. For an accepted login, the third try is 20 minutes
   * after the first, or earlier if the token expires soon. The fourth is at least an hour after the
   * first.
   *
   * @param tries in order; the last one was refused now
   */
  static Instant next(int refusals, LoginStanding standing, List<Instant> tries) {
    Instant next = tries.getLast().plus(after(refusals, standing));
    if (!standing.accepted() || tries.size() < refusals) {
      return next;
    }
    return switch (refusals) {
      case 2 ->
          isUsable(standing.tokenLeft())
              ? next
              : later(next, tries.get(tries.size() - 2).plus(SOON.multipliedBy(2)));
      case 3 -> later(next, tries.get(tries.size() - 3).plus(HOUR));
      default -> next;
    };
  }

  /**
   * The earliest next try of a login that was accepted before, by the limits on its last tries
   * alone.
   *
   * @param tries in order
   */
  static Instant earliest(List<Instant> tries) {
    return later(atMost(3, Duration.ofMinutes(30), tries), atMost(5, DAILY, tries));
  }

  /**
   * The same while the endpoint refuses every login: also at most four tries in six hours, so that
   * the fifth try of a day comes six hours later.
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
