package com.trackunit.iris.operator.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request slots of one authorization server: its rate, its places in flight, and the queue of
 * those that wait for one. All times are steady.
 */
final class RequestSlots {
  private final RateLimits limits;
  private final TokenBucket bucket;
  private final WaitQueue queue = new WaitQueue();
  private final Map<String, Instant> inFlight = new HashMap<>();

  RequestSlots(RateLimits limits) {
    this.limits = limits;
    this.bucket = new TokenBucket(limits);
  }

  void count(Instant now) {
    bucket.count(now);
    queue.sweep(now);
  }

  /** Adds a credential to the queue. Returns how many go before it. */
  int join(String uid, String namespace, @Nullable Instant expiry, Instant now) {
    return queue.join(uid, namespace, expiry, now);
  }

  // The bucket saves up requests for every waiter ahead. A place in flight cannot be saved up, so
  // it is reserved only for the waiters that should be back by now and go before this one.
  boolean mayGo(String uid, int ahead, Instant now) {
    boolean saved = ahead + 1 <= bucket.saved();
    // With a burst of less than two, nothing can be saved up for another.
    boolean next = limits.burst() < 2 && bucket.saved() >= 1 && queue.isNext(uid, now);
    return (saved || next) && queue.expected(uid, places(), now) < places();
  }

  /** Whether any request may be sent now. */
  boolean isFree() {
    return free() >= 1;
  }

  private int places() {
    return limits.inFlight() - inFlight.size();
  }

  private double free() {
    return Math.min(bucket.saved(), places());
  }

  /** When a credential with so many before it will have a slot. */
  Instant slot(int ahead, Instant now) {
    return now.plus(bucket.lengthOf(ahead + 1 - free()));
  }

  /** How long so many requests take. */
  Duration lengthOf(int requests) {
    return bucket.lengthOf(requests);
  }

  void expect(String uid, Instant back) {
    queue.expect(uid, back);
  }

  void take(String uid, Instant now) {
    queue.served(uid);
    bucket.take();
    inFlight.put(uid, now);
  }

  /** When the request in flight was sent; now when its end was told already. */
  Instant sentAt(String uid, Instant now) {
    return inFlight.getOrDefault(uid, now);
  }

  /** The request has ended. */
  void ended(String uid) {
    inFlight.remove(uid);
  }

  /** Nothing was sent. Returns whether the slot was still taken. */
  boolean giveBack(String uid) {
    boolean taken = inFlight.remove(uid) != null;
    if (taken) {
      bucket.giveBack();
    }
    return taken;
  }

  void slowStartAfterOutage() {
    bucket.slowStartAfterOutage();
  }

  /** Halves the rate, once for all requests that were in flight at the same time. */
  void slowDown(Instant asked) {
    bucket.slowDown(asked);
  }

  void leave(String uid) {
    queue.leave(uid);
  }

  int waiting() {
    return queue.length();
  }
}
