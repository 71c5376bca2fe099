package com.trackunit.iris.operator.controller;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * Reads objects without their {@code managedFields}, which nobody here asks for and which would be
 * most of what a watched credential takes of the memory. The API server keeps them when a write
 * does not speak of them.
 */
final class LeanSerialization {
  private LeanSerialization() {}

  @JsonIgnoreProperties("managedFields")
  private interface WithoutManagedFields {}

  static KubernetesSerialization create() {
    ObjectMapper mapper = new ObjectMapper();
    mapper.addMixIn(ObjectMeta.class, WithoutManagedFields.class);
    return new KubernetesSerialization(mapper, true);
  }
}
