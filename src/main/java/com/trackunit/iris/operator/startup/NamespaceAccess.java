package com.trackunit.iris.operator.startup;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until the operator gets its rights in the namespaces that it could not watch at the start.
 *
 * <p>Watches are created at the start only. A start costs no token request and no write, so the
 * process restarts as soon as it can watch one of these namespaces.
 */
public final class NamespaceAccess implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NamespaceAccess.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(15);

  private final CountDownLatch closing = new CountDownLatch(1);
  private final KubernetesClient client;

  public NamespaceAccess(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Starts to wait in the background; does nothing if the set is empty.
   *
   * @param closed namespaces in which the operator has no rights yet
   * @param restartProcess called once, to restart the process
   */
  public void await(Set<String> closed, Runnable restartProcess) {
    if (!closed.isEmpty()) {
      log.atWarn()
          .addKeyValue("namespaces", String.join(",", closed))
          .log(
              "The operator may not list IrisCredentials in some namespaces, and serves the others. It restarts once its role is there; if there are no such namespaces, correct IRIS_NAMESPACES.");
      Thread.ofPlatform()
          .daemon()
          .name("late-namespaces")
          .start(() -> poll(closed, restartProcess));
    }
  }

  private void poll(Set<String> closed, Runnable restartProcess) {
    try {
      while (!closing.await(BETWEEN_LOOKS.toSeconds(), TimeUnit.SECONDS)) {
        if (closed.stream().anyMatch(this::isOpen)) {
          log.info(
              "The operator may list IrisCredentials in another of its namespaces, and restarts.");
          restartProcess.run();
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isOpen(String namespace) {
    try {
      return PreflightCheck.mayList(client, namespace);
    } catch (KubernetesClientException e) {
      log.atDebug()
          .addKeyValue("namespace", namespace)
          .addKeyValue("code", e.getCode())
          .log("It is not known yet whether the operator may list IrisCredentials.");
      return false;
    }
  }

  @Override
  public void close() {
    closing.countDown();
  }
}
