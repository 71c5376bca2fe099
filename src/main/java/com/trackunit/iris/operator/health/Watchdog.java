package com.trackunit.iris.operator.health;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Records when each credential must be woken, and detects when that does not happen.
 *
 * <p>Measures elapsed time instead of the wall clock: the framework's timers use the wall clock,
 * and may stop when it is set back.
 */
public final class Watchdog {
  private static final Duration GRACE = Duration.ofMinutes(1);

  private final Map<ResourceID, Long> wakeUps = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;

  public Watchdog(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** The credential must be woken after this delay. */
  public void expect(ResourceID id, Duration delay) {
    wakeUps.put(id, nanoTime.getAsLong() + delay.toNanos());
  }

  /** The credential was woken or deleted. */
  public void woken(ResourceID id) {
    wakeUps.remove(id);
  }

  /** Whether any wake-up is overdue by more than a minute. */
  public boolean isOverdue() {
    long now = nanoTime.getAsLong();
    return wakeUps.values().stream().anyMatch(due -> now - due > GRACE.toNanos());
  }
}
