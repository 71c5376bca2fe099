package com.trackunit.iris.operator.startup;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.net.ApiServerProxy;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import java.net.HttpURLConnection;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Lists one credential of each namespace before anything is started, so that an error can be
 * reported in one sentence.
 */
public final class PreflightCheck {
  private static final ListOptions ONE = new ListOptionsBuilder().withLimit(1L).build();

  private PreflightCheck() {}

  /**
   * The namespaces that can be watched.
   *
   * @param open these namespaces; empty: the whole cluster
   * @param closed namespaces in which the operator has no rights yet, perhaps because they do not
   *     exist
   */
  public record Answer(Set<String> open, Set<String> closed) {}

  /**
   * Runs the check.
   *
   * @param namespaces the namespaces to watch; empty: the whole cluster
   * @throws IllegalStateException if nothing can be watched; the message says why and what to do
   */
  public static Answer ask(KubernetesClient client, Set<String> namespaces) {
    try {
      if (namespaces.isEmpty()) {
        client.resources(IrisCredential.class).inAnyNamespace().list(ONE);
        return new Answer(Set.of(), Set.of());
      }
      Set<String> open = new TreeSet<>(namespaces);
      open.removeIf(namespace -> !mayList(client, namespace));
      if (open.isEmpty()) {
        throw problem(client, HttpURLConnection.HTTP_FORBIDDEN);
      }
      Set<String> closed = new TreeSet<>(namespaces);
      closed.removeAll(open);
      return new Answer(open, closed);
    } catch (KubernetesClientException e) {
      throw problem(client, e.getCode());
    }
  }

  /**
   * Whether the operator may list credentials in this namespace.
   *
   * @throws KubernetesClientException if this is unknown
   */
  static boolean mayList(KubernetesClient client, String namespace) {
    try {
      client.resources(IrisCredential.class).inNamespace(namespace).list(ONE);
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return false;
      }
      throw e;
    }
  }

  /**
   * The resourceVersion of a list of credentials in this namespace.
   *
   * @throws KubernetesClientException if the list fails
   */
  public static @Nullable String version(KubernetesClient client, String namespace) {
    var all = client.resources(IrisCredential.class);
    return (namespace.equals(Constants.WATCH_ALL_NAMESPACES)
            ? all.inAnyNamespace().list(ONE)
            : all.inNamespace(namespace).list(ONE))
        .getMetadata()
        .getResourceVersion();
  }

  private static IllegalStateException problem(KubernetesClient client, int code) {
    Config kubernetes = client.getConfiguration();
    String proxy = ApiServerProxy.of(kubernetes).orElse("");
    return new IllegalStateException(sentence(kubernetes.getMasterUrl(), proxy, code));
  }

  /**
   * The sentence for a response with this HTTP status; 0 or less: there was none.
   *
   * @param proxy the proxy that the call used, empty when there was none
   */
  static String sentence(String server, String proxy, int code) {
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
          "The operator may not list IrisCredentials at %s. Check its role, or name its namespaces in IRIS_NAMESPACES."
              .formatted(server);
      default -> "The Kubernetes API server %s answered HTTP %d.".formatted(server, code);
    };
  }
}
