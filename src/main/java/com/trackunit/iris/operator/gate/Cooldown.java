package com.trackunit.iris.operator.gate;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A pause for everybody, after the server limited two credentials within a minute: one may be
 * limited for itself, two are no coincidence.
 */
final class Cooldown {
  private static final Duration TOGETHER = Duration.ofSeconds(60);

  /** How long a server wants no requests that does not say so. */
  private static final Duration UNSAID = Duration.ofSeconds(30);

  private @Nullable Limited last;
  private Instant end = Instant.MIN;

  /** A credential that was told to ask less often, and until when to wait. */
  private record Limited(String uid, Instant at, Instant until) {}

  boolean holds(Instant now) {
    return now.isBefore(end);
  }

  Instant end() {
    return end;
  }

  /**
   * The server wants fewer requests of this credential.
   *
   * @param retryAfter how long it wants none, zero when it does not say
   */
  void limited(String uid, Duration retryAfter, Instant now) {
    Instant until = now.plus(retryAfter.isPositive() ? retryAfter : UNSAID);
    Limited before = last;
    if (before != null && !before.uid().equals(uid) && !now.isAfter(before.at().plus(TOGETHER))) {
      until = later(until, before.until());
      end = later(end, until);
    }
    last = new Limited(uid, now, until);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
