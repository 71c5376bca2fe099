package com.trackunit.iris.operator.health;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Since when watches are down that the API server could let through.
 *
 * <p>Only time in which the API server answers counts: while it is away, a restart helps nobody.
 */
final class WatchOutages {
  /** So long a watch may take to come back. */
  static final Duration PATIENCE = Duration.ofMinutes(3);

  /**
   * So long a watch may be down after the API server was away: its client waits longer each time.
   */
  static final Duration USUAL = Duration.ofSeconds(40);

  private final Map<WatchRequest, Instant> since = new HashMap<>();
  private final Set<WatchRequest> told = new HashSet<>();

  /**
   * Takes note of a look.
   *
   * @param down the watches that are down although the API server answers
   * @return those that are down for unusually long and were not returned before
   */
  synchronized Set<WatchRequest> note(Set<WatchRequest> down, Instant now) {
    since.keySet().retainAll(down);
    told.retainAll(down);
    down.forEach(watch -> since.putIfAbsent(watch, now));
    Set<WatchRequest> begun = new HashSet<>(down);
    begun.removeIf(
        watch -> since.getOrDefault(watch, now).plus(USUAL).isAfter(now) || !told.add(watch));
    return begun;
  }

  /** Whether a watch is down for longer than it may be. */
  synchronized boolean isOverdue(Instant now) {
    return since.values().stream().anyMatch(begin -> begin.plus(PATIENCE).isBefore(now));
  }
}
