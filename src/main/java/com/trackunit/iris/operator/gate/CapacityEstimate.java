package com.trackunit.iris.operator.gate;

import com.trackunit.iris.operator.renewal.RenewalSchedule;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Compares the request rate that the credentials of one authorization server need with its limit.
 *
 * @param credentials number of credentials that use the server
 * @param needed requests per second that they need
 * @param allowed requests per second that the limit allows
 */
public record CapacityEstimate(int credentials, double needed, double allowed) {
  // Share of a lifetime between two requests: the earliest default renewal, less a fifteenth of
  // that as a reserve for retries.
  private static final double SHARE = RenewalSchedule.EARLIEST * 14 / 15;

  private static final double SCARCE = 0.8;

  /**
   * Estimates the need of tokens with these lifetimes.
   *
   * @param lives the lifetimes of the tokens, one for each credential
   */
  public static CapacityEstimate of(List<Duration> lives, RateLimits limits) {
    double needed = lives.stream().mapToDouble(life -> 1 / (SHARE * life.toSeconds())).sum();
    return new CapacityEstimate(lives.size(), needed, limits.perSecond());
  }

  /** A message for the log if more than four fifths of the limit are needed. */
  public Optional<String> warning() {
    return needed <= SCARCE * allowed
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%d credentials need up to %.2f token requests a second, and %.2f are allowed: raise"
                    + " IRIS_MAX_REQUESTS_PER_SECOND, or let pods share credentials.",
                credentials,
                needed,
                allowed));
  }
}
