package com.trackunit.iris.operator.leader;

import java.util.Optional;

/** Whether this replica is the one that acts. */
public interface Leadership extends AutoCloseable {
  /** Why there can be no leader; nothing when there can. */
  Optional<String> problem();

  /** Begins; {@code lead} is run once, when this replica is the one that acts. */
  void start(Runnable lead);

  /** Whether this replica may act now; once it may no more, it never may again. */
  boolean isHeld();

  /** Gives it up, so that another replica need not wait. */
  @Override
  void close();

  /** One replica without others leads from the first moment on. */
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
      // Nobody waits for it.
    }
  }
}
