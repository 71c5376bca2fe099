package com.trackunit.iris.operator.renewal;

import java.time.Duration;

/**
 * How long to wait after a failure: one table, from the class of the failure and how often it
 * happened in a row.
 */
public final class Backoff {
  private static final Duration TRANSIENT_FIRST = Duration.ofSeconds(2);
  private static final Duration TRANSIENT_LONGEST = Duration.ofSeconds(60);
  private static final Duration LIMITED_FIRST = Duration.ofSeconds(30);
  private static final Duration LIMITED_LONGEST = Duration.ofMinutes(15);
  private static final Duration CONFIGURATION_FIRST = Duration.ofMinutes(15);
  private static final Duration UNTRUSTED_FIRST = Duration.ofMinutes(1);
  private static final Duration CONFIGURATION_LONGEST = Duration.ofHours(6);
  private static final Duration KUBERNETES_FIRST = Duration.ofSeconds(1);
  private static final Duration DENIED_FIRST = Duration.ofMinutes(1);
  private static final Duration DENIED_LONGEST = Duration.ofMinutes(10);

  /**
   * A look at something that is missing costs one read: after a second, then doubled up to this.
   */
  public static final Duration LONGEST_LOOK = Duration.ofSeconds(60);

  private Backoff() {}

  /**
   * The wait before the next attempt.
   *
   * @param count failures of this class in a row, this one included; at least 1
   * @param retryAfter what the server asked for, or for a refused login what is left of its wait;
   *     zero: nothing
   * @param tokenLeft what is left of the token in the target Secret, zero when there is none
   * @param draw in [0,1), drawn once for this failure
   */
  public static Duration delay(
      FailureClass kind, int count, Duration retryAfter, Duration tokenLeft, double draw) {
    return switch (kind) {
      case TRANSIENT -> {
        Duration full = doubled(TRANSIENT_FIRST, count, TRANSIENT_LONGEST);
        yield urgent(full.dividedBy(2).plus(share(full, draw / 2)), tokenLeft);
      }
      case LIMITED -> {
        Duration wait = longer(retryAfter, doubled(LIMITED_FIRST, count, LIMITED_LONGEST));
        yield wait.plus(share(wait, draw / 5));
      }
      // The login itself has a budget, which is not this credential's alone: see Rejections.
      case REJECTED, HELD_BACK -> retryAfter;
      case CONFIGURATION, RESTRICTED -> doubled(CONFIGURATION_FIRST, count, CONFIGURATION_LONGEST);
      case UNTRUSTED -> doubled(UNTRUSTED_FIRST, count, CONFIGURATION_LONGEST);
      case KUBERNETES -> doubled(KUBERNETES_FIRST, count, LONGEST_LOOK);
      case KUBERNETES_DENIED -> doubled(DENIED_FIRST, count, DENIED_LONGEST);
      case WAITING -> Duration.ZERO;
    };
  }

  /**
   * How long until the next look at something that has been missing for this long: doubles from 1 s
   * to 60 s.
   */
  public static Duration look(Duration missing) {
    return shorter(longer(missing, KUBERNETES_FIRST), LONGEST_LOOK);
  }

  // At most three wrong logins in 24 hours: at once, after 10 minutes, after 6 hours, once a day.
  static Duration rejected(int count) {
    return switch (count) {
      case 1 -> Duration.ofMinutes(10);
      case 2 -> Duration.ofHours(6);
      default -> Duration.ofHours(24);
    };
  }

  // As the end of a token comes near it is tried more often, but never more than every two seconds.
  private static Duration urgent(Duration wait, Duration tokenLeft) {
    return tokenLeft.isPositive()
        ? shorter(wait, longer(tokenLeft.dividedBy(8), TRANSIENT_FIRST))
        : wait;
  }

  private static Duration doubled(Duration first, int count, Duration longest) {
    int doublings = Math.clamp(count - 1L, 0, 20);
    return shorter(first.multipliedBy(1L << doublings), longest);
  }

  private static Duration share(Duration whole, double share) {
    return Duration.ofMillis((long) (whole.toMillis() * share));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
