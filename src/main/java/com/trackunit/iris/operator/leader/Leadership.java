package com.trackunit.iris.operator.leader;

import java.util.Optional;

/** Whether this replica is the leader. */
public interface Leadership extends AutoCloseable {
  /** Why there can be no leader; empty when there can be one. */
  Optional<String> problem();

  /** Starts the election. {@code lead} runs once, when this replica becomes the leader. */
  void start(Runnable lead);

  /** Whether this replica may act now. Stays false after the leadership was lost. */
  boolean isHeld();

  /** Releases the leadership, so that another replica need not wait. */
  @Override
  void close();

  /** A single replica, which is the leader from the start. */
  record Alone() implements Leadership {
    @Override
    public Optional<String> problem() {
      return Optional.empty();
    }

    @Override
    public void start(Runnable lead) {
      lead.run();
    }

    @Override
    public boolean isHeld() {
      return true;
    }

    @Override
    public void close() {
      // No other replica waits.
    }
  }
}
