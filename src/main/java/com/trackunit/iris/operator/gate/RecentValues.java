package com.trackunit.iris.operator.gate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The 16 latest sets of values of a login, as fingerprints, each with what is known of it.
 *
 * @param <T> what is known of a set of values
 */
final class RecentValues<T> {
  private static final int MOST = 16;
  private final Map<String, T> known = new LinkedHashMap<>();

  @Nullable T get(String values) {
    return known.get(values);
  }

  @Nullable T remove(String values) {
    return known.remove(values);
  }

  void removeIf(Predicate<T> condition) {
    known.values().removeIf(condition);
  }

  void put(String values, T what) {
    known.put(values, what);
    if (known.size() > MOST) {
      known.remove(known.keySet().iterator().next());
    }
  }
}
