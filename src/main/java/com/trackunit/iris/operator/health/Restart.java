package com.trackunit.iris.operator.health;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends this process, once, so that the next one starts with what the cluster holds now.
 *
 * <p>A start with valid tokens costs no token request and no write.
 */
public final class Restart {
  private static final Logger log = LoggerFactory.getLogger(Restart.class);

  private @Nullable Runnable end;
  private boolean due;

  /** What ends the process; before this is known, a restart is only noted. */
  public synchronized void endsWith(Runnable ending) {
    end = ending;
  }

  /** Ends the process for this reason; returns at once. */
  synchronized void because(String reason) {
    if (due) {
      return;
    }
    due = true;
    log.error("{} This process ends, so that the next one starts with what is there now.", reason);
    if (end != null) {
      // An exit waits for the reconciliations that are under way, and may be called by one of them.
      Thread.ofPlatform().daemon().name("restart").start(end);
    }
  }

  /** Ends the process when an answer proves that the cluster was restored from a backup. */
  public void unlessNewer(@Nullable String seen, @Nullable String answered, String what) {
    if (ResourceVersions.isOlder(answered, seen)) {
      because(
          "The resource version of %s went back from %s to %s, as after a restore of etcd."
              .formatted(what, seen, answered));
    }
  }

  /** Whether the process is to end. */
  synchronized boolean isDue() {
    return due;
  }
}
