package com.trackunit.iris.operator.startup;

/** How many objects to ask for in the next page of a list, so that it weighs what it may. */
final class PageSize {
  /** Bytes of a page that are read at most. One object may have more. */
  static final int BUDGET = 4 << 20;

  /** Objects of the first page, of which nothing is known. */
  static final int FIRST = 100;

  private static final int AIM = BUDGET * 3 / 4;
  private static final int GROWTH = 4;
  private static final int RETREAT = 8;

  private PageSize() {}

  /**
   * The size after a page.
   *
   * @param limit how many objects that page could have
   * @param bytes what it weighed
   * @param most how many objects the caller wants at most
   */
  static int after(int limit, long bytes, int most) {
    long fitting = (long) limit * AIM / Math.max(bytes, 1);
    return Math.clamp(Math.min(fitting, (long) limit * GROWTH), 1, most);
  }

  /** The size after a page that was too large to be read. */
  static int afterTooMuch(int limit) {
    return Math.max(1, limit / RETREAT);
  }
}
