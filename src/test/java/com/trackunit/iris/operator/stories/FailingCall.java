package com.trackunit.iris.operator.stories;

import com.trackunit.iris.operator.support.FaultyApiServer.Call;
import com.trackunit.iris.operator.support.FaultyApiServer.Fault;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Fails one call, told by its number, and its repetitions until it has failed so many times. */
final class FailingCall implements Function<Call, Fault> {
  private final Fault fault;
  private int before;
  private int left;
  private @Nullable Call failing;

  /**
   * Counts from the next call on.
   *
   * @param number of the call, the next one is 0
   */
  FailingCall(int number, Fault fault, int times) {
    this.fault = fault;
    this.before = number;
    this.left = times;
  }

  @Override
  public synchronized Fault apply(Call call) {
    if (failing == null && before-- == 0) {
      failing = call;
    }
    if (left == 0 || !call.equals(failing)) {
      return Fault.NONE;
    }
    left--;
    return fault;
  }

  /** Whether it came. */
  synchronized boolean hasBegun() {
    return failing != null;
  }

  /** Whether it has failed as often as it should. */
  synchronized boolean isOver() {
    return left == 0;
  }
}
