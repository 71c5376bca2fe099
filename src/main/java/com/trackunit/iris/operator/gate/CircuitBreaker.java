package com.trackunit.iris.operator.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the server seems to be out; then only one request at a time tries whether it is back.
 *
 * <p>Opens after five broken requests in a row, if they are of two credentials or there is only
 * one.
 */
final class CircuitBreaker {
  private static final int ROW = 5;
  private static final Duration SHORTEST = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Set<String> brokenFor = new HashSet<>();
  private int broken;
  private Instant closed = Instant.MIN;
  private @Nullable Outage outage;

  /**
   * While the server seems to be out.
   *
   * @param since when it was tried last
   * @param prober whose request tries it now, null when none does
   */
  private record Outage(Duration interval, Instant since, @Nullable String prober) {}

  boolean isOpen() {
    return outage != null;
  }

  boolean isProbing() {
    return outage != null && outage.prober() != null;
  }

  /**
   * When an open breaker lets the next one try.
   *
   * @param expiry of the earliest valid token that waits, null when none does: no wait is longer
   *     than an eighth of what was left of it
   */
  Instant nextProbe(@Nullable Instant expiry) {
    if (outage == null) {
      throw new IllegalStateException("only an open breaker has probes");
    }
    Duration interval = outage.interval();
    if (expiry != null) {
      Duration eighth = Duration.between(outage.since(), expiry).dividedBy(8);
      interval = shorter(interval, longer(eighth, SHORTEST));
    }
    return outage.since().plus(interval);
  }

  /** This credential's request tries whether the server is back, if the breaker is open. */
  void letThrough(String uid) {
    if (outage != null) {
      outage = new Outage(outage.interval(), outage.since(), uid);
    }
  }

  /**
   * A request broke.
   *
   * @param asked when it was made
   * @param alone whether no other credential uses this server
   */
  void broke(String uid, Instant asked, boolean alone, Instant now) {
    if (outage != null) {
      if (uid.equals(outage.prober())) {
        outage = new Outage(shorter(outage.interval().multipliedBy(2), LONGEST), now, null);
      }
      return;
    }
    // What was on its way during an outage says nothing of the time after it.
    if (asked.isBefore(closed)) {
      return;
    }
    broken++;
    brokenFor.add(uid);
    if (broken >= ROW && (alone || brokenFor.size() > 1)) {
      outage = new Outage(SHORTEST, now, null);
    }
  }

  /** The server answered. Returns whether an outage ended with that. */
  boolean answered(Instant now) {
    broken = 0;
    brokenFor.clear();
    if (outage == null) {
      return false;
    }
    outage = null;
    closed = now;
    return true;
  }

  /** A request was not made after all. */
  void unused(String uid) {
    if (outage != null && uid.equals(outage.prober())) {
      outage = new Outage(outage.interval(), outage.since(), null);
    }
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
