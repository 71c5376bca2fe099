package com.trackunit.iris.operator.controller;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Item store of one watch on Secrets. Replaces the values of each Secret by fingerprints before it
 * is stored, and keeps it compressed.
 *
 * <p>Must not be shared: at each list, a watch removes every item of its store that is not in that
 * list.
 */
final class CompactStore implements ItemStore<Secret> {
  private final Map<String, byte[]> items = new ConcurrentHashMap<>();
  private final UnaryOperator<Secret> reduction;
  private final CompressedJson<Secret> json;

  CompactStore(UnaryOperator<Secret> reduction, KubernetesSerialization serialization) {
    this.reduction = reduction;
    this.json = new CompressedJson<>(serialization, Secret.class);
  }

  @Override
  public String getKey(Secret secret) {
    return Cache.metaNamespaceKeyFunc(secret);
  }

  @Override
  public @Nullable Secret put(String key, Secret secret) {
    return unpacked(items.put(key, json.pack(reduction.apply(secret))));
  }

  @Override
  public @Nullable Secret remove(String key) {
    return unpacked(items.remove(key));
  }

  @Override
  public @Nullable Secret get(String key) {
    return unpacked(items.get(key));
  }

  private @Nullable Secret unpacked(byte @Nullable [] packed) {
    return packed == null ? null : json.unpack(packed);
  }

  @Override
  public Stream<String> keySet() {
    return items.keySet().stream();
  }

  /**
   * The namespace and the name of each Secret, and nothing else of it. A watch lists its store to
   * find deleted objects only, and thousands of whole objects would not fit in memory.
   */
  @Override
  public Stream<Secret> values() {
    return items.keySet().stream().map(CompactStore::named);
  }

  private static Secret named(String key) {
    int slash = key.indexOf('/');
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(key.substring(0, slash))
        .withName(key.substring(slash + 1))
        .endMetadata()
        .build();
  }

  @Override
  public int size() {
    return items.size();
  }

  /** Announces each page of the first list at once, instead of all Secrets after the last page. */
  @Override
  public boolean isFullState() {
    return false;
  }
}
