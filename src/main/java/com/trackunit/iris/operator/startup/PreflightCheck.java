package com.trackunit.iris.operator.startup;

import com.trackunit.iris.operator.health.NamespaceProbe;
import com.trackunit.iris.operator.health.Right;
import com.trackunit.iris.operator.net.ApiServerProxy;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Tries what each namespace needs before anything is started, so that an error can be reported in
 * one sentence, and a namespace that lacks its rights keeps no other waiting.
 */
public final class PreflightCheck {
  private PreflightCheck() {}

  /**
   * The namespaces that can be served.
   *
   * @param open these namespaces; empty: the whole cluster
   * @param closed the namespaces in which the operator lacks rights, perhaps because they do not
   *     exist, and what is missing there
   */
  public record Answer(Set<String> open, Map<String, Set<Right>> closed) {}

  /**
   * Runs the check.
   *
   * @param namespaces the namespaces to watch; empty: the whole cluster
   * @throws IllegalStateException if nothing can be watched; the message says why and what to do
   */
  public static Answer ask(KubernetesClient client, NamespaceProbe probe, Set<String> namespaces) {
    Set<String> open = new TreeSet<>();
    Map<String, Set<Right>> closed = new TreeMap<>();
    Set<String> wanted =
        namespaces.isEmpty() ? Set.of(Constants.WATCH_ALL_NAMESPACES) : new TreeSet<>(namespaces);
    for (String namespace : wanted) {
      NamespaceProbe.Access access = probe.ask(namespace);
      if (access.code() != HttpURLConnection.HTTP_OK) {
        throw problem(client, access.code(), "");
      }
      if (access.isComplete()) {
        open.add(namespace);
      } else {
        closed.put(namespace, access.missing());
      }
    }
    if (open.isEmpty()) {
      String right = closed.values().iterator().next().iterator().next().toString();
      throw problem(client, HttpURLConnection.HTTP_FORBIDDEN, right);
    }
    return new Answer(namespaces.isEmpty() ? Set.of() : open, closed);
  }

  private static IllegalStateException problem(KubernetesClient client, int code, String right) {
    Config kubernetes = client.getConfiguration();
    String proxy = ApiServerProxy.of(kubernetes).orElse("");
    return new IllegalStateException(sentence(kubernetes.getMasterUrl(), proxy, code, right));
  }

  /**
   * The sentence for a response with this HTTP status; 0 or less: there was none.
   *
   * @param proxy the proxy that the call used, empty when there was none
   * @param right the right that is missing, for 403
   */
  static String sentence(String server, String proxy, int code, String right) {
    if (code <= 0 && !proxy.isEmpty()) {
      return "The Kubernetes API server %s does not answer through the proxy %s. Name it in NO_PROXY if it is reached without one; else check HTTPS_PROXY, KUBECONFIG and the network."
          .formatted(server, proxy);
    }
    if (code <= 0) {
      return "The Kubernetes API server %s does not answer. Check KUBECONFIG and the network."
          .formatted(server);
    }
    return switch (code) {
      case HttpURLConnection.HTTP_NOT_FOUND ->
          "The Kubernetes API server %s does not know IrisCredential. Install it with kubectl apply -k crds."
              .formatted(server);
      case HttpURLConnection.HTTP_UNAUTHORIZED ->
          "The Kubernetes API server %s does not accept the operator's own login. Check KUBECONFIG."
              .formatted(server);
      case HttpURLConnection.HTTP_FORBIDDEN ->
          "The operator may not %s at %s. Check its role, or name its namespaces in IRIS_NAMESPACES."
              .formatted(right, server);
      default -> "The Kubernetes API server %s answered HTTP %d.".formatted(server, code);
    };
  }
}
