package com.trackunit.iris.operator.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who waits, the earliest end of a token first, and of equals whoever came first.
 *
 * <p>Whoever does not come back when expected loses the place, so that nobody waits for somebody
 * who is gone.
 */
final class WaitQueue {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PROMPT = Duration.ofSeconds(2);
  private static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(5);

  private final List<Place> places = new ArrayList<>();
  private final Map<String, Place> byUid = new HashMap<>();
  private long numbers;
  private Instant swept = Instant.MIN;

  /**
   * A place in the line.
   *
   * @param expiry when the token that is there ends
   * @param number drawn on arrival
   * @param expected when this one was told to come back
   */
  private record Place(String uid, Instant expiry, long number, Instant expected)
      implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int earlier = expiry.compareTo(other.expiry);
      return earlier == 0 ? Long.compare(number, other.number) : earlier;
    }
  }

  /** Joins the line, or comes back to it; returns how many are ahead. */
  int join(String uid, Instant expiry, Instant now) {
    Place known = byUid.get(uid);
    if (known == null || !known.expiry().equals(expiry)) {
      leave(uid);
      known = new Place(uid, expiry, known == null ? numbers++ : known.number(), now);
      byUid.put(uid, known);
      places.add(-indexOf(known) - 1, known);
    }
    return indexOf(known);
  }

  /** How many of the first in line should have come back just now; who is late keeps nobody. */
  long expected(int first, Instant now) {
    return places.subList(0, first).stream()
        .filter(place -> !place.expected().isAfter(now))
        .filter(place -> now.isBefore(place.expected().plus(PROMPT)))
        .count();
  }

  /** Takes note of when somebody in the line was told to come back. */
  void expect(String uid, Instant back) {
    Place known = byUid.get(uid);
    if (known != null) {
      Place told = new Place(uid, known.expiry(), known.number(), back);
      byUid.put(uid, told);
      places.set(indexOf(known), told);
    }
  }

  void leave(String uid) {
    Place known = byUid.remove(uid);
    if (known != null) {
      places.remove(indexOf(known));
    }
  }

  private int indexOf(Place place) {
    return Collections.binarySearch(places, place);
  }

  /** The earliest end of a token that is still valid, null when nobody with such a token waits. */
  @Nullable Instant earliestAfter(Instant now) {
    int index = -indexOf(new Place("", now, Long.MAX_VALUE, now)) - 1;
    return index == places.size() ? null : places.get(index).expiry();
  }

  /** Drops whoever did not come back. */
  void sweep(Instant now) {
    if (now.isBefore(swept.plus(BETWEEN_SWEEPS))) {
      return;
    }
    swept = now;
    Instant last = now.minus(PATIENCE);
    if (places.removeIf(place -> place.expected().isBefore(last))) {
      byUid.values().removeIf(place -> place.expected().isBefore(last));
    }
  }

  int length() {
    return places.size();
  }
}
