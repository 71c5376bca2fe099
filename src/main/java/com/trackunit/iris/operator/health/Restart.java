package com.trackunit.iris.operator.health;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends this process once, so that the next one starts with the current state of the cluster.
 *
 * <p>A start with valid tokens needs no token request and no write.
 */
public final class Restart {
  private static final Logger log = LoggerFactory.getLogger(Restart.class);

  private @Nullable Runnable end;
  private boolean due;

  /** Sets what ends the process. Until this is set, a restart is only recorded. */
  public synchronized void endsWith(Runnable ending) {
    end = ending;
  }

  /** Ends the process for this reason. Returns at once. */
  synchronized void because(String reason) {
    if (due) {
      return;
    }
    due = true;
    log.error("{} This process ends, so that the next one starts with what is there now.", reason);
    if (end != null) {
      // An exit waits for the running reconciliations, and one of them may be the caller.
      Thread.ofPlatform().daemon().name("restart").start(end);
    }
  }

  /** Ends the process if a response proves that the cluster was restored from a backup. */
  public void unlessNewer(@Nullable String seen, @Nullable String answered, String what) {
    if (ResourceVersions.isOlder(answered, seen)) {
      because(
          "The resource version of %s went back from %s to %s, as after a restore of etcd."
              .formatted(what, seen, answered));
    }
  }

  /** Whether the process must end. */
  synchronized boolean isDue() {
    return due;
  }
}
