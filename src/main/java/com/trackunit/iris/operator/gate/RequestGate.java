package com.trackunit.iris.operator.gate;

import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.time.ClockReading;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which credential may send a request to one authorization server now.
 *
 * <p>Never blocks. A credential that must wait gets the time of its next attempt; the token that
 * expires first goes first. A credential that may go must report the outcome, or that it sent
 * nothing.
 */
public final class RequestGate {
  /** The shortest wait, equal to the shortest requeue delay of a credential. */
  private static final Duration SOONEST = Duration.ofSeconds(1);

  /** The longest wait, because the rate may change meanwhile. */
  private static final Duration LATEST = Duration.ofSeconds(60);

  private final RateLimits limits;
  private final TokenBucket bucket;
  private final CircuitBreaker breaker = new CircuitBreaker();
  private final WaitQueue queue = new WaitQueue();
  private final Map<String, Instant> inFlight = new HashMap<>();
  private final Set<String> users = new HashSet<>();
  private final Cooldown cooldown = new Cooldown();
  private Instant latest = Instant.MIN;

  public RequestGate(RateLimits limits) {
    this.limits = limits;
    this.bucket = new TokenBucket(limits);
  }

  /** The answer to {@link #turn}. */
  public sealed interface Turn {
    /** The request may be sent now. */
    record Go() implements Turn {}

    /**
     * The credential must wait.
     *
     * @param look when to try again
     * @param slot when its turn is likely to be, if nothing changes
     */
    record ComeBack(Instant look, Instant slot, WaitReason obstacle) implements Turn {}
  }

  /**
   * Requests a turn for this credential.
   *
   * @param expiry when its current token expires, null when it has none
   */
  public synchronized Turn turn(String uid, @Nullable Instant expiry, ClockReading reading) {
    ClockReading here = begin(reading);
    Instant now = here.steady();
    users.add(uid);
    int ahead = queue.join(uid, expiry == null ? Instant.EPOCH : expiry, now);
    WaitReason obstacle = obstacle(uid, ahead, here);
    if (obstacle == null) {
      queue.leave(uid);
      bucket.take();
      inFlight.put(uid, now);
      breaker.letThrough(uid);
      return new Turn.Go();
    }
    Instant slot = slot(obstacle, ahead, expiry, here);
    // Spread the retries: without the added second, all slots within the next second would be moved
    // to the same instant, and most waiters would find no free slot.
    Instant look = clamped(obstacle == WaitReason.BUSY ? slot.plus(SOONEST) : slot, now);
    queue.expect(uid, look);
    return new Turn.ComeBack(here.clockAt(look), here.clockAt(slot), obstacle);
  }

  // Threads may arrive here in another order than they read the clock.
  private ClockReading begin(ClockReading reading) {
    ClockReading here = reading.notBefore(latest);
    latest = here.steady();
    bucket.count(latest);
    queue.sweep(latest);
    return here;
  }

  private @Nullable WaitReason obstacle(String uid, int ahead, ClockReading here) {
    Instant now = here.steady();
    if (cooldown.holds(now)) {
      return WaitReason.LIMITED;
    }
    if (!breaker.isOpen()) {
      return mayGo(uid, ahead, now) ? null : WaitReason.BUSY;
    }
    boolean due = !breaker.isProbing() && !now.isBefore(nextProbe(here));
    return due && free() >= 1 ? null : WaitReason.UNAVAILABLE;
  }

  // The bucket saves up requests for every waiter ahead. A place in flight cannot be saved up, so
  // it is reserved only for the waiters that should be back by now and whose token expires earlier.
  private boolean mayGo(String uid, int ahead, Instant now) {
    return ahead + 1 <= bucket.saved() && queue.expected(uid, places(), now) < places();
  }

  private int places() {
    return limits.inFlight() - inFlight.size();
  }

  private double free() {
    return Math.min(bucket.saved(), places());
  }

  private Instant nextProbe(ClockReading here) {
    Instant expiry = queue.earliestAfter(here.clock());
    return breaker.nextProbe(expiry == null ? null : here.steadyAt(expiry));
  }

