package com.trackunit.iris.operator.leader;

import com.trackunit.iris.operator.time.TimeSource;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Elects one of several replicas as the leader with a Lease: acquires it, renews it and releases
 * it.
 *
 * <p>A replica that could not renew the Lease in time stops acting and exits, well before another
 * one may acquire it. The framework's own election compares the clocks of two machines, detects a
 * loss only after a hanging call ends, and checks for a released Lease no more often than it renews
 * its own.
 */
final class LeaderElector implements Leadership {
  private static final Logger log = LoggerFactory.getLogger(LeaderElector.class);

  /** How long the other replicas wait for a leader that does not renew. */
  private static final Duration LEASE_DURATION = Duration.ofSeconds(15);

  /** How long a leader acts without a successful renewal. */
  private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);

  private static final Duration RENEW_INTERVAL = Duration.ofSeconds(2);
  private static final Duration RETRY_PERIOD = Duration.ofSeconds(1);
  private static final Duration LAST_TURN = Duration.ofSeconds(1);
  private static final Duration GIVEN_BACK = Duration.ofSeconds(1);

  private final CountDownLatch closing = new CountDownLatch(1);
  private final LeaseClient leases;
  private final String replica;
  private final TimeSource time;
  private final Runnable end;
  private @Nullable Thread thread;
  private @Nullable ObservedLease observed;
  private volatile boolean leading;
  private volatile Instant heldUntil = Instant.MIN;

  /**
   * @param replica the identity of this replica
   * @param end ends the process; called when the Lease is lost
   */
  LeaderElector(LeaseClient leases, String replica, TimeSource time, Runnable end) {
    this.leases = leases;
    this.replica = replica;
    this.time = time;
    this.end = end;
  }

  @Override
  public Optional<String> problem() {
    return leases.problem();
  }

  @Override
  public void start(Runnable lead) {
    thread = Thread.ofPlatform().daemon().name("leader-election").start(() -> run(lead));
  }

  @Override
  public boolean isHeld() {
    return leading && time.steady().isBefore(heldUntil);
  }

  private void run(Runnable lead) {
    try {
      do {
        contend(lead);
      } while (!closing.await(
          (leading ? RENEW_INTERVAL : RETRY_PERIOD).toMillis(), TimeUnit.MILLISECONDS));
    } catch (RuntimeException | Error | InterruptedException surprise) {
      // Without this thread, the loss of the Lease would not be detected.
      lost("The election failed: " + surprise.getClass().getName() + ".");
    }
  }

  private void contend(Runnable lead) {
    Instant now = time.steady();
    if (leading && !isHeld()) {
      lost("It was not renewed within %d s.".formatted(RENEW_DEADLINE.toSeconds()));
      return;
    }
    try {
      Lease seen = leases.read();
      if (isMine(seen, now)) {
        leases.write(seen, replica, LEASE_DURATION, time.instant());
        heldUntil = now.plus(RENEW_DEADLINE);
        lead(lead);
      }
    } catch (KubernetesClientException e) {
      // If two replicas saw a free Lease, the slower one gets a 409 and becomes standby at its next
      // attempt.
      boolean another = e.getCode() == HttpURLConnection.HTTP_CONFLICT && !leading;
      log.atLevel(another ? Level.DEBUG : Level.WARN)
          .addKeyValue("lease", leases)
          .addKeyValue("code", e.getCode())
          .log("The lease could not be read or written; trying again.");
    }
  }

  private boolean isMine(@Nullable Lease seen, Instant now) {
    ObservedLease before = observed;
    observed = seen == null ? null : ObservedLease.of(seen, before, now);
    if (observed != null && observed.isOlderThan(before)) {
      lost("Its resource version went back, as after a restore of etcd.");
      return false;
    }
    if (observed == null || observed.isFreeFor(replica, now)) {
      return true;
    }
    if (leading) {
      lost("%s took it.".formatted(observed.holder()));
    }
    if (before == null || !before.holder().equals(observed.holder())) {
      log.atInfo().addKeyValue("leader", observed.holder()).log("This replica stands by.");
    }
    return false;
  }

  private void lead(Runnable lead) {
    boolean stays = closing.getCount() > 0;
    if (!leading && stays) {
      leading = true;
      log.atInfo().addKeyValue("lease", leases).log("This replica leads.");
      lead.run();
    }
  }

  private void lost(String why) {
    leading = false;
    closing.countDown();
    log.error("The lease {} is lost, so this replica ends. {}", leases, why);
    end.run();
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      boolean still = thread != null && thread.join(LAST_TURN) && isHeld();
      leading = false;
      Lease seen = still ? leases.read() : null;
      if (seen != null && ObservedLease.of(seen, null, time.steady()).holder().equals(replica)) {
        leases.write(seen, "", GIVEN_BACK, time.instant());
      }
    } catch (KubernetesClientException e) {
      // The Lease then expires by itself, only later.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    leases.close();
  }
}
