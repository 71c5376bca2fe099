package com.trackunit.iris.operator.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.time.ClockReading;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A wake-up that does not come is noticed a minute later. */
class WatchdogTest {
  private static final ResourceID FLEET = new ResourceID("fleet", "team-a");

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final Watchdog watchdog = new Watchdog(() -> new ClockReading(Instant.EPOCH, now.get()));

  @Test
  void noticesAWakeUpThatIsOverdueByMoreThanAMinute() {
    watchdog.expect(FLEET, Duration.ofSeconds(10));
    pass(Duration.ofSeconds(70));
    assertThat(watchdog.isOverdue()).isFalse();
    pass(Duration.ofNanos(1));
    assertThat(watchdog.isOverdue()).isTrue();
  }

  @Test
  void isContentOnceTheCredentialWasWoken() {
    watchdog.expect(FLEET, Duration.ofSeconds(10));
    watchdog.woken(FLEET);
    pass(Duration.ofHours(1));
    assertThat(watchdog.isOverdue()).isFalse();
  }

  private void pass(Duration time) {
    now.set(now.get().plus(time));
  }
}
