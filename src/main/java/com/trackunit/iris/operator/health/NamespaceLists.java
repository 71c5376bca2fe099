package com.trackunit.iris.operator.health;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks for one credential of each watched namespace, and remembers what was answered: which
 * resource version the cluster has, or why there was none.
 */
public final class NamespaceLists {
  private final Function<String, @Nullable String> versionOf;
  private final Set<String> namespaces;
  private final Map<String, String> versions = new HashMap<>();
  private final Map<String, Integer> codes = new HashMap<>();

  /**
   * Prepares the lists.
   *
   * @param versionOf lists one credential of a namespace and returns the cluster's resource version
   * @param namespaces that are watched; empty: all of the cluster
   */
  public NamespaceLists(Function<String, @Nullable String> versionOf, Set<String> namespaces) {
    this.versionOf = versionOf;
    this.namespaces = namespaces.isEmpty() ? Set.of(Constants.WATCH_ALL_NAMESPACES) : namespaces;
  }

  /**
   * Asks in these namespaces, and in others until one of them is answered with a list.
   *
   * @param restart is told when resource versions went back
   */
  void ask(Set<String> wanted, Restart restart) {
    codes.clear();
    wanted.forEach(namespace -> ask(namespace, restart));
    for (String namespace : namespaces) {
      boolean away = codes.values().stream().anyMatch(code -> code <= 0);
      if (away || codes.containsValue(HttpURLConnection.HTTP_OK)) {
        return;
      }
      if (!codes.containsKey(namespace)) {
        ask(namespace, restart);
      }
    }
  }

  private void ask(String namespace, Restart restart) {
    try {
      String version = versionOf.apply(namespace);
      restart.unlessNewer(versions.get(namespace), version, "the list of IrisCredentials");
      versions.put(namespace, version);
      codes.put(namespace, HttpURLConnection.HTTP_OK);
    } catch (KubernetesClientException e) {
      codes.put(namespace, e.getCode());
    }
  }

  /**
   * Whether a watch in this namespace has no excuse for being down: the API server answered. Its
   * role, or the whole resource, may be gone for good or not there yet; then the other namespaces
   * are served on.
   */
  boolean couldServe(String namespace) {
    int code = codes.getOrDefault(namespace, 0);
    return switch (code) {
      case HttpURLConnection.HTTP_NOT_FOUND -> false;
      case HttpURLConnection.HTTP_FORBIDDEN -> !codes.containsValue(HttpURLConnection.HTTP_OK);
      default -> code > 0 && code < HttpURLConnection.HTTP_INTERNAL_ERROR;
    };
  }
}
