package com.trackunit.iris.operator.renewal;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Facts that decide how often a refused login is tried.
 *
 * @param accepted whether the server accepted this login before, and its values are unchanged since
 * @param tokenLeft the remaining life of the valid token that the next try may replace, zero when
 *     there is none
 */
public record LoginStanding(boolean accepted, Duration tokenLeft) {
  /** A login that was never accepted. */
  public static final LoginStanding UNPROVEN = new LoginStanding(false, Duration.ZERO);

  /**
   * The standing at this time.
   *
   * @param tokenEnd when the token expires, null when there is none
   */
  public static LoginStanding of(boolean accepted, @Nullable Instant tokenEnd, Instant now) {
    boolean valid = tokenEnd != null && tokenEnd.isAfter(now);
    return new LoginStanding(accepted, valid ? Duration.between(now, tokenEnd) : Duration.ZERO);
  }
}
