package com.trackunit.iris.operator.support;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Real time plus what a test moved it by. */
public final class MovableClock implements InstantSource {
  private final Clock real = Clock.systemUTC();
  private volatile Duration moved = Duration.ZERO;

  /** Moves the time on, or back when negative. */
  public void move(Duration by) {
    moved = moved.plus(by);
  }

  @Override
  public Instant instant() {
    return real.instant().plus(moved);
  }
}
