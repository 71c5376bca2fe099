package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.IrisCredential;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.Set;

/**
 * Asks the API server for one credential before anything is started, so that what is wrong can be
 * said in one sentence.
 */
final class FirstCall {
  private static final ListOptions ONE = new ListOptionsBuilder().withLimit(1L).build();

  private FirstCall() {}

  /** Why the operator cannot work; nothing when it can. */
  static Optional<String> problem(KubernetesClient client, Set<String> namespaces) {
    try {
      var credentials = client.resources(IrisCredential.class);
      if (namespaces.isEmpty()) {
        credentials.inAnyNamespace().list(ONE);
      }
      namespaces.forEach(namespace -> credentials.inNamespace(namespace).list(ONE));
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return Optional.of(sentence(client.getConfiguration().getMasterUrl(), e.getCode()));
    }
  }

  /** What an answer with this HTTP status means; 0: there was none. */
  static String sentence(String server, int code) {
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