  private Instant slot(
      WaitReason obstacle, int ahead, @Nullable Instant expiry, ClockReading here) {
    Instant now = here.steady();
    return switch (obstacle) {
      case LIMITED -> cooldown.end().plus(bucket.lengthOf(ahead));
      case BUSY, SAME_LOGIN -> now.plus(bucket.lengthOf(ahead + 1 - free()));
      case UNAVAILABLE -> {
        Instant probe = later(nextProbe(here), now);
        boolean first = ahead == 0 || isEarliestValid(expiry, here);
        yield first ? probe : probe.plus(bucket.lengthOf(ahead));
      }
    };
  }

  // A token that has already expired must not make probes more frequent.
  private boolean isEarliestValid(@Nullable Instant expiry, ClockReading here) {
    return expiry != null && expiry.equals(queue.earliestAfter(here.clock()));
  }

  private static Instant clamped(Instant slot, Instant now) {
    Instant soonest = later(slot, now.plus(SOONEST));
    Instant latest = now.plus(LATEST);
    return soonest.isAfter(latest) ? latest : soonest;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /** The server answered, whatever it said about the request itself. */
  public synchronized void answered(String uid, ClockReading reading) {
    answer(uid, begin(reading).steady());
  }

  // Returns when the request was sent; null when its outcome was already reported.
  private @Nullable Instant answer(String uid, Instant now) {
    Instant asked = inFlight.remove(uid);
    if (asked != null && breaker.answered(now)) {
      bucket.climbAfterOutage();
    }
    return asked;
  }

  /**
   * The request returned no token.
   *
   * @param retryAfter the pause that the server requests, zero if it does not say
   */
  public void refused(String uid, RetryClass kind, Duration retryAfter, ClockReading reading) {
    switch (kind) {
      case TRANSIENT -> broke(uid, reading);
      case LIMITED -> limited(uid, retryAfter, reading);
      case RESTRICTED -> restricted(uid, reading);
      // Nothing was sent, so the state of the server is unknown.
      case UNTRUSTED, HELD_BACK, KUBERNETES, KUBERNETES_DENIED, WAITING -> unused(uid, reading);
      case REJECTED, CONFIGURATION -> answered(uid, reading);
    }
  }

  /** The exchange failed, or its response was not usable: the server may be down. */
  synchronized void broke(String uid, ClockReading reading) {
    begin(reading);
    Instant asked = inFlight.remove(uid);
    if (asked != null) {
      breaker.broke(uid, asked, users.size() == 1, latest);
    }
  }

  /**
   * The server limited the rate of this credential.
   *
   * @param retryAfter the pause that the server requests, zero if it does not say
   */
  synchronized void limited(String uid, Duration retryAfter, ClockReading reading) {
    Instant asked = answer(uid, begin(reading).steady());
    if (asked != null) {
      bucket.slowDown(asked);
      cooldown.limited(uid, retryAfter, latest);
    }
  }

  /** The server refused to serve this credential, perhaps because of too many requests. */
  synchronized void restricted(String uid, ClockReading reading) {
    Instant asked = answer(uid, begin(reading).steady());
    if (asked != null) {
      bucket.slowDown(asked);
    }
  }

  /**
   * Nothing was sent, or the outcome says nothing about the server. Has no effect after a report.
   */
  public synchronized void unused(String uid, ClockReading reading) {
    begin(reading);
    if (inFlight.remove(uid) != null) {
      bucket.giveBack();
      breaker.unused(uid);
    }
  }

  /** The credential was deleted. The outcome of its request in flight is still reported. */
  public synchronized void forget(String uid) {
    queue.leave(uid);
    users.remove(uid);
  }

  /** Whether the circuit breaker is open. */
  public synchronized boolean isOpen() {
    return breaker.isOpen();
  }

  /** Number of credentials that wait for their turn. */
  public synchronized int waiting(ClockReading reading) {
    begin(reading);
    return queue.length();
  }
}
