package com.trackunit.iris.operator.renewal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A number in [0,1) that looks random and is the same whenever it is asked for again.
 *
 * <p>Spreads renewals and retries without any state: a restart draws what the process before it
 * drew.
 */
public final class Jitter {
  private static final int MANTISSA_BITS = 53;

  private Jitter() {}

  /** The number of this credential at this second. */
  public static double of(String uid, Instant at) {
    byte[] seed = (uid + '@' + at.getEpochSecond()).getBytes(StandardCharsets.UTF_8);
    long bits = ByteBuffer.wrap(Fingerprint.digest(seed)).getLong();
    return (bits >>> (Long.SIZE - MANTISSA_BITS)) / (double) (1L << MANTISSA_BITS);
  }
}
