package com.trackunit.iris.operator.health;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Knows when each credential should be woken and notices when nobody does.
 *
 * <p>Reckons in elapsed time and not by the clock, because a clock that is set back is one way for
 * a timer to die: the framework's timers go by the clock.
 */
public final class Watchdog {
  private static final Duration GRACE = Duration.ofMinutes(1);

  private final Map<ResourceID, Long> wakeUps = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;

  public Watchdog(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** A credential is to be woken after this time. */
  public void expect(ResourceID id, Duration delay) {
    wakeUps.put(id, nanoTime.getAsLong() + delay.toNanos());
  }

  /** A credential was woken, or is gone. */
  public void woken(ResourceID id) {
    wakeUps.remove(id);
  }

  /** Whether any wake-up is overdue by more than a minute. */
  public boolean isOverdue() {
    long now = nanoTime.getAsLong();
    return wakeUps.values().stream().anyMatch(due -> now - due > GRACE.toNanos());
  }
}
