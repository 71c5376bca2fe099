package com.trackunit.iris.operator.gate;

import com.trackunit.iris.operator.renewal.RetryClass;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask one authorization server now, for all credentials that use it.
 *
 * <p>Never blocks: whoever may not ask yet is told when to come back, the earliest end of a token
 * first. Whoever may has to say how it went, or that nothing was asked.
 */
public final class RequestGate {
  /** The earliest come-back, which is also the shortest sleep of a credential. */
  private static final Duration SOONEST = Duration.ofSeconds(1);

  /** The latest come-back, since the pace changes meanwhile. */
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

  /** The answer to a wish to ask. */
  public sealed interface Turn {
    /** Ask now. */
    record Go() implements Turn {}

    /**
     * Come back.
     *
     * @param look when to come back
     * @param slot when it is likely to be one's turn, if nothing else happens
     */
    record ComeBack(Instant look, Instant slot, WaitReason obstacle) implements Turn {}
  }

  /**
   * May this credential ask?
   *
   * @param expiry when the token that is there ends, null when there is none
   */
  public synchronized Turn turn(String uid, @Nullable Instant expiry, ClockReading reading) {
    ClockReading here = begin(reading);
    Instant now = here.steady();
    users.add(uid);
    int ahead = queue.join(uid, expiry == null ? Instant.EPOCH : expiry, now);
    WaitReason obstacle = obstacle(ahead, here);
    if (obstacle == null) {
      queue.leave(uid);
      bucket.take();
      inFlight.put(uid, now);
      breaker.letThrough(uid);
      return new Turn.Go();
    }
    Instant slot = slot(obstacle, ahead, expiry, here);
    // Who is told to come soon must not come all at once, or few find what they come for.
    Instant look = clamped(obstacle == WaitReason.BUSY ? slot.plus(SOONEST) : slot, now);
    queue.expect(uid, look);
    return new Turn.ComeBack(here.clockAt(look), here.clockAt(slot), obstacle);
  }

  // Threads look at the clock one after the other and arrive here in another order.
  private ClockReading begin(ClockReading reading) {
    ClockReading here = reading.notBefore(latest);
    latest = here.steady();
    bucket.count(latest);
    queue.sweep(latest);
    return here;
  }

  private @Nullable WaitReason obstacle(int ahead, ClockReading here) {
    Instant now = here.steady();
    if (cooldown.holds(now)) {
      return WaitReason.LIMITED;
    }
    if (!breaker.isOpen()) {
      return mayGo(ahead, now) ? null : WaitReason.BUSY;
    }
    boolean due = !breaker.isProbing() && !now.isBefore(nextProbe(here));
    return due && free() >= 1 ? null : WaitReason.UNAVAILABLE;
  }

  // Requests can be saved up for all who are ahead; a place in flight cannot, and is only kept for
  // those who should be here by now.
  private boolean mayGo(int ahead, Instant now) {
    return ahead + 1 <= bucket.saved() && queue.expected(ahead, now) + 1 <= places();
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
      case BUSY -> now.plus(bucket.lengthOf(ahead + 1 - free()));
      case UNAVAILABLE -> {
        Instant probe = later(nextProbe(here), now);
        boolean first = ahead == 0 || isEarliestValid(expiry, here);
        yield first ? probe : probe.plus(bucket.lengthOf(ahead));
      }
    };
  }

  // Those whose token has ended already have no hurry that would make probes more frequent.
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

  /** The server answered, whatever it said of the request itself. */
  public synchronized void answered(String uid, ClockReading reading) {
    answer(uid, begin(reading).steady());
  }

  // Returns when it was asked; null when that was reported before.
  private @Nullable Instant answer(String uid, Instant now) {
    Instant asked = inFlight.remove(uid);
    if (asked != null && breaker.answered(now)) {
      bucket.climbAfterOutage();
    }
    return asked;
  }

  /**
   * There is no token.
   *
   * @param retryAfter how long the server wants no requests, zero when it does not say
   */
  public void refused(String uid, RetryClass kind, Duration retryAfter, ClockReading reading) {
    switch (kind) {
      case TRANSIENT -> broke(uid, reading);
      case LIMITED -> limited(uid, retryAfter, reading);
      case RESTRICTED -> restricted(uid, reading);
      // Nothing was sent, so it is unknown how the server does.
      case UNTRUSTED, HELD_BACK, KUBERNETES, KUBERNETES_DENIED, WAITING -> unused(uid, reading);
      case REJECTED, CONFIGURATION -> answered(uid, reading);
    }
  }

  /** The exchange broke, or its answer was no good: the server may be out. */
  synchronized void broke(String uid, ClockReading reading) {
    begin(reading);
    Instant asked = inFlight.remove(uid);
    if (asked != null) {
      breaker.broke(uid, asked, users.size() == 1, latest);
    }
  }

  /**
   * The server wants fewer requests.
   *
   * @param retryAfter how long it wants none, zero when it does not say
   */
  synchronized void limited(String uid, Duration retryAfter, ClockReading reading) {
    Instant asked = answer(uid, begin(reading).steady());
    if (asked != null) {
      bucket.slowDown(asked);
      cooldown.limited(uid, retryAfter, latest);
    }
  }

  /** The server does not want to serve this credential, perhaps because it was asked too often. */
  synchronized void restricted(String uid, ClockReading reading) {
    Instant asked = answer(uid, begin(reading).steady());
    if (asked != null) {
      bucket.slowDown(asked);
    }
  }

  /** Nothing was asked, or nothing that tells of the server; after a report this is nothing. */
  public synchronized void unused(String uid, ClockReading reading) {
    begin(reading);
    if (inFlight.remove(uid) != null) {
      bucket.giveBack();
      breaker.unused(uid);
    }
  }

  /** The credential is gone. What it has in flight is still reported. */
  public synchronized void forget(String uid) {
    queue.leave(uid);
    users.remove(uid);
  }

  /** Whether the server seems to be out. */
  public synchronized boolean isOpen() {
    return breaker.isOpen();
  }

  /** How many wait for their turn. */
  public synchronized int waiting(ClockReading reading) {
    begin(reading);
    return queue.length();
  }
}
