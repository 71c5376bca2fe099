package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.metrics.GuardedMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.monitoring.AggregatedMetrics;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;

/** Settings of the Java Operator SDK. */
public final class FrameworkSettings {
  // For everything but token requests, which wait on threads of their own number.
  private static final int THREADS = 16;
  private static final Duration TERMINATION_TIMEOUT = Duration.ofSeconds(3);

  private FrameworkSettings() {}

  /**
   * Applies the settings of the process.
   *
   * @param tokenRequests most token requests at a time, of all endpoints together: when all of them
   *     hang, the other credentials are reconciled all the same
   */
  public static void apply(
      ConfigurationServiceOverrider overrider,
      KubernetesClient client,
      Metrics metrics,
      LifecycleListener listener,
      int tokenRequests) {
    overrider
        .withKubernetesClient(client)
        .checkingCRDAndValidateLocalModel(false)
        .withUseSSAToPatchPrimaryResource(false)
        .withConcurrentReconciliationThreads(THREADS + tokenRequests)
        .withReconciliationTerminationTimeout(TERMINATION_TIMEOUT)
        .withResourceCloner(new ResourceCloner(client.getKubernetesSerialization()))
        .withMetrics(new AggregatedMetrics(List.of(new GuardedMetrics(metrics), listener)));
  }

  /**
   * Applies the settings of the controller.
   *
   * @param namespaces the namespaces to watch; empty: all
   * @param selector label selector of the credentials to watch
   */
  public static void apply(
      ControllerConfigurationOverrider<IrisCredential> overrider,
      Set<String> namespaces,
      String selector) {
    if (!namespaces.isEmpty()) {
      overrider.settingNamespaces(namespaces);
    }
    overrider
        .withLabelSelector(selector)
        .withInformerListLimit(SecretInformers.PAGE)
        // The framework retries only unexpected exceptions. Expected failures set their own requeue
        // delay.
        .withRetry(
            new GenericRetry()
                .setInitialInterval(Duration.ofSeconds(1))
                .setMaxInterval(60_000)
                .withoutMaxAttempts())
        .withReconciliationMaxInterval(Duration.ofMinutes(5))
        // The framework's own filter compares the generation only, which a renewal request does not
        // change.
        .withGenerationAware(false)
        .withOnUpdateFilter(SecretInformers::needsReconcile);
  }

  /**
   * Stops the timers of a stopped operator. The framework leaves them running, and a waiting one
   * wakes up a hundred times a second.
   */
  public static void stopTimers(Operator operator) {
    ScheduledExecutorService timers =
        operator.getConfigurationService().getExecutorServiceManager().scheduledExecutorService();
    if (timers != null) {
      timers.shutdownNow();
    }
  }
}
