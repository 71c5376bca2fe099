package com.trackunit.iris.operator.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How long a watch may be down. */
class WatchOutagesTest {
  private static final Instant START = Instant.parse("2026-05-04T12:00:00Z");
  private static final WatchRequest WATCH =
      new WatchRequest("/api/v1/namespaces/team-a/secrets", "a=b");
  private static final Set<WatchRequest> ONE = Set.of(WATCH);

  private final WatchOutages outages = new WatchOutages();

  @Test
  void toldOnceWhenItIsDownForUnusuallyLong() {
    assertThat(outages.note(ONE, START)).isEmpty();
    assertThat(outages.note(ONE, START.plusSeconds(39))).isEmpty();
    assertThat(outages.note(ONE, START.plusSeconds(40))).containsExactly(WATCH);
    assertThat(outages.note(ONE, START.plusSeconds(80))).isEmpty();
  }

  @Test
  void overdueAfterThreeMinutes() {
    outages.note(ONE, START);
    assertThat(outages.isOverdue(START.plus(Duration.ofMinutes(3)))).isFalse();
    assertThat(outages.isOverdue(START.plus(Duration.ofMinutes(3)).plusNanos(1))).isTrue();
  }

  @Test
  void startsAgainWhenItWasBackOrTheApiServerAway() {
    outages.note(ONE, START);
    outages.note(Set.of(), START.plusSeconds(100));
    outages.note(ONE, START.plusSeconds(105));

    assertThat(outages.isOverdue(START.plusSeconds(200))).isFalse();
    assertThat(outages.note(ONE, START.plusSeconds(145))).containsExactly(WATCH);
  }
}
