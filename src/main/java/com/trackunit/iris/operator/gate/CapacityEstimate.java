package com.trackunit.iris.operator.gate;

import com.trackunit.iris.operator.renewal.RenewalSchedule;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How much of what an authorization server may be asked for its credentials need.
 *
 * @param credentials that use it
 * @param needed requests a second
 * @param allowed requests a second
 */
public record CapacityEstimate(int credentials, double needed, double allowed) {
  // At the earliest renewal of the default, with a fifteenth of that as a reserve for retries.
  private static final double SHARE = RenewalSchedule.EARLIEST * 14 / 15;

  private static final double SCARCE = 0.8;

  /**
   * What tokens of these lives need.
   *
   * @param lives of the credentials' tokens, one each
   */
  public static CapacityEstimate of(List<Duration> lives, RateLimits limits) {
    double needed = lives.stream().mapToDouble(life -> 1 / (SHARE * life.toSeconds())).sum();
    return new CapacityEstimate(lives.size(), needed, limits.perSecond());
  }

  /** A sentence for the log when more than four fifths are needed. */
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
