package com.trackunit.iris.operator.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.time.ClockReading;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the two clocks part. */
class ClockJumpsTest {
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");
  private static final Instant STEADY = Instant.EPOCH;

  private final ClockJumps jumps = new ClockJumps(reading(0, 0));

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "both go on,                        5,     5, 0",
    "a laptop slept,                    7205,  5, 7200",
    "the clock was set back,           -3595,  5, -3600",
    "it was corrected a little,         15,    5, 0",
    "it was corrected back a little,   -5,     5, 0",
    "it was corrected by more,          16,    5, 11",
    "the process stood still meanwhile, 600, 600, 0"
  })
  void tellsAJumpFromTimeThatPassed(String when, long clock, long steady, long jump) {
    assertThat(jumps.since(reading(clock, steady))).as(when).hasSeconds(jump);
  }

  @Test
  void tellsEachJumpOnce() {
    assertThat(jumps.since(reading(65, 5))).hasSeconds(60);

    assertThat(jumps.since(reading(70, 10))).isEqualTo(Duration.ZERO);
    assertThat(jumps.since(reading(15, 15))).hasSeconds(-60);
  }

  private static ClockReading reading(long clock, long steady) {
    return new ClockReading(NOW.plusSeconds(clock), STEADY.plusSeconds(steady));
  }
}
