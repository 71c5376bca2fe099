package com.trackunit.iris.operator.demo;

import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.BooleanSupplier;
import org.awaitility.core.ConditionTimeoutException;

/** Writes what happens, with the time, and waits for what is to happen next. */
final class Narrator {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Clock clock;
  private final Instant begin;

  Narrator(Clock clock) {
    this.clock = clock;
    this.begin = clock.instant();
  }

  void say(String line) {
    System.out.println(TIME.format(clock.instant()) + "  " + line);
  }

  /** More about the line before. */
  void detail(String line) {
    System.out.println("            " + line);
  }

  Duration told() {
    return Duration.between(begin, clock.instant());
  }

  /**
   * Waits for a step.
   *
   * @throws StoryBroken if it does not happen in its time
   */
  void waitFor(String step, Duration atMost, BooleanSupplier happened) {
    try {
      await().atMost(atMost).pollInterval(LOOK).until(happened::getAsBoolean);
    } catch (ConditionTimeoutException late) {
      throw new StoryBroken("%s did not happen within %d s.".formatted(step, atMost.toSeconds()));
    }
  }
}
