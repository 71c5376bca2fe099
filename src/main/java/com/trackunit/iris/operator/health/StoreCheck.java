package com.trackunit.iris.operator.health;

import com.trackunit.iris.operator.health.MetadataReader.Listed;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares the caches of a namespace with what the API server lists, after a watch came back there.
 *
 * <p>A watch goes on from the last version that it told of. If etcd was restored meanwhile and has
 * passed that version again, the watch tells neither of the restored objects nor of what was
 * written before it passed it.
 */
public final class StoreCheck {
  /** How long a watch may lag behind a list. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  private final MetadataReader reader;
  private final List<CachedList> caches;
  private final Restart restart;
  private final Map<String, Pending> pending = new HashMap<>();

  /** The newest version from which a watch of a resource went on. */
  private final Map<String, String> resumed = new HashMap<>();

  /**
   * Creates the check.
   *
   * @param caches what the watches keep
   */
  public StoreCheck(MetadataReader reader, List<CachedList> caches, Restart restart) {
    this.reader = reader;
    this.caches = caches;
    this.restart = restart;
  }

  /**
   * A namespace to compare.
   *
   * @param differences what differed at the first comparison
   */
  private record Pending(Instant due, Set<Difference> differences) {}

  /**
   * An object whose cached version differs from the listed one.
   *
   * @param cached empty: not cached
   * @param listed empty: not listed
   */
  record Difference(String resource, ResourceID object, String cached, String listed) {
    boolean isOlder() {
      return ResourceVersions.isOlder(listed, cached);
    }

    String name() {
      return resource + " " + object.getNamespace().orElse("") + "/" + object.getName();
    }
  }

  /**
   * Compares the namespaces in which a watch came back, and a minute later those that differed.
   *
   * @param returned the watches, each with the version from which it went on
   * @param failing namespaces in which a watch is still down; they are compared later
   */
  void look(Map<WatchRequest, String> returned, Set<String> failing, Instant now) {
    returned.forEach(
        (watch, version) -> {
          pending.put(watch.namespace(), new Pending(now, Set.of()));
          resumed.merge(watch.resource(), version, StoreCheck::newer);
        });
    Set<String> due =
        pending.entrySet().stream()
            .filter(entry -> !entry.getValue().due().isAfter(now))
            .map(Map.Entry::getKey)
            .filter(namespace -> !failing.contains(namespace))
            .collect(Collectors.toSet());
    due.forEach(namespace -> compare(namespace, now));
  }

  private void compare(String namespace, Instant now) {
    Set<Difference> differences = new HashSet<>();
    for (CachedList cache : caches) {
      Optional<Set<Difference>> found = compare(cache, namespace);
      if (found.isEmpty()) {
        return;
      }
      differences.addAll(found.get());
    }
    judge(namespace, differences, now);
  }

  // Empty: the list failed, and is repeated at the next check.
  private Optional<Set<Difference>> compare(CachedList cache, String namespace) {
    // The cache is read first, so every version in it is one that the list must have reached.
    Map<ResourceID, String> cached = cache.versions().apply(namespace);
    Listed listed = reader.list(NamespaceProbe.path(cache.resource(), namespace), cache.selector());
    if (listed.code() != HttpURLConnection.HTTP_OK) {
      return Optional.empty();
    }
    String newest =
        cached.values().stream()
            .reduce(resumed.getOrDefault(cache.resource(), ""), StoreCheck::newer);
    restart.ifOlder(newest, listed.version(), "the list of " + cache.resource());
    return Optional.of(between(cache.resource(), cached, listed.versions()));
  }

  private static String newer(String one, String other) {
    return one.isEmpty() || ResourceVersions.isOlder(one, other) ? other : one;
  }

  private void judge(String namespace, Set<Difference> differences, Instant now) {
    differences.stream()
        .filter(Difference::isOlder)
        .forEach(older -> restart.ifOlder(older.cached(), older.listed(), older.name()));
    Pending before = pending.remove(namespace);
    if (before == null || differences.isEmpty()) {
      return;
    }
    if (before.differences().isEmpty()) {
      pending.put(namespace, new Pending(now.plus(PATIENCE), differences));
    } else if (differences.stream().anyMatch(before.differences()::contains)) {
      restart.wantedBecause(
          "A watch in %s does not tell what a list shows, as after a restore of etcd."
              .formatted(NamespaceProbe.shown(namespace)));
    }
  }

  static Set<Difference> between(
      String resource, Map<ResourceID, String> cached, Map<ResourceID, String> listed) {
    return Stream.concat(cached.keySet().stream(), listed.keySet().stream())
        .distinct()
        .map(
            id ->
                new Difference(
                    resource, id, cached.getOrDefault(id, ""), listed.getOrDefault(id, "")))
        .filter(difference -> !difference.cached().equals(difference.listed()))
        .collect(Collectors.toSet());
  }
}
