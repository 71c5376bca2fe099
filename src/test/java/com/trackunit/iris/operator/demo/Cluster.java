package com.trackunit.iris.operator.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.support.InProcessApiServer;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One namespace of an API server within this process, and what a person does there with kubectl.
 */
final class Cluster {
  static final String NAMESPACE = "integrations";
  static final String LOGIN = "fleet-api-user";
  static final String CREDENTIAL = "fleet-sync";
  static final String TARGET = "fleet-sync-token";

  private final InProcessApiServer server;
  private final KubernetesClient kubectl;

  private Cluster(InProcessApiServer server) {
    this.server = server;
    this.kubectl = server.client();
  }

  static Cluster start() {
    return new Cluster(InProcessApiServer.start());
  }

  /** How to reach the API server; a copy that its reader may change. */
  Config config() {
    return server.config();
  }

  void applyLogin(String password) {
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(NAMESPACE)
            .withName(LOGIN)
            .addToLabels("iris.trackunit.com/credentials", "true")
            .endMetadata()
            .addToData("username", encoded("fleet-sync@example.com"))
            .addToData("password", encoded(password))
            .addToData("client_id", encoded("fleet"))
            .addToData("client_secret", encoded("fleet-secret"))
            .build();
    kubectl.resource(secret).createOr(NonDeletingOperation::update);
  }

  void applyCredential() {
    String manifest =
        """
        apiVersion: iris.trackunit.com/v1
        kind: IrisCredential
        metadata: {name: %s, namespace: %s}
        spec:
          credentialsSecretRef: {name: %s}
        """
            .formatted(CREDENTIAL, NAMESPACE, LOGIN);
    kubectl.resource(Serialization.unmarshal(manifest, IrisCredential.class)).create();
  }

  void deleteTarget() {
    kubectl.secrets().inNamespace(NAMESPACE).withName(TARGET).delete();
  }

  /** What the target Secret has under a key, if it is there. */
  Optional<String> target(String key) {
    return Optional.ofNullable(kubectl.secrets().inNamespace(NAMESPACE).withName(TARGET).get())
        .map(Secret::getData)
        .map((Map<String, String> data) -> data.get(key))
        .map(value -> new String(Base64.getDecoder().decode(value), UTF_8));
  }

  List<Condition> conditions() {
    List<Condition> conditions =
        kubectl
            .resources(IrisCredential.class)
            .inNamespace(NAMESPACE)
            .withName(CREDENTIAL)
            .require()
            .statusOrNone()
            .conditions();
    return Objects.requireNonNullElse(conditions, List.of());
  }

  Optional<Event> lastEvent() {
    return kubectl.events().v1().events().inNamespace(NAMESPACE).list().getItems().stream()
        .max(Comparator.comparing(event -> event.getEventTime().getTime()));
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
