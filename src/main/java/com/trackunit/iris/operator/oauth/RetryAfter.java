package com.trackunit.iris.operator.oauth;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The wait that a Retry-After header requests (RFC 9110 section 10.2.3). Reads no clock. */
final class RetryAfter {
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");
  private static final Pattern TOO_MANY_SECONDS = Pattern.compile("[0-9]++");

  private RetryAfter() {}

  /**
   * One second to an hour; empty if the header is missing, given twice, or neither seconds nor a
   * date. A date needs a Date header beside it.
   */
  static Optional<Duration> in(HttpHeaders headers) {
    return only(headers, "Retry-After")
        .flatMap(value -> read(value, headers))
        .map(RetryAfter::clamp);
  }

  private static Optional<Duration> read(String value, HttpHeaders headers) {
    if (SECONDS.matcher(value).matches()) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }
    if (TOO_MANY_SECONDS.matcher(value).matches()) {
      return Optional.of(LONGEST);
    }
    // Compare with the Date header of the response, so that an error of either clock does not
    // matter.
    return date(value)
        .flatMap(
            until ->
                only(headers, "Date")
                    .flatMap(RetryAfter::date)
                    .map(now -> Duration.between(now, until)));
  }

  private static Optional<String> only(HttpHeaders headers, String name) {
    List<String> values = headers.allValues(name);
    return values.size() == 1 ? Optional.of(values.getFirst().strip()) : Optional.empty();
  }

  private static Optional<Instant> date(String value) {
    try {
      return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value)));
    } catch (DateTimeException quotesTheHeader) {
      return Optional.empty();
    }
  }

  private static Duration clamp(Duration wait) {
    if (wait.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }
}
