package com.trackunit.iris.operator.health;

import com.trackunit.iris.operator.time.TimeSource;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Records when each credential must be woken, and detects when that does not happen.
 *
 * <p>Measures elapsed time instead of the wall clock: the framework's timers use the wall clock,
 * and may stop when it is set back.
 */
public final class Watchdog {
  private static final Duration GRACE = Duration.ofMinutes(1);

  private final Map<ResourceID, Instant> wakeUps = new ConcurrentHashMap<>();
  private final TimeSource time;

  public Watchdog(TimeSource time) {
    this.time = time;
  }

  /** The credential must be woken after this delay. */
  public void expect(ResourceID id, Duration delay) {
    wakeUps.put(id, time.steady().plus(delay));
  }

  /** The credential was woken or deleted. */
  public void woken(ResourceID id) {
    wakeUps.remove(id);
  }

  /** Whether any wake-up is overdue by more than a minute. */
  public boolean isOverdue() {
    Instant latest = time.steady().minus(GRACE);
    return wakeUps.values().stream().anyMatch(due -> due.isBefore(latest));
  }
}
