package com.trackunit.iris.operator.renewal;

import com.trackunit.iris.operator.renewal.LoginRejections.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * When the values of a login that were not accepted are sent again, so that no account is locked.
 *
 * <p>Values that were never accepted: at 0, 10 and 60 minutes, after 6 hours, then every 24 hours;
 * at 0, 1, 10 and 60 minutes when no answer came. These are at most four tries in any 24 hours.
 *
 * <p>Values that were accepted before: at 0, 10, 20 and 60 minutes, after 6 hours, then every 24
 * hours. These are at most three tries in any 30 minutes and five in any 24 hours. Of the first
 * tries, the last one before a valid token expires is moved to two minutes before that expiry. The
 * others keep their time, so that there is also a try soon after the expiry.
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
  private static final int UNPROVEN_A_DAY = 4;
  // Times are kept in whole seconds.
  private static final Duration ROUNDING = Duration.ofSeconds(1);

  private LoginRetrySchedule() {}

  /**
   * The next try.
   *
   * @param count tries of these values in a row, the last one included; at least 1
   * @param tries in order; the last one came to this verdict
   */
  static Instant next(int count, LoginStanding standing, Verdict verdict, List<Instant> tries) {
    Instant last = tries.getLast();
    if (verdict == Verdict.NONE) {
      Instant next = last.plus(afterNoVerdict(count));
      return later(next, earliestExtra(count, standing.accepted(), tries));
    }
    return standing.accepted()
        ? afterAccepted(count, standing, tries)
        : last.plus(afterUnproven(count));
  }

  /**
   * The earliest try outside the schedule, when no answer came to the last one, by the limits on
   * these values alone.
   */
  static Instant earliestExtra(int count, boolean accepted, List<Instant> tries) {
    return accepted ? earliest(tries) : atMost(UNPROVEN_A_DAY, DAILY, ofTheseValues(count, tries));
  }

  private static List<Instant> ofTheseValues(int count, List<Instant> tries) {
    return tries.subList(Math.max(0, tries.size() - count), tries.size());
  }

  private static Duration afterNoVerdict(int count) {
    return switch (count) {
      case 1 -> SHORTEST;
      case 2 -> SOON.minus(SHORTEST);
      case 3 -> HOUR.minus(SOON);
      case 4 -> LATER;
      default -> DAILY;
    };
  }

  private static Duration afterUnproven(int count) {
    return switch (count) {
      case 1 -> SOON;
      case 2 -> HOUR.minus(SOON);
      case 3 -> LATER;
      default -> DAILY;
    };
  }

  // The third try is 20 minutes after the first, or earlier if the token expires soon. The fourth
  // is at least an hour after the first.
  private static Instant afterAccepted(int count, LoginStanding standing, List<Instant> tries) {
    Instant next = tries.getLast().plus(afterAccepted(count, standing.tokenLeft()));
    if (tries.size() < count) {
      return next;
    }
    return switch (count) {
      case 2 ->
          isUsable(standing.tokenLeft())
              ? next
              : later(next, tries.get(tries.size() - 2).plus(SOON.multipliedBy(2)));
      case 3 -> later(next, tries.get(tries.size() - 3).plus(HOUR));
      default -> next;
    };
  }

  private static Duration afterAccepted(int count, Duration tokenLeft) {
    return switch (count) {
      case 1 -> tokenLeft.compareTo(SHORTEST) <= 0 ? SOON : within(usable(tokenLeft));
      case 2 -> isUsable(tokenLeft) ? within(usable(tokenLeft)) : SOON;
      case 3 -> LAST_OF_AN_HOUR;
      case 4 -> LATER;
      default -> DAILY;
    };
  }

  // The time in which a new token can still reach a pod before the old one expires.
  private static Duration usable(Duration tokenLeft) {
    return tokenLeft.minus(RenewalSchedule.MOUNT_LAG);
  }

  private static boolean isUsable(Duration tokenLeft) {
    return usable(tokenLeft).compareTo(SHORTEST) >= 0;
  }

  private static Duration within(Duration usable) {
    Duration atLeast = usable.compareTo(SHORTEST) < 0 ? SHORTEST : usable;
    return atLeast.compareTo(SOON) < 0 ? atLeast : SOON;
  }

  /**
   * The earliest next try of values that were accepted before, by the limits on the last tries
   * alone.
   *
   * @param tries in order
   */
  static Instant earliest(List<Instant> tries) {
    return later(atMost(3, Duration.ofMinutes(30), tries), atMost(5, DAILY, tries));
  }

  /**
   * The same while the endpoint refuses every login: also at most three tries in an hour and four
   * in six hours, so that the last two tries of a day come an hour and six hours later.
   */
  static Instant earliestProbe(List<Instant> tries) {
    return later(later(earliest(tries), atMost(3, HOUR, tries)), atMost(4, LATER, tries));
  }

  private static Instant atMost(int number, Duration window, List<Instant> tries) {
    int first = tries.size() - number;
    return first < 0 ? Instant.EPOCH : tries.get(first).plus(window).plus(ROUNDING);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
