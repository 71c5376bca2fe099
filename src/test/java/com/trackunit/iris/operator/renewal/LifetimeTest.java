package com.trackunit.iris.operator.renewal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LifetimeTest {
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00.9Z");

  @Test
  void isADayAtMostWhateverTheServerSays() {
    assertThat(Lifetime.of(NOW, Duration.ofDays(30)).length()).isEqualTo(Duration.ofDays(1));
    assertThat(Lifetime.of(NOW, Duration.ofDays(1)).length()).isEqualTo(Duration.ofDays(1));
    assertThat(Lifetime.of(NOW, Duration.ofHours(1)).length()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void isNotBelievedWhenItIsLonger() {
    assertThat(new Lifetime(NOW, NOW.plus(Duration.ofDays(1))).isCredible()).isTrue();
    assertThat(new Lifetime(NOW, NOW.plus(Duration.ofDays(1)).plusSeconds(1)).isCredible())
        .isFalse();
  }

  @Test
  void endsInTheSecondOfItsExpiry() {
    Lifetime life = Lifetime.of(NOW, Duration.ofSeconds(60));
    assertThat(life.isOver(NOW.plusSeconds(59))).isFalse();
    assertThat(life.isOver(NOW.plusMillis(59_100))).as("rounded down").isTrue();
  }

  @Test
  void ofARepeatedTokenEndsAtItsFirstExpiry() {
    Lifetime life = Lifetime.of(NOW, Duration.ofSeconds(60));
    assertThat(life.endingNoLaterThan(NOW.plusSeconds(30)).length().toSeconds()).isEqualTo(30);
    assertThat(life.endingNoLaterThan(NOW.plusSeconds(90))).isEqualTo(life);
  }
}
