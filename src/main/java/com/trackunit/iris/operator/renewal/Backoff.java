package com.trackunit.iris.operator.renewal;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

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
  private static final Duration SHORTEST_OF_A_REFUSAL = Duration.ofMinutes(1);
  private static final int DOUBLINGS = 20;
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
   * @param jitter in [0,1), drawn once for this failure
   */
  public static Duration delay(
      RetryClass kind, int count, Duration retryAfter, Duration tokenLeft, double jitter) {
    return switch (kind) {
      case TRANSIENT -> {
        Duration full = doubled(TRANSIENT_FIRST, count, TRANSIENT_LONGEST);
        yield soonerNearExpiry(full.dividedBy(2).plus(share(full, jitter / 2)), tokenLeft);
      }
      case LIMITED -> {
        Duration wait = longer(retryAfter, doubled(LIMITED_FIRST, count, LIMITED_LONGEST));
        yield wait.plus(share(wait, jitter / 5));
      }
      // The login itself has a budget, which is not this credential's alone: see Rejections.
      case REJECTED, HELD_BACK -> retryAfter;
      case CONFIGURATION, RESTRICTED, UNTRUSTED -> beforeTokenEnds(refused(kind, count), tokenLeft);
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

  /**
   * Which wait in a row comes after one of this length: the same one again if it was cut short
   * because a token was valid.
   *
   * @return as {@code count} of {@link #delay}
   */
  public static int following(RetryClass kind, Duration last) {
    return switch (kind) {
      case CONFIGURATION, RESTRICTED, UNTRUSTED -> {
        Duration whole = last.truncatedTo(ChronoUnit.MINUTES);
        int count = 1;
        while (count < DOUBLINGS && refused(kind, count).compareTo(whole) <= 0) {
          count++;
        }
        yield count;
      }
      case TRANSIENT, LIMITED, REJECTED, HELD_BACK, KUBERNETES, KUBERNETES_DENIED, WAITING ->
          Integer.MAX_VALUE;
    };
  }

  private static Duration refused(RetryClass kind, int count) {
    Duration first = kind == RetryClass.UNTRUSTED ? UNTRUSTED_FIRST : CONFIGURATION_FIRST;
    return doubled(first, count, CONFIGURATION_LONGEST);
  }

  // What cannot lock a login may be a gateway's mistake of a minute: while a token is valid, it is
  // asked again before that token ends.
  private static Duration beforeTokenEnds(Duration wait, Duration tokenLeft) {
    return tokenLeft.isPositive()
        ? shorter(wait, longer(tokenLeft.dividedBy(4), SHORTEST_OF_A_REFUSAL))
        : wait;
  }

  // As the end of a token comes near it is tried more often, but never more than every two seconds.
  private static Duration soonerNearExpiry(Duration wait, Duration tokenLeft) {
    return tokenLeft.isPositive()
        ? shorter(wait, longer(tokenLeft.dividedBy(8), TRANSIENT_FIRST))
        : wait;
  }

  private static Duration doubled(Duration first, int count, Duration longest) {
    int doublings = Math.clamp(count - 1L, 0, DOUBLINGS);
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
