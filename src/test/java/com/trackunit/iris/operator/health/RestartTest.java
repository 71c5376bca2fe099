package com.trackunit.iris.operator.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a process ends that only a restart helps. */
class RestartTest {
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");

  private final Restart restart = new Restart();
  private final AtomicInteger ends = new AtomicInteger();

  @BeforeEach
  void countEnds() {
    restart.endsWith(ends::incrementAndGet);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "the list is older than one before,  120, 119, true",
    "the list is the same,               120, 120, false",
    "the list is newer,                  120, 121, false",
    "nothing was seen before,            ,    121, false"
  })
  void isWantedWhenAVersionWentBack(String when, String seen, String answered, boolean wanted) {
    restart.ifOlder(seen, answered, "the list");
    restart.endIfWanted(false, NOW);

    assertThat(restart.isDue()).as(when).isEqualTo(wanted);
  }

  @Test
  void waitsForATokenThatIsNotWrittenYet() {
    restart.wantedBecause("Etcd was restored.");
    restart.endIfWanted(true, NOW);
    restart.endIfWanted(true, NOW.plusSeconds(59));
    assertThat(restart.isDue()).isFalse();

    restart.endIfWanted(false, NOW.plusSeconds(59));

    assertThat(restart.isDue()).isTrue();
  }

  @Test
  void doesNotWaitForEverForATokenThatCannotBeWritten() {
    restart.wantedBecause("Etcd was restored.");
    restart.endIfWanted(true, NOW);

    restart.endIfWanted(true, NOW.plus(Restart.LONGEST_WRITE));

    assertThat(restart.isDue()).isTrue();
  }

  @Test
  void endsOnce() {
    restart.because("One reason.");
    restart.because("Another reason.");

    await().until(() -> ends.get() == 1);
    await().during(Duration.ofMillis(100)).until(() -> ends.get() == 1);
  }
}
