package com.trackunit.iris.operator.controller;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.function.UnaryOperator;

/**
 * Item store of one watch on Secrets. Replaces the values of each Secret by fingerprints before it
 * is stored.
 *
 * <p>Must not be shared: at each list, a watch removes every item of its store that is not in that
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
