package com.trackunit.iris.operator.health;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Records since when watches are down although the API server could serve them.
 *
 * <p>Counts only time in which the API server answers: while it is down, a restart does not help.
 */
final class WatchOutages {
  /** How long a watch may be down before {@code /livez} fails. */
  static final Duration PATIENCE = Duration.ofMinutes(3);

  /**
   * How long a watch is usually down after an outage of the API server, because the backoff of its
   * client grows.
   */
  static final Duration USUAL = Duration.ofSeconds(40);

  private final Map<WatchRequest, Instant> since = new HashMap<>();
  private final Set<WatchRequest> reported = new HashSet<>();

  /**
   * Records the result of one check.
   *
   * @param down the watches that are down although the API server answers
   * @return those that are down for unusually long and were not returned before
   */
  synchronized Set<WatchRequest> note(Set<WatchRequest> down, Instant now) {
    since.keySet().retainAll(down);
    reported.retainAll(down);
    down.forEach(watch -> since.putIfAbsent(watch, now));
    Set<WatchRequest> begun = new HashSet<>(down);
    begun.removeIf(
        watch -> since.getOrDefault(watch, now).plus(USUAL).isAfter(now) || !reported.add(watch));
    return begun;
  }

  /** Whether any watch is down for longer than {@link #PATIENCE}. */
  synchronized boolean isOverdue(Instant now) {
    return since.values().stream().anyMatch(begin -> begin.plus(PATIENCE).isBefore(now));
  }
}
