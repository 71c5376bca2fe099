package com.trackunit.iris.operator.health;

import org.jspecify.annotations.Nullable;

/**
 * Compares resource versions of one kind of object in one cluster. They are decimal numbers that
 * only grow (KEP-5504).
 */
public final class ResourceVersions {
  private ResourceVersions() {}

  /** Whether the first is older than the second; false if either is unknown or not a number. */
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
