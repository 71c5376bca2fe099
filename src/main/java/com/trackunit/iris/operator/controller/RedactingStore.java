package com.trackunit.iris.operator.controller;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.function.UnaryOperator;

/**
 * Where a watch keeps its Secrets: without their secrets, which are dropped on arrival.
 *
 * <p>Serves one watch only: a watch forgets on each list whatever is in its store and not in that
 * list.
 */
final class RedactingStore extends BasicItemStore<Secret> {
  private final UnaryOperator<Secret> reduction;

  RedactingStore(UnaryOperator<Secret> reduction) {
    super(Cache::metaNamespaceKeyFunc);
    this.reduction = reduction;
  }

  @Override
  public Secret put(String key, Secret secret) {
    return super.put(key, reduction.apply(secret));
  }
}
