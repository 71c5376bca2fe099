package com.trackunit.iris.operator.support;

import com.trackunit.iris.operator.time.ClockReading;
import com.trackunit.iris.operator.time.TimeSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Real time plus what a test moved it by. */
public final class MovableClock implements TimeSource {
  private final Clock real = Clock.systemUTC();
  private volatile Duration moved = Duration.ZERO;
  private volatile Duration passed = Duration.ZERO;

  /** Time passes; a negative one is a clock that is set back. */
  public void move(Duration by) {
    moved = moved.plus(by);
    passed = by.isNegative() ? passed : passed.plus(by);
  }

  /** The wall clock jumps, forwards or backwards; no time passes. */
  public void jump(Duration by) {
    moved = moved.plus(by);
  }

  /** The wall clock as it was moved, and the time that passed, which nobody sets back. */
  @Override
  public ClockReading read() {
    Instant now = real.instant();
    return new ClockReading(now.plus(moved), now.plus(passed));
  }
}
