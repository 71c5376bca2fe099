package com.trackunit.iris.operator.lockout;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The 16 latest passwords of a login, as fingerprints, each with a value.
 *
 * @param <T> what is stored for a password
 */
final class RecentPasswords<T> {
  private static final int MOST = 16;
  private final Map<String, T> known = new LinkedHashMap<>();

  boolean isEmpty() {
    return known.isEmpty();
  }

  boolean contains(String password) {
    return known.containsKey(password);
  }

  @Nullable T get(String password) {
    return known.get(password);
  }

  void remove(String password) {
    known.remove(password);
  }

  void put(String password, T what) {
    known.put(password, what);
    if (known.size() > MOST) {
      known.remove(known.keySet().iterator().next());
    }
  }
}
