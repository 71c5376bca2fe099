package com.trackunit.iris.operator.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reports each wake-up and each deletion of a credential.
 *
 * <p>The framework offers only its metrics interface as a hook for these two; nothing is measured
 * here.
 *
 * @param woken called with the id of a credential that the framework is about to reconcile
 * @param deleted called with the id of a deleted credential
 */
public record LifecycleListener(Consumer<ResourceID> woken, Consumer<ResourceID> deleted)
    implements Metrics {
  @Override
  public void eventReceived(Event event, Map<String, Object> metadata) {
    woken.accept(event.getRelatedCustomResourceID());
  }

  @Override
  public void reconciliationSubmitted(
      HasMetadata resource, @Nullable RetryInfo retryInfo, Map<String, Object> metadata) {
    woken.accept(ResourceID.fromResource(resource));
  }

  @Override
  public void cleanupDone(ResourceID resourceID, Map<String, Object> metadata) {
    deleted.accept(resourceID);
  }
}
