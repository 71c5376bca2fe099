package com.trackunit.iris.operator.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads environment variables, and collects their mistakes and names. An empty variable counts as
 * unset.
 */
record EnvReader(Map<String, String> environment, List<String> mistakes, Set<String> known) {
  <T> T read(String name, String byDefault, Function<String, Optional<T>> parse, String expected) {
    return readIfSet(name, parse, expected).orElseGet(() -> parse.apply(byDefault).orElseThrow());
  }

  <T> Optional<T> readIfSet(String name, Function<String, Optional<T>> parse, String expected) {
    String set = text(name);
    if (set.isEmpty()) {
      return Optional.empty();
    }
    Optional<T> value = parse.apply(set);
    if (value.isEmpty()) {
      mistakes.add(name + " must be " + expected + ".");
    }
    return value;
  }

  String text(String name) {
    known.add(name);
    return environment.getOrDefault(name, "").strip();
  }

  /** The names with this prefix that are set and were never read, in order. */
  List<String> unknown(String prefix) {
    return environment.keySet().stream()
        .filter(name -> name.startsWith(prefix) && !known.contains(name))
        .sorted()
        .toList();
  }

  /** The first name, unless only the second one is set: both spellings are common. */
  String either(String first, String second) {
    return text(first).isEmpty() && !text(second).isEmpty() ? second : first;
  }
}
