package com.trackunit.iris.operator.renewal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A pseudorandom number in [0,1), always the same for the same input.
 *
 * <p>Spreads renewals and retries without any state: a restarted process computes the same numbers.
 */
public final class Jitter {
  private static final int MANTISSA_BITS = 53;

  private Jitter() {}

  /** The number for this credential and second. */
  public static double of(String uid, Instant at) {
    byte[] seed = (uid + '@' + at.getEpochSecond()).getBytes(StandardCharsets.UTF_8);
    long bits = ByteBuffer.wrap(Fingerprint.digest(seed)).getLong();
    return (bits >>> (Long.SIZE - MANTISSA_BITS)) / (double) (1L << MANTISSA_BITS);
  }
}
