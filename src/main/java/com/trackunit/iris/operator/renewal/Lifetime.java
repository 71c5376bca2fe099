package com.trackunit.iris.operator.renewal;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The time in which a token may be used: from the instant just before its request until its expiry.
 *
 * <p>Both ends are whole seconds, rounded down, because Kubernetes stores whole seconds. Latency
 * can only shorten a life.
 */
public record Lifetime(Instant issuedAt, Instant expiresAt) {
  /** The longest life that is accepted: a day, whatever the server says. */
  public static final Duration LONGEST = Duration.ofDays(1);

  public Lifetime {
    issuedAt = issuedAt.truncatedTo(ChronoUnit.SECONDS);
    expiresAt = expiresAt.truncatedTo(ChronoUnit.SECONDS);
  }

  /**
   * A life that begins just before the request and lasts as long as the {@code expires_in} of the
   * response.
   */
  public static Lifetime of(Instant asked, Duration expiresIn) {
    Duration length = expiresIn.compareTo(LONGEST) > 0 ? LONGEST : expiresIn;
    return new Lifetime(asked, asked.plus(length));
  }

  /**
   * The same life, ending at the known expiry if that is earlier. For a response that repeats a
   * stored token: the first expiry still counts.
   */
  public Lifetime endingNoLaterThan(Instant knownExpiry) {
    return knownExpiry.isBefore(expiresAt) ? new Lifetime(issuedAt, knownExpiry) : this;
  }

  public Duration length() {
    return Duration.between(issuedAt, expiresAt);
  }

  /** Whether the operator can have written this life; an edited Secret may contain any. */
  public boolean isCredible() {
    return length().compareTo(LONGEST) <= 0;
  }

  public boolean isOver(Instant now) {
    return !now.isBefore(expiresAt);
  }
}
