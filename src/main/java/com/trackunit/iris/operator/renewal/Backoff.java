package com.trackunit.iris.operator.renewal;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * The wait after a failure: one table, from the class of the failure and the number of failures in
 * a row.
 */
public final class Backoff {
  private static final Duration TRANSIENT_FIRST = Duration.ofSeconds(2);
  private static final Duration TRANSIENT_LONGEST = Duration.ofSeconds(60);
  private static final Duration LIMITED_FIRST = Duration.ofSeconds(30);
  private static final Duration LIMITED_LONGEST = Duration.ofMinutes(15);
  private static final Duration CONFIGURATION_FIRST = Duration.ofMinutes(15);
  private static final Duration NOT_OAUTH_FIRST = Duration.ofMinutes(1);
  private static final int MALFORMED_IN_A_ROW = 5;
  private static final Duration LAST_TRY = Duration.ofSeconds(15);
  private static final Duration LAST_TRY_SPREAD = Duration.ofSeconds(10);
  private static final Duration CONFIGURATION_LONGEST = Duration.ofHours(6);
  private static final Duration SHORTEST_OF_A_REFUSAL = Duration.ofMinutes(1);
  private static final int DOUBLINGS = 20;
  private static final Duration KUBERNETES_FIRST = Duration.ofSeconds(1);
  private static final Duration DENIED_FIRST = Duration.ofMinutes(1);
  private static final Duration DENIED_LONGEST = Duration.ofMinutes(10);

  /**
   * Upper limit of the interval between reads of something that is missing: it starts at one second
   * and doubles up to this.
   */
  public static final Duration LONGEST_LOOK = Duration.ofSeconds(60);

  private Backoff() {}

  /**
   * The wait before the next attempt.
   *
   * @param count failures of this class in a row, this one included; at least 1
   * @param retryAfter the wait that the server requests, or the remaining wait of a refused login;
   *     zero when there is none
   * @param tokenLeft the remaining life of the token in the target Secret, zero when there is none
   * @param jitter in [0,1), computed once for this failure
   */
  public static Duration delay(
      RetryClass kind, int count, Duration retryAfter, Duration tokenLeft, double jitter) {
    return switch (kind) {
      case TRANSIENT -> longer(retryAfter, broken(count, tokenLeft, jitter));
      // A granted token that cannot be used costs a session at some servers.
      case MALFORMED ->
          count < MALFORMED_IN_A_ROW
              ? broken(count, tokenLeft, jitter)
              : beforeTokenEnds(refused(kind, count), tokenLeft, jitter);
      case LIMITED -> {
        Duration wait = longer(retryAfter, doubled(LIMITED_FIRST, count, LIMITED_LONGEST));
        Duration spread = wait.plus(share(wait, jitter / 5));
        yield longer(retryAfter, beforeTokenEnds(spread, tokenLeft, jitter));
      }
      // This wait comes from the limits of the login, which its credentials share: see
      // LoginRejections.
      case REJECTED, NO_VERDICT, HELD_BACK -> retryAfter;
      case CONFIGURATION, RESTRICTED, NOT_OAUTH ->
          beforeTokenEnds(refused(kind, count), tokenLeft, jitter);
      case KUBERNETES -> doubled(KUBERNETES_FIRST, count, LONGEST_LOOK);
      case KUBERNETES_DENIED -> doubled(DENIED_FIRST, count, DENIED_LONGEST);
      case WAITING -> Duration.ZERO;
    };
  }

  /**
   * The wait of a credential after a failure of its login, which another of its credentials had: no
   * longer than the same failure of its own would let it wait.
   *
   * @param wait the wait of the other credential
   * @param tokenLeft the remaining life of the token of this credential, zero when there is none
   * @param jitter in [0,1), computed once for this failure
   */
  public static Duration shared(RetryClass kind, Duration wait, Duration tokenLeft, double jitter) {
    return kind.isBroken()
        ? soonerNearExpiry(wait, tokenLeft)
        : beforeTokenEnds(wait, tokenLeft, jitter);
  }

  /**
   * The interval until the next read of something that has been missing for this long. It equals
   * that time, limited to 1 s to 60 s, so it doubles with each read.
   */
  public static Duration look(Duration missing) {
    return shorter(longer(missing, KUBERNETES_FIRST), LONGEST_LOOK);
  }

  /**
   * The place in the sequence of waits after a wait of this length. A wait that was shortened
   * because a token is valid is counted by its real length.
   *
   * @return a {@code count} for {@link #delay}
   */
  public static int following(RetryClass kind, Duration last) {
    return switch (kind) {
      case CONFIGURATION, RESTRICTED, NOT_OAUTH -> {
        Duration whole = last.truncatedTo(ChronoUnit.MINUTES);
        int count = 1;
        while (count < DOUBLINGS && refused(kind, count).compareTo(whole) <= 0) {
          count++;
        }
        yield count;
      }
      case TRANSIENT,
          MALFORMED,
          LIMITED,
          REJECTED,
          NO_VERDICT,
          HELD_BACK,
          KUBERNETES,
          KUBERNETES_DENIED,
          WAITING ->
          Integer.MAX_VALUE;
    };
  }

  private static Duration refused(RetryClass kind, int count) {
    Duration first = kind == RetryClass.NOT_OAUTH ? NOT_OAUTH_FIRST : CONFIGURATION_FIRST;
    int repeated = kind == RetryClass.MALFORMED ? count - MALFORMED_IN_A_ROW + 1 : count;
    return doubled(first, repeated, CONFIGURATION_LONGEST);
  }

  // These failures cannot lock an account, and may be a short error of a gateway. So retry before a
  // valid token expires, for the last time 5 to 15 seconds before.
  private static Duration beforeTokenEnds(Duration wait, Duration tokenLeft, double jitter) {
    if (tokenLeft.compareTo(LAST_TRY) <= 0) {
      return wait;
    }
    Duration quarter = shorter(wait, longer(tokenLeft.dividedBy(4), SHORTEST_OF_A_REFUSAL));
    Duration last =
        tokenLeft.minus(LAST_TRY_SPREAD.dividedBy(2)).minus(share(LAST_TRY_SPREAD, jitter));
    return shorter(quarter, longer(last, TRANSIENT_FIRST));
  }

  private static Duration broken(int count, Duration tokenLeft, double jitter) {
    Duration full = doubled(TRANSIENT_FIRST, count, TRANSIENT_LONGEST);
    return soonerNearExpiry(full.dividedBy(2).plus(share(full, jitter / 2)), tokenLeft);
  }

  // Retry more often as the token's expiry comes near, but never more than every two seconds.
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
