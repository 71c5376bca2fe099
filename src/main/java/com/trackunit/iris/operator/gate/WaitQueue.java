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
 * The waiting credentials, in two lines: those with a token, by its expiry, and newcomers, whose
 * namespaces take turns. While both wait, they go alternately.
 *
 * <p>A credential that does not come back in time loses its place, so that a deleted credential
 * does not block the others.
 */
final class WaitQueue {
  private static final Duration EVICTION_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration RESERVATION = Duration.ofSeconds(2);
  private static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(5);

  private final List<Place> holders = new ArrayList<>();
  private final List<Place> newcomers = new ArrayList<>();
  private final Map<String, Place> byUid = new HashMap<>();
  // The round that the next newcomer of a namespace belongs to. Each namespace has one place in a
  // round: start-time fair queueing.
  private final Map<String, Long> nextRounds = new HashMap<>();
  private long round;
  private boolean newcomerWent;
  private long nextSequence;
  private Instant swept = Instant.MIN;

  /**
   * A place in a line.
   *
   * @param order expiry of the token in milliseconds; of a newcomer, its round
   * @param number sequence number, assigned on arrival
   * @param expected when the credential was told to try again
   */
  private record Place(
      String uid, @Nullable Instant expiry, long order, long number, Instant expected)
      implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int earlier = Long.compare(order, other.order);
      return earlier == 0 ? Long.compare(number, other.number) : earlier;
    }
  }

  /**
   * Adds a credential to its line, or finds its place again. Returns how many go before it.
   *
   * @param expiry when its token expires or expired, null when it never had one
   */
  int join(String uid, String namespace, @Nullable Instant expiry, Instant now) {
    Place known = byUid.get(uid);
    if (known == null || !Objects.equals(known.expiry(), expiry)) {
      leave(uid);
      long number = known == null ? nextSequence++ : known.number();
      long order = expiry == null ? nextRound(namespace) : expiry.toEpochMilli();
      known = new Place(uid, expiry, order, number, now);
      byUid.put(uid, known);
      List<Place> line = line(known);
      line.add(-Collections.binarySearch(line, known) - 1, known);
    }
    return ahead(known);
  }

  private long nextRound(String namespace) {
    long mine = Math.max(round, nextRounds.getOrDefault(namespace, 0L));
    nextRounds.put(namespace, mine + 1);
    return mine;
  }

  private List<Place> line(Place place) {
    return place.expiry() == null ? newcomers : holders;
  }

  private int ahead(Place place) {
    boolean newcomer = place.expiry() == null;
    int index = Collections.binarySearch(line(place), place);
    int others = (newcomer ? holders : newcomers).size();
    // The line that did not go last goes first.
    return index + Math.min(others, newcomer == newcomerWent ? index + 1 : index);
  }

  /**
   * Whether a credential in the queue is the first one in its line, and no other line goes first.
   */
  boolean isNext(String uid, Instant now) {
    Place place = Objects.requireNonNull(byUid.get(uid));
    boolean newcomer = place.expiry() == null;
    List<Place> others = newcomer ? holders : newcomers;
    boolean theirTurn =
        newcomer == newcomerWent && others.stream().anyMatch(one -> !one.expected().isAfter(now));
    return line(place).getFirst().equals(place) && !theirTurn;
  }

  /**
   * How many credentials that go before this one in its line should have come back within the last
   * two seconds. No place is reserved for one that is later, and none among newcomers: with
   * thousands of them some are always late, and each that were refused for these would come again.
   *
   * @param uid a credential in the queue
   * @param most where to stop counting
   */
  long expected(String uid, int most, Instant now) {
    Place place = Objects.requireNonNull(byUid.get(uid));
    if (place.expiry() == null) {
      return 0;
    }
    return holders.stream()
        .takeWhile(other -> other.order() < place.order())
        .filter(other -> !other.expected().isAfter(now))
        .filter(other -> now.isBefore(other.expected().plus(RESERVATION)))
        .limit(most)
        .count();
  }

  /** Records when a credential in the queue was told to try again. */
  void expect(String uid, Instant back) {
    Place known = byUid.get(uid);
    if (known != null) {
      Place told = new Place(uid, known.expiry(), known.order(), known.number(), back);
      byUid.put(uid, told);
      line(known).set(Collections.binarySearch(line(known), known), told);
    }
  }

  /** The credential got its turn. */
  void served(String uid) {
    Place known = byUid.get(uid);
    if (known != null) {
      newcomerWent = known.expiry() == null;
      round = newcomerWent ? Math.max(round, known.order()) : round;
      leave(uid);
    }
  }

  void leave(String uid) {
    Place known = byUid.remove(uid);
    if (known != null) {
      line(known).remove(Collections.binarySearch(line(known), known));
    }
  }

  /** Removes the credentials that did not come back in time. */
  void sweep(Instant now) {
    if (now.isBefore(swept.plus(BETWEEN_SWEEPS))) {
      return;
    }
    swept = now;
    nextRounds.values().removeIf(next -> next <= round);
    Instant last = now.minus(EVICTION_TIMEOUT);
    if (byUid.values().removeIf(place -> place.expected().isBefore(last))) {
      holders.removeIf(place -> place.expected().isBefore(last));
      newcomers.removeIf(place -> place.expected().isBefore(last));
    }
  }

  int length() {
    return byUid.size();
  }
}
