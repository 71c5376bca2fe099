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

/** How the Java Operator SDK is told to run the reconciler. */
public final class FrameworkSettings {
  private static final int THREADS = 16;
  private static final Duration LAST_STEPS = Duration.ofSeconds(3);

  private FrameworkSettings() {}

  /** Those of the process. */
  public static void apply(
      ConfigurationServiceOverrider overrider,
      KubernetesClient client,
      Metrics metrics,
      LifecycleListener listener) {
    overrider
        .withKubernetesClient(client)
        .checkingCRDAndValidateLocalModel(false)
        .withUseSSAToPatchPrimaryResource(false)
        .withConcurrentReconciliationThreads(THREADS)
        .withReconciliationTerminationTimeout(LAST_STEPS)
        .withResourceCloner(new ResourceCloner(client.getKubernetesSerialization()))
        .withMetrics(new AggregatedMetrics(List.of(new GuardedMetrics(metrics), listener)));
  }

  /**
   * Those of the controller.
   *
   * @param namespaces that are watched; empty: all
   * @param selector of the credentials that are watched
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
        // The framework retries surprises only; what is expected says itself when to look again.
        .withRetry(
            new GenericRetry()
                .setInitialInterval(Duration.ofSeconds(1))
                .setMaxInterval(60_000)
                .withoutMaxAttempts())
        .withReconciliationMaxInterval(Duration.ofMinutes(5))
        // The framework's own filter knows the generation alone, and a request to renew has none.
        .withGenerationAware(false)
        .withOnUpdateFilter(SecretInformers::isWorthALook);
  }

  /**
   * Ends the timers of an operator that was stopped: the framework leaves them running, and one
   * that waits wakes a hundred times a second.
   */
  public static void stopTimers(Operator operator) {
    ScheduledExecutorService timers =
        operator.getConfigurationService().getExecutorServiceManager().scheduledExecutorService();
    if (timers != null) {
      timers.shutdownNow();
    }
  }
}
