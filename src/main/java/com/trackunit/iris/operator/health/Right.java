package com.trackunit.iris.operator.health;

import java.util.Comparator;

/**
 * A right that serving a namespace needs.
 *
 * @param verb for example {@code watch}
 * @param resource for example {@code secrets}
 */
public record Right(String verb, String resource) implements Comparable<Right> {
  private static final Comparator<Right> ORDER =
      Comparator.comparing(Right::resource).thenComparing(Right::verb);

  @Override
  public int compareTo(Right other) {
    return ORDER.compare(this, other);
  }

  /** For example {@code watch secrets}. */
  @Override
  public String toString() {
    return verb + " " + resource;
  }
}
