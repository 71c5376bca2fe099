package com.trackunit.iris.operator.health;

import java.time.Duration;
import java.time.Instant;
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

  /** How long a restart waits until granted tokens are written. */
  static final Duration LONGEST_WRITE = Duration.ofMinutes(1);

  private @Nullable Runnable end;
  private @Nullable String wanted;
  private @Nullable Instant latest;
  private boolean due;

  /** Sets what ends the process. Until this is set, a restart is only recorded. */
  public synchronized void endsWith(Runnable ending) {
    end = ending;
  }

  /** Ends the process for this reason. Returns at once. */
  public synchronized void because(String reason) {
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

  /** Wants the process to end for this reason; {@link #endIfWanted} does it. */
  synchronized void wantedBecause(String reason) {
    if (wanted == null) {
      wanted = reason;
    }
  }

  /**
   * Wants a restart if a response proves that the cluster was restored from a backup.
   *
   * @param seen a version that a response showed before the request was sent
   * @param answered the version of a list, or of the same object after a write
   */
  public void ifOlder(@Nullable String seen, @Nullable String answered, String what) {
    if (ResourceVersions.isOlder(answered, seen)) {
      wantedBecause(
          "The resource version of %s went back from %s to %s, as after a restore of etcd."
              .formatted(what, seen, answered));
    }
  }

  /**
   * Ends the process if that is wanted and no token would be lost by it. A token that cannot be
   * written delays it by a minute at most.
   *
   * @param holdsToken whether the write of a granted token is late
   */
  synchronized void endIfWanted(boolean holdsToken, Instant now) {
    if (wanted == null) {
      return;
    }
    latest = latest == null ? now.plus(LONGEST_WRITE) : latest;
    if (!holdsToken || !now.isBefore(latest)) {
      because(wanted);
    }
  }

  /** Whether the process must end. */
  synchronized boolean isDue() {
    return due;
  }
}
