package com.trackunit.iris.operator.metrics;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.processing.Controller;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes the framework's own metrics on, and its news of wake-ups and deletions to whom they
 * concern.
 *
 * <p>Never throws: an exception of a metric in the framework's timer thread would end that thread
 * and with it every wake-up.
 */
public final class FrameworkMetrics implements Metrics {
  private final Metrics metrics;
  private final Consumer<ResourceID> woken;
  private final Consumer<ResourceID> deleted;

  public FrameworkMetrics(
      Metrics metrics, Consumer<ResourceID> woken, Consumer<ResourceID> deleted) {
    this.metrics = metrics;
    this.woken = woken;
    this.deleted = deleted;
  }

  @Override
  public void controllerRegistered(Controller<? extends HasMetadata> controller) {
    metrics.controllerRegistered(controller);
  }

  @Override
  public void eventReceived(Event event, Map<String, Object> metadata) {
    woken.accept(event.getRelatedCustomResourceID());
    quietly(() -> metrics.eventReceived(event, metadata));
  }

  @Override
  public void cleanupDone(ResourceID resourceID, Map<String, Object> metadata) {
    deleted.accept(resourceID);
    quietly(() -> metrics.cleanupDone(resourceID, metadata));
  }

  @Override
  public void reconciliationSubmitted(
      HasMetadata resource, @Nullable RetryInfo retryInfo, Map<String, Object> metadata) {
    woken.accept(ResourceID.fromResource(resource));
    quietly(() -> metrics.reconciliationSubmitted(resource, retryInfo, metadata));
  }

  @Override
  public void reconciliationStarted(HasMetadata resource, Map<String, Object> metadata) {
    quietly(() -> metrics.reconciliationStarted(resource, metadata));
  }

  @Override
  public void reconciliationFailed(
      HasMetadata resource,
      @Nullable RetryInfo retryInfo,
      Exception exception,
      Map<String, Object> metadata) {
    quietly(() -> metrics.reconciliationFailed(resource, retryInfo, exception, metadata));
  }

  @Override
  public void reconciliationSucceeded(HasMetadata resource, Map<String, Object> metadata) {
    quietly(() -> metrics.reconciliationSucceeded(resource, metadata));
  }

  @Override
  public void reconciliationFinished(
      HasMetadata resource, @Nullable RetryInfo retryInfo, Map<String, Object> metadata) {
    quietly(() -> metrics.reconciliationFinished(resource, retryInfo, metadata));
  }

  @Override
  public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
    return metrics.timeControllerExecution(execution);
  }

  private static void quietly(Runnable metric) {
    try {
      metric.run();
    } catch (RuntimeException e) {
      // A metric that is lost is nothing against a timer that is.
    }
  }
}
