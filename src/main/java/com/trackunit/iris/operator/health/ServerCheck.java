package com.trackunit.iris.operator.health;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds whether the watches are alive and the API server can be worked with, and
 * restarts the process when only a restart helps.
 */
public final class ServerCheck implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServerCheck.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);
  private static final int LOOKS_A_LIST = 12;

  private final CountDownLatch closing = new CountDownLatch(1);
  private final WatchOutages outages = new WatchOutages();
  private final ServerContact contact;
  private final InstantSource steady;
  private final Restart restart;
  private final BooleanSupplier holdsToken;
  private final BooleanSupplier freshConnectionAnswers;
  private int looks;
  private boolean warnedOfTrust;

  /**
   * Prepares the check.
   *
   * @param steady what a watch's outage is measured by
   * @param holdsToken whether a token is in hand that a restart would lose
   * @param freshConnectionAnswers whether a new connection, made from the files as they are now, is
   *     answered
   */
  public ServerCheck(
      ServerContact contact,
      InstantSource steady,
      Restart restart,
      BooleanSupplier holdsToken,
      BooleanSupplier freshConnectionAnswers) {
    this.contact = contact;
    this.steady = steady;
    this.restart = restart;
    this.holdsToken = holdsToken;
    this.freshConnectionAnswers = freshConnectionAnswers;
  }

  /**
   * Begins to look.
   *
   * @param lists asks the API server for a credential of each namespace
   */
  public void start(NamespaceLists lists) {
    Thread.ofPlatform().daemon().name("server-check").start(() -> run(lists));
  }

  private void run(NamespaceLists lists) {
    try {
      while (!closing.await(BETWEEN_LOOKS.toSeconds(), TimeUnit.SECONDS)) {
        look(lists);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException surprise) {
      // Without this thread, nobody would notice a watch that is dead.
      restart.because("The check failed: " + surprise.getClass().getName() + ".");
    }
  }

  private void look(NamespaceLists lists) {
    Set<WatchRequest> failing = contact.failingWatches();
    looks++;
    if (!failing.isEmpty() || looks % LOOKS_A_LIST == 0) {
      lists.ask(failing.stream().map(WatchRequest::namespace).collect(Collectors.toSet()), restart);
    }
    Set<WatchRequest> down =
        failing.stream()
            .filter(watch -> lists.couldServe(watch.namespace()))
            .collect(Collectors.toSet());
    outages.note(down, steady.instant()).forEach(ServerCheck::warn);
    restartIfItHelps();
  }

  private static void warn(WatchRequest watch) {
    log.atWarn()
        .addKeyValue("watch", watch)
        .log(
            "A watch does not come back although the API server answers. Check the operator's role."
                + " After three minutes, /livez fails.");
  }

  private void restartIfItHelps() {
    boolean untrusted = contact.isUntrusted();
    if (untrusted && !warnedOfTrust) {
      log.warn(
          "The certificate of the API server is not trusted any more. The process starts again once"
              + " its CA file holds the new authority.");
    }
    warnedOfTrust = untrusted;
    // Without trust nothing is written ever again, so a token in hand is lost in any case.
    boolean stuck = contact.isSilentFor(WatchOutages.PATIENCE) && !holdsToken.getAsBoolean();
    if ((untrusted || stuck) && freshConnectionAnswers.getAsBoolean()) {
      restart.because("The API server answers a new connection, and none of this process.");
    }
  }

  /** Whether no watch is down for too long. */
  public boolean isAlive() {
    return !restart.isDue() && !outages.isOverdue(steady.instant());
  }

  @Override
  public void close() {
    closing.countDown();
  }
}
