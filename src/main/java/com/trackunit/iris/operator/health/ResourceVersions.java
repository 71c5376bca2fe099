package com.trackunit.iris.operator.health;

import org.jspecify.annotations.Nullable;

/**
 * Compares versions of one kind of objects in one cluster, which are decimal numbers that only grow
 * (KEP-5504).
 */
public final class ResourceVersions {
  private ResourceVersions() {}

  /** Whether the first is older than the second; no when either is unknown or no number. */
  public static boolean isOlder(@Nullable String first, @Nullable String second) {
    if (first == null || second == null || !isNumber(first) || !isNumber(second)) {
      return false;
    }
    return first.length() == second.length()
        ? first.compareTo(second) < 0
        : first.length() < second.length();
  }

  private static boolean isNumber(String version) {
    return !version.isEmpty()
        && version.charAt(0) != '0'
        && version.chars().allMatch(character -> character >= '0' && character <= '9');
  }
}
