package com.trackunit.iris.operator.gate;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A pause for all credentials, after the server limited two of them within a minute. One credential
 * may have a limit of its own; two show that the limit is for all.
 */
final class Cooldown {
  private static final Duration WINDOW = Duration.ofSeconds(60);

  /** The pause if the response has no Retry-After. */
  private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(30);

  private @Nullable Limited last;
  private Instant end = Instant.MIN;

  /** A credential that the server limited, when, and how long it must wait. */
  private record Limited(String uid, Instant at, Instant until) {}

  boolean holds(Instant now) {
    return now.isBefore(end);
  }

  Instant end() {
    return end;
  }

  /**
   * The server limited the rate of this credential.
   *
   * @param retryAfter the pause that the server requests, zero if it does not say
   */
  void limited(String uid, Duration retryAfter, Instant now) {
    Instant until = now.plus(retryAfter.isPositive() ? retryAfter : DEFAULT_RETRY_AFTER);
    Limited before = last;
    if (before != null && !before.uid().equals(uid) && !now.isAfter(before.at().plus(WINDOW))) {
      until = later(until, before.until());
      end = later(end, until);
    }
    last = new Limited(uid, now, until);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
