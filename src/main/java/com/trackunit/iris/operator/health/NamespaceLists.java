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
 * Lists one credential of each watched namespace, and records the result: the resource version of
 * the cluster, or the HTTP status of the error.
 */
public final class NamespaceLists {
  private final Function<String, @Nullable String> versionOf;
  private final Set<String> namespaces;
  private final Map<String, String> versions = new HashMap<>();
  private final Map<String, Integer> codes = new HashMap<>();

  /**
   * Creates the lists; {@link #ask} sends them.
   *
   * @param versionOf lists one credential of a namespace and returns the cluster's resource version
   * @param namespaces the namespaces to watch; empty: all of the cluster
   */
  public NamespaceLists(Function<String, @Nullable String> versionOf, Set<String> namespaces) {
    this.versionOf = versionOf;
    this.namespaces = namespaces.isEmpty() ? Set.of(Constants.WATCH_ALL_NAMESPACES) : namespaces;
  }

  /**
   * Lists in these namespaces. Then lists in others until one list succeeds or the API server does
   * not answer.
   *
   * @param restart restarts the process when a resource version went back
   */
  void ask(Set<String> wanted, Restart restart) {
    codes.clear();
    wanted.forEach(namespace -> ask(namespace, restart));
    for (String namespace : namespaces) {
      boolean unreachable = codes.values().stream().anyMatch(code -> code <= 0);
      if (unreachable || codes.containsValue(HttpURLConnection.HTTP_OK)) {
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
   * Whether a watch in this namespace should work, because the API server answers there. A missing
   * role (403) or resource (404) may be permanent or temporary, and the other namespaces must still
   * be served. A 403 counts as missing only while another namespace answers 200.
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
