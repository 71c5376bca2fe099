package com.trackunit.iris.operator.metrics;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.processing.Controller;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Wraps the framework's metrics and ignores their exceptions.
 *
 * <p>The framework calls its metrics on the timer thread that requeues all credentials. An
 * exception there would end this thread, and no credential would be requeued again.
 */
public final class GuardedMetrics implements Metrics {
  private final Metrics metrics;

  public GuardedMetrics(Metrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void controllerRegistered(Controller<? extends HasMetadata> controller) {
    guarded(() -> metrics.controllerRegistered(controller));
  }

  @Override
  public void eventReceived(Event event, Map<String, Object> metadata) {
    guarded(() -> metrics.eventReceived(event, metadata));
  }

  @Override
  public void cleanupDone(ResourceID resourceID, Map<String, Object> metadata) {
    guarded(() -> metrics.cleanupDone(resourceID, metadata));
  }

  @Override
  public void reconciliationSubmitted(
      HasMetadata resource, @Nullable RetryInfo retryInfo, Map<String, Object> metadata) {
    guarded(() -> metrics.reconciliationSubmitted(resource, retryInfo, metadata));
  }

  @Override
  public void reconciliationStarted(HasMetadata resource, Map<String, Object> metadata) {
    guarded(() -> metrics.reconciliationStarted(resource, metadata));
  }

  @Override
  public void reconciliationFailed(
      HasMetadata resource,
      @Nullable RetryInfo retryInfo,
      Exception exception,
      Map<String, Object> metadata) {
    guarded(() -> metrics.reconciliationFailed(resource, retryInfo, exception, metadata));
  }

  @Override
  public void reconciliationSucceeded(HasMetadata resource, Map<String, Object> metadata) {
    guarded(() -> metrics.reconciliationSucceeded(resource, metadata));
  }

  @Override
  public void reconciliationFinished(
      HasMetadata resource, @Nullable RetryInfo retryInfo, Map<String, Object> metadata) {
    guarded(() -> metrics.reconciliationFinished(resource, retryInfo, metadata));
  }

  @Override
  public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
    return metrics.timeControllerExecution(execution);
  }

  private static void guarded(Runnable metric) {
    try {
      metric.run();
    } catch (RuntimeException e) {
      // A lost sample does less harm than a dead timer thread.
    }
  }
}
