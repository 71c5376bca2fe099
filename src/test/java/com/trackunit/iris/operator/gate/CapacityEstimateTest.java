package com.trackunit.iris.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a rate is too low for so many credentials. */
class CapacityEstimateTest {
  /** 8 400 tokens of an hour, or 2 800 of twenty minutes, are all that five a second can carry. */
  @ParameterizedTest
  @CsvSource({
    "6719, 3600, false",
    "6721, 3600, true",
    "2239, 1200, false",
    "2241, 1200, true",
    "0, 3600, false"
  })
  void warnsAboveFourFifths(int credentials, int seconds, boolean warns) {
    CapacityEstimate capacity =
        CapacityEstimate.of(
            Collections.nCopies(credentials, Duration.ofSeconds(seconds)), new RateLimits(5, 8));

    assertThat(capacity.warning().isPresent()).isEqualTo(warns);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value =
          "8400 | 8400 credentials need up to 5.00 token requests a second, and 5.00 are allowed: raise IRIS_MAX_REQUESTS_PER_SECOND, or let pods share credentials.")
  void saysTheThreeNumbers(int credentials, String sentence) {
    assertThat(
            CapacityEstimate.of(
                    Collections.nCopies(credentials, Duration.ofHours(1)), new RateLimits(5, 8))
                .warning())
        .contains(sentence);
  }
}
