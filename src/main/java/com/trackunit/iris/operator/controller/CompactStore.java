package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.secret.ReducedMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Arrays;
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

  /**
   * Creates a store.
   *
   * @param json may be shared by several stores
   */
  CompactStore(UnaryOperator<Secret> reduction, CompressedJson<Secret> json) {
    this.reduction = reduction;
    this.json = json;
  }

  @Override
  public String getKey(Secret secret) {
    return Cache.metaNamespaceKeyFunc(secret);
  }

  /**
   * Also leaves nothing but identity and version in the given Secret. The watch announces this
   * object to its handlers, and thousands of them wait in a queue while it starts.
   *
   * @return what was stored before, as far as a watch needs it: its name, and the given version if
   *     nothing has changed, or else an older one
   */
  @Override
  public @Nullable Secret put(String key, Secret secret) {
    byte[] packed = json.pack(reduction.apply(secret));
    secret.setData(null);
    secret.setMetadata(ReducedMetadata.identity(secret.getMetadata()));
    byte[] before = items.put(key, packed);
    if (before == null) {
      return null;
    }
    return Arrays.equals(before, packed) ? secret : named(key);
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
   * The namespace and the name of each Secret, and a version older than any other. A watch lists
   * its store to find deleted objects only, and thousands of whole objects would not fit in memory.
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
        .withResourceVersion("0")
        .endMetadata()
        .build();
  }

  @Override
  public int size() {
    return items.size();
  }

  /** Announces each Secret as it was listed. Else each would be unpacked again to be announced. */
  @Override
  public boolean isFullState() {
    return false;
  }
}
