package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.IrisCredential;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.config.Cloner;

/**
 * Copies objects from a cache.
 *
 * <p>The framework's default converts to JSON and back at each reconciliation. That is slow, and
 * loses the credential's record of unreadable fields.
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
