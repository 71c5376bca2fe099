package com.trackunit.iris.operator.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Circuit breaker for one authorization server. While it is open, one request at a time probes
 * whether the server is back.
 *
 * <p>Opens after five failed requests in a row, if they belong to at least two credentials or if
 * only one credential uses the server.
 */
final class CircuitBreaker {
  private static final int FAILURE_THRESHOLD = 5;
  private static final Duration SHORTEST = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Set<String> brokenFor = new HashSet<>();
  private int broken;
  private Instant closed = Instant.MIN;
  private @Nullable Outage outage;

  /**
   * The state of an open breaker.
   *
   * @param interval time between two probes
   * @param since when the breaker opened or the last probe failed
   * @param prober the credential whose probe is in flight, null when there is none
   */
  private record Outage(Duration interval, Instant since, @Nullable String prober) {}

  boolean isOpen() {
    return outage != null;
  }

  boolean isProbing() {
    return outage != null && outage.prober() != null;
  }

  /**
   * When an open breaker allows the next probe.
   *
   * @param expiry the earliest expiry of a valid token in the queue, null when there is none. It
   *     limits the interval to an eighth of what was left of this token at the last probe, but not
   *     to less than 2 s.
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

  /** Makes the request of this credential the probe, if the breaker is open. */
  void letThrough(String uid) {
    if (outage != null) {
      outage = new Outage(outage.interval(), outage.since(), uid);
    }
  }

  /**
   * A request failed.
   *
   * @param asked when it was sent
   * @param alone whether no other credential uses this server
   */
  void broke(String uid, Instant asked, boolean alone, Instant now) {
    if (outage != null) {
      if (uid.equals(outage.prober())) {
        outage = new Outage(shorter(outage.interval().multipliedBy(2), LONGEST), now, null);
      }
      return;
    }
    // A request that was sent before the outage ended says nothing about the time after it.
    if (asked.isBefore(closed)) {
      return;
    }
    broken++;
    brokenFor.add(uid);
    if (broken >= FAILURE_THRESHOLD && (alone || brokenFor.size() > 1)) {
      outage = new Outage(SHORTEST, now, null);
    }
  }

  /** The server answered. Returns whether this ended an outage. */
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

  /** A request was not sent, or says nothing about the server. */
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
