package com.trackunit.iris.operator.health;

import com.trackunit.iris.operator.time.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks every few seconds, in one thread, what the watches do not tell: whether they work, which
 * rights are missing, and whether etcd was restored. Ends the process when only a restart helps.
 */
public final class ClusterProbe implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClusterProbe.class);

  /** How often the shipped operator looks. */
  public static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

  private static final int LOOKS_PER_WAITING = 3;
  private static final int LOOKS_PER_VERSION = 12;

  private final CountDownLatch closing = new CountDownLatch(1);
  private final WatchOutages outages = new WatchOutages();
  private final ClockJumps jumps;
  private final ServerContact contact;
  private final Namespaces namespaces;
  private final StoreCheck store;
  private final TimeSource time;
  private final Restart restart;
  private final BooleanSupplier holdsToken;
  private final BooleanSupplier freshConnectionAnswers;
  private final Runnable clockJumped;
  private final Duration betweenLooks;
  private int looks;
  private boolean warnedOfTrust;

  /**
   * What the checks ask and tell.
   *
   * @param holdsToken whether the write of a granted token is late; a restart would lose it
   * @param freshConnectionAnswers whether the API server answers a new connection that reads the CA
   *     file again
   * @param clockJumped called when the wall clock was set, or the machine had slept
   */
  public record Facts(
      BooleanSupplier holdsToken, BooleanSupplier freshConnectionAnswers, Runnable clockJumped) {}

  /**
   * Creates the checks; {@link #start} runs them.
   *
   * @param betweenLooks {@link #BETWEEN_LOOKS} in the shipped operator
   */
  public ClusterProbe(
      ServerContact contact,
      Namespaces namespaces,
      StoreCheck store,
      TimeSource time,
      Restart restart,
      Facts facts,
      Duration betweenLooks) {
    this.contact = contact;
    this.namespaces = namespaces;
    this.store = store;
    this.time = time;
    this.jumps = new ClockJumps(time.read());
    this.restart = restart;
    this.holdsToken = facts.holdsToken();
    this.freshConnectionAnswers = facts.freshConnectionAnswers();
    this.clockJumped = facts.clockJumped();
    this.betweenLooks = betweenLooks;
  }

  /**
   * Starts the checks.
   *
   * @param open the namespaces that are served; empty: the whole cluster
   * @param closed the namespaces that are not, and what is missing there
   */
  public void start(Set<String> open, Map<String, Set<Right>> closed) {
    namespaces.begin(open, closed);
    Thread.ofPlatform().daemon().name("cluster-probe").start(this::run);
  }

  private void run() {
    try {
      while (!closing.await(betweenLooks.toMillis(), TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException surprise) {
      // Without this thread, a dead watch would not be detected.
      restart.because("The check failed: " + surprise.getClass().getName() + ".");
    }
  }

  private void look() {
    readClocks();
    Set<WatchRequest> failing = contact.failingWatches();
    Set<String> troubled =
        failing.stream().map(WatchRequest::namespace).collect(Collectors.toSet());
    looks++;
    namespaces.askWhere(troubled);
    if (looks % LOOKS_PER_WAITING == 0) {
      namespaces.askWaiting();
    }
    if (looks % LOOKS_PER_VERSION == 0) {
      namespaces.compareVersions(restart);
    }
    Set<WatchRequest> down =
        failing.stream().filter(namespaces::isAnsweredAnew).collect(Collectors.toSet());
    outages.note(down, time.steady()).forEach(ClusterProbe::warn);
    store.look(contact.takeReturned(), troubled, time.steady());
    restartIfItHelps();
  }

  private void readClocks() {
    Duration jump = jumps.since(time.read());
    if (!jump.isZero()) {
      log.atWarn()
          .addKeyValue("jump", jump)
          .log("The clock jumped. All credentials are looked at now.");
      clockJumped.run();
    }
  }

  private static void warn(WatchRequest watch) {
    log.atWarn()
        .addKeyValue("watch", watch)
        .log(
            "A watch does not come back although the API server answers a new one. After three"
                + " minutes, /livez fails.");
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
    restart.endIfWanted(holdsToken.getAsBoolean(), time.steady());
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
