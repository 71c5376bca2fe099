package com.trackunit.iris.operator.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The waiting credentials, ordered by token expiry and then by arrival.
 *
 * <p>A credential that does not come back in time loses its place, so that a deleted credential
 * does not block the others.
 */
final class WaitQueue {
  private static final Duration EVICTION_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration RESERVATION = Duration.ofSeconds(2);
  private static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(5);

  private final List<Place> places = new ArrayList<>();
  private final Map<String, Place> byUid = new HashMap<>();
  private long nextSequence;
  private Instant swept = Instant.MIN;

  /**
   * A place in the queue.
   *
   * @param expiry when the current token expires
   * @param number sequence number, assigned on arrival
   * @param expected when the credential was told to try again
   */
  private record Place(String uid, Instant expiry, long number, Instant expected)
      implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int earlier = expiry.compareTo(other.expiry);
      return earlier == 0 ? Long.compare(number, other.number) : earlier;
    }
  }

  /** Adds a credential to the queue, or finds its place again. Returns how many are ahead. */
  int join(String uid, Instant expiry, Instant now) {
    Place known = byUid.get(uid);
    if (known == null || !known.expiry().equals(expiry)) {
      leave(uid);
      known = new Place(uid, expiry, known == null ? nextSequence++ : known.number(), now);
      byUid.put(uid, known);
      places.add(-indexOf(known) - 1, known);
    }
    return indexOf(known);
  }

  /**
   * How many credentials whose token expires earlier than that of {@code uid} should have come back
   * within the last two seconds. No place is reserved for one that is later.
   *
   * @param uid a credential in the queue
   * @param most where to stop counting
   */
  long expected(String uid, int most, Instant now) {
    Instant expiry = Objects.requireNonNull(byUid.get(uid)).expiry();
    return places.stream()
        .takeWhile(place -> place.expiry().isBefore(expiry))
        .filter(place -> !place.expected().isAfter(now))
        .filter(place -> now.isBefore(place.expected().plus(RESERVATION)))
        .limit(most)
        .count();
  }

  /** Records when a credential in the queue was told to try again. */
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

  /**
   * The earliest expiry of a token that is still valid, null when no credential with such a token
   * waits.
   */
  @Nullable Instant earliestAfter(Instant now) {
    int index = -indexOf(new Place("", now, Long.MAX_VALUE, now)) - 1;
    return index == places.size() ? null : places.get(index).expiry();
  }

  /** Removes the credentials that did not come back in time. */
  void sweep(Instant now) {
    if (now.isBefore(swept.plus(BETWEEN_SWEEPS))) {
      return;
    }
    swept = now;
    Instant last = now.minus(EVICTION_TIMEOUT);
    if (places.removeIf(place -> place.expected().isBefore(last))) {
      byUid.values().removeIf(place -> place.expected().isBefore(last));
    }
  }

  int length() {
    return places.size();
  }
}
