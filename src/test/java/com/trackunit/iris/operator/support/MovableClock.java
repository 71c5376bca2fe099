package com.trackunit.iris.operator.support;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Real time plus what a test moved it by. */
public final class MovableClock implements InstantSource {
  private final Clock real = Clock.systemUTC();
  private volatile Duration moved = Duration.ZERO;
  private volatile Duration passed = Duration.ZERO;

  /** Time passes; a negative one is a clock that is set back. */
  public void move(Duration by) {
    moved = moved.plus(by);
    passed = by.isNegative() ? passed : passed.plus(by);
  }

  /** The time that passed, which nobody sets back. */
  public InstantSource steady() {
    return () -> real.instant().plus(passed);
  }

  @Override
  public Instant instant() {
    return real.instant().plus(moved);
  }
}
