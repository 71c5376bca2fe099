package com.trackunit.iris.operator.simulation;

import java.util.SplittableRandom;

/**
 * A pod that reads the token from a mounted Secret all the time.
 *
 * <p>kubelet syncs it every 60 to 90 s, as it was measured; a write shows at the first sync that is
 * at least a second later. A second pod is always 91 s late.
 */
final class PodReader {
  private static final long WORST_LAG = 91_000;

  private final SplittableRandom random;
  private long sync;
  private long expiry;
  private long worstExpiry;
  private long expired;
  private long worstExpired;

  PodReader(SplittableRandom random) {
    this.random = random;
    this.sync = random.nextLong(90_000);
  }

  /** A token was written, whose life ends at this time. */
  void written(long time, long newExpiry) {
    while (sync < time + 1000) {
      sync += 60_000 + random.nextLong(30_001);
    }
    expired += gap(expiry, sync);
    worstExpired += gap(worstExpiry, time + WORST_LAG);
    expiry = newExpiry;
    worstExpiry = newExpiry;
  }

  void end(long time) {
    expired += gap(expiry, time);
    worstExpired += gap(worstExpiry, time);
  }

  // Who has never had a token has not begun to read.
  private static long gap(long from, long to) {
    return from == 0 ? 0 : Math.max(0, to - from);
  }

  /** Milliseconds in which it read an expired token. */
  long expired() {
    return expired;
  }

  long worstExpired() {
    return worstExpired;
  }
}
