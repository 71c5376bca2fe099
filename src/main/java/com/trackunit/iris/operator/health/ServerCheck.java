package com.trackunit.iris.operator.health;

import com.trackunit.iris.operator.time.TimeSource;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks every few seconds whether the watches work and the API server answers, and restarts the
 * process when only a restart helps.
 */
public final class ServerCheck implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServerCheck.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);
  private static final int CHECKS_PER_LIST = 12;

  private final CountDownLatch closing = new CountDownLatch(1);
  private final WatchOutages outages = new WatchOutages();
  private final ServerContact contact;
  private final TimeSource time;
  private final Restart restart;
  private final BooleanSupplier holdsToken;
  private final BooleanSupplier freshConnectionAnswers;
  private int looks;
  private boolean warnedOfTrust;

  /**
   * Creates the check; {@link #start} runs it.
   *
   * @param holdsToken whether a token is granted but not yet written; a restart would lose it
   * @param freshConnectionAnswers whether the API server answers a new connection that reads the CA
   *     file again
   */
  public ServerCheck(
      ServerContact contact,
      TimeSource time,
      Restart restart,
      BooleanSupplier holdsToken,
      BooleanSupplier freshConnectionAnswers) {
    this.contact = contact;
    this.time = time;
    this.restart = restart;
    this.holdsToken = holdsToken;
    this.freshConnectionAnswers = freshConnectionAnswers;
  }

  /**
   * Starts the check.
   *
   * @param lists lists one credential of each namespace
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
      // Without this thread, a dead watch would not be detected.
      restart.because("The check failed: " + surprise.getClass().getName() + ".");
    }
  }

  private void look(NamespaceLists lists) {
    Set<WatchRequest> failing = contact.failingWatches();
    looks++;
    if (!failing.isEmpty() || looks % CHECKS_PER_LIST == 0) {
      lists.ask(failing.stream().map(WatchRequest::namespace).collect(Collectors.toSet()), restart);
    }
    Set<WatchRequest> down =
        failing.stream()
            .filter(watch -> lists.couldServe(watch.namespace()))
            .collect(Collectors.toSet());
    outages.note(down, time.steady()).forEach(ServerCheck::warn);
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
    // Without trust in the certificate no write can succeed, so the token is lost in any case.
    boolean stuck = contact.isSilentFor(WatchOutages.PATIENCE) && !holdsToken.getAsBoolean();
    if ((untrusted || stuck) && freshConnectionAnswers.getAsBoolean()) {
      restart.because("The API server answers a new connection, and none of this process.");
    }
  }

  /** Whether no restart is due and no watch is down for too long. */
  public boolean isAlive() {
    return !restart.isDue() && !outages.isOverdue(time.steady());
  }

  @Override
  public void close() {
    closing.countDown();
  }
}
