package com.trackunit.iris.operator.renewal;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The time a token may be used: from the instant just before its request until its expiry.
 *
 * <p>Both ends are whole seconds, cut off and never rounded up, because Kubernetes stores whole
 * seconds; latency and a wrong clock can only shorten a life.
 */
public record Lifetime(Instant issuedAt, Instant expiresAt) {
  /** The longest life that is believed: a day, whatever the server says. */
  public static final Duration LONGEST = Duration.ofDays(1);

  public Lifetime {
    issuedAt = issuedAt.truncatedTo(ChronoUnit.SECONDS);
    expiresAt = expiresAt.truncatedTo(ChronoUnit.SECONDS);
  }

  /**
   * A life that began when the request was sent and lasts as long as the answer's {@code
   * expires_in}.
   */
  public static Lifetime of(Instant asked, Duration expiresIn) {
    Duration length = expiresIn.compareTo(LONGEST) > 0 ? LONGEST : expiresIn;
    return new Lifetime(asked, asked.plus(length));
  }

  /**
   * The same life when the answer repeats a token that is known already: what was promised first
   * still counts.
   */
  public Lifetime endingNoLaterThan(Instant knownExpiry) {
    return knownExpiry.isBefore(expiresAt) ? new Lifetime(issuedAt, knownExpiry) : this;
  }

  public Duration length() {
    return Duration.between(issuedAt, expiresAt);
  }

  /** Whether it is a life that the operator may have written; a forger may claim any. */
  public boolean isCredible() {
    return length().compareTo(LONGEST) <= 0;
  }

  public boolean isOver(Instant now) {
    return !now.isBefore(expiresAt);
  }
}
