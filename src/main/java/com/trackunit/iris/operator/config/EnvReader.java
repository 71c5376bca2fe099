package com.trackunit.iris.operator.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads environment variables and collects their mistakes. An empty variable counts as unset. */
record EnvReader(Map<String, String> environment, List<String> mistakes) {
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
    return environment.getOrDefault(name, "").strip();
  }

  /** The first name, unless only the second one is set: both spellings are common. */
  String either(String first, String second) {
    return text(first).isEmpty() && !text(second).isEmpty() ? second : first;
  }
}
