package com.trackunit.iris.operator.oauth;

import com.trackunit.iris.operator.oauth.JsonFields.Member;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lifetime of a token, read from {@code expires_in} (RFC 6749 section 5.1). A duration only:
 * reads no clock.
 */
final class ExpiresIn {
  /** For responses without a lifetime: that of Trackunit's shortest-lived tokens. */
  static final Duration ASSUMED = Duration.ofMinutes(20);

  /** A longer lifetime is cut to this, whatever the server says. */
  static final Duration LONGEST = Duration.ofDays(1);

  static final int MAX_DIGITS = 1000;

  private static final Pattern NUMBER =
      Pattern.compile("(?<mantissa>[0-9]++(?:\\.[0-9]++)?+)(?:[eE](?<exponent>[+-]?+[0-9]++))?+");

  /**
   * An exponent is cut to this. A larger one gives the same result for every mantissa that is
   * accepted, and 1e999999999 would have a billion digits.
   */
  private static final BigInteger MAX_EXPONENT = BigInteger.valueOf(3L * MAX_DIGITS);

  private ExpiresIn() {}

  /**
   * Whole seconds, at most {@link #LONGEST}; empty unless the value is a number, or a string that
   * contains one, of at least one second.
   */
  static Optional<Duration> of(Member expiresIn) {
    if (!expiresIn.isNumber() && !expiresIn.isString()) {
      return Optional.empty();
    }
    if (expiresIn.text().length() > 2 * MAX_DIGITS) {
      return Optional.empty();
    }
    Matcher number = NUMBER.matcher(expiresIn.text());
    return number.matches() ? seconds(number) : Optional.empty();
  }

  private static Optional<Duration> seconds(Matcher number) {
    BigDecimal mantissa = new BigDecimal(number.group("mantissa"));
    BigDecimal seconds = mantissa.scaleByPowerOfTen(exponent(number));
    if (seconds.compareTo(BigDecimal.ONE) < 0) {
      return Optional.empty();
    }
    // Take the minimum first: longValue() of a larger number would overflow.
    BigDecimal longest = BigDecimal.valueOf(LONGEST.toSeconds());
    return Optional.of(Duration.ofSeconds(seconds.min(longest).longValue()));
  }

  private static int exponent(Matcher number) {
    String exponent = Optional.ofNullable(number.group("exponent")).orElse("0");
    return new BigInteger(exponent).min(MAX_EXPONENT).max(MAX_EXPONENT.negate()).intValueExact();
  }
}
