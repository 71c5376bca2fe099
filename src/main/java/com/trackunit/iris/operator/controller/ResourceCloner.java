package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.IrisCredential;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.config.Cloner;

/**
 * Copies what comes out of a cache.
 *
 * <p>The framework's own way is JSON and back, for each reconciliation, and would lose what a
 * credential remembers of its unreadable fields.
 */
public record ResourceCloner(KubernetesSerialization serialization) implements Cloner {
  @Override
  @SuppressWarnings("unchecked") // A copy has the class of the original.
  public <R extends HasMetadata> R clone(R object) {
    return object instanceof IrisCredential credential
        ? (R) credential.copy()
        : serialization.clone(object);
  }
}
