package com.trackunit.iris.operator.gate;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The tries of one login that were not accepted, whatever its values and whoever sent them: at most
 * three in ten minutes and five in an hour. Of the five, the last one is kept for a namespace that
 * has sent none in that hour; of the three, the last one for values that were not tried, so that a
 * correction need not wait.
 */
final class LoginTries {
  private static final Duration SHORT = Duration.ofMinutes(10);
  private static final Duration LONG = Duration.ofHours(1);
  private static final int IN_SHORT = 3;
  private static final int IN_LONG = 5;
  // Times are kept in whole seconds.
  private static final Duration ROUNDING = Duration.ofSeconds(1);

  private final List<Try> tries = new ArrayList<>();

  /** A try at this time, by a credential of this namespace. */
  record Try(Instant at, String namespace) {}

  Try add(String namespace, Instant at) {
    Try added = new Try(at, namespace);
    tries.add(added);
    tries.sort(Comparator.comparing(Try::at));
    return added;
  }

  /** Adds the tries that a status records in whole seconds, unless they are known. */
  void learn(String namespace, List<Instant> told) {
    for (Instant second : Set.copyOf(told)) {
      long known =
          tries.stream()
              .filter(one -> one.namespace().equals(namespace))
              .filter(one -> one.at().truncatedTo(ChronoUnit.SECONDS).equals(second))
              .count();
      for (long i = known; i < Collections.frequency(told, second); i++) {
        add(namespace, second);
      }
    }
  }

  void remove(Try one) {
    tries.remove(one);
  }

  /** Removes the tries that no limit counts any more. */
  boolean forget(Instant now) {
    // A clock that was set back must not keep a try without end.
    tries.removeIf(one -> Duration.between(one.at(), now).abs().compareTo(LONG) > 0);
    return tries.isEmpty();
  }

  boolean isEmpty() {
    return tries.isEmpty();
  }

  Instant last() {
    return tries.getLast().at();
  }

  /**
   * The earliest next try for this namespace.
   *
   * @param users the namespaces of all credentials with this login
   * @param repeated whether these values were tried before
   */
  Instant earliest(String namespace, Collection<String> users, boolean repeated, Instant now) {
    forget(now);
    boolean fresh = isFresh(namespace);
    boolean othersFresh = users.stream().anyMatch(other -> isFresh(other));
    int inShort = repeated || (othersFresh && !fresh) ? IN_SHORT - 1 : IN_SHORT;
    Instant afterShort = atMost(inShort, SHORT);
    Instant afterLong = atMost(fresh ? IN_LONG : IN_LONG - 1, LONG);
    return afterLong.isAfter(afterShort) ? afterLong : afterShort;
  }

  private boolean isFresh(String namespace) {
    return tries.stream().noneMatch(one -> one.namespace().equals(namespace));
  }

  private Instant atMost(int number, Duration window) {
    int first = tries.size() - number;
    return first < 0 ? Instant.EPOCH : tries.get(first).at().plus(window).plus(ROUNDING);
  }
}
