package com.trackunit.iris.operator.oauth;

import static com.trackunit.iris.operator.oauth.Exchanges.askRaw;
import static com.trackunit.iris.operator.oauth.Exchanges.http;
import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.oauth.TokenResponse.Refused;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final String DATE = "Date: Mon, 23 Nov 2026 12:00:00 GMT";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | 1",
        "30 | 30",
        "3600 | 3600",
        "0 | 1",
        "3601 | 3600",
        "99999999999999999999 | 3600",
        "Mon, 23 Nov 2026 12:01:30 GMT | 90",
        "Mon, 23 Nov 2026 11:00:00 GMT | 1",
        "Tue, 24 Nov 2026 12:00:00 GMT | 3600",
      })
  void waits(String value, long seconds) throws IOException {
    TokenResponse answer = askRaw(http(429, "", DATE, "Retry-After: " + value));
    assertThat(answer).isEqualTo(limited(Optional.of(Duration.ofSeconds(seconds))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "1.5",
        "+5",
        "soon",
        "5, 10",
        "0x10",
        "Mon, 99 Nov 2026 12:00:00 GMT",
        "Sun, 23 Nov 2026 12:00:00 GMT",
        "+999999999-01-01T00:00:00Z"
      })
  void leavesJunkToUs(String value) throws IOException {
    TokenResponse answer = askRaw(http(429, "", DATE, "Retry-After: " + value));
    assertThat(answer).isEqualTo(limited(Optional.empty()));
  }

  @Test
  void leavesTwoOfThemToUs() throws IOException {
    TokenResponse answer = askRaw(http(429, "", "Retry-After: 5", "Retry-After: 5"));
    assertThat(answer).isEqualTo(limited(Optional.empty()));
  }

  @Test
  void leavesADateToUsWhereTheAnswerHasNone() throws IOException {
    TokenResponse answer = askRaw(http(429, "", "Retry-After: Mon, 23 Nov 2026 12:01:30 GMT"));
    assertThat(answer).isEqualTo(limited(Optional.empty()));
  }

  @Test
  void countsForAnOutageToo() throws IOException {
    TokenResponse answer = askRaw(http(503, "", "Retry-After: 120"));
    assertThat(answer)
        .isEqualTo(
            new Refused(
                TokenError.ENDPOINT_UNAVAILABLE, "HTTP 503", Optional.of(Duration.ofSeconds(120))));
  }

  @Test
  void countsForNothingElse() throws IOException {
    TokenResponse answer = askRaw(http(502, "", "Retry-After: 120"));
    assertThat(answer).isEqualTo(new Refused(TokenError.ENDPOINT_UNAVAILABLE, "HTTP 502"));
  }

  private static TokenResponse limited(Optional<Duration> wait) {
    return new Refused(TokenError.RATE_LIMITED, "HTTP 429", wait);
  }
}
