package com.trackunit.iris.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationFormatTest {
  @ParameterizedTest
  @CsvSource({"20m,1200", "1m30s,90", "1h,3600", "1h1m1s,3661", "0s,0", "99999h,359996400"})
  void reads(String text, long seconds) {
    assertThat(DurationFormat.parse(text)).contains(Duration.ofSeconds(seconds));
    assertThat(text).matches(DurationFormat.PATTERN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "20", "m", "1s1m", "-1s", "1.5h", "1 m", "100000s", "1d", "1S"})
  void refuses(String text) {
    assertThat(DurationFormat.parse(text)).isEmpty();
  }
}
