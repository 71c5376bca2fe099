package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.OperatorProcess;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A watched namespace in which the operator has no right yet. */
class LateNamespacesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ControlPlane plane = ControlPlane.another();
  private final FakeAuthorizationServer server = FakeAuthorizationServer.start();

  @AfterEach
  void close() {
    server.close();
    plane.close();
  }

  @Test
  void servesTheOthersAndBeginsAnewWithTheLateOneOnceItMay() {
    takeAllRights();
    kubectl("create", "namespace", "early");
    allow("early");
    order("early");
    try (OperatorProcess operator = start()) {
      await().atMost(PATIENCE).until(() -> hasToken("early"));
      assertThat(operator.get("/livez")).startsWith("200");

      kubectl("create", "namespace", "late");
      order("late");
      allow("late");
      assertThat(operator.isGoneWithin(PATIENCE)).isTrue();
      assertThat(operator.exitCode()).isZero();
      assertThat(operator.printed()).contains("namespaces=\"late\"", "and restarts.");
    }

    try (OperatorProcess _ = start()) {
      await().atMost(PATIENCE).until(() -> hasToken("late"));
    }
    assertThat(server.questions()).hasSize(2);
  }

  @Test
  void doesNotStartWhenItMayNowhere() {
    takeAllRights();

    try (OperatorProcess operator = start()) {
      assertThat(operator.isGoneWithin(PATIENCE)).isTrue();
      assertThat(operator.exitCode()).isEqualTo(1);
      assertThat(operator.printed()).contains("The operator may not list IrisCredentials at");
    }
  }

  private void takeAllRights() {
    kubectl("delete", "clusterrole,clusterrolebinding", "iris-credential-operator");
  }

  private OperatorProcess start() {
    return OperatorProcess.start(
        Map.of(
            "KUBECONFIG",
            plane.operatorKubeconfig().toString(),
            "IRIS_TOKEN_URL",
            server.url().toString(),
            "IRIS_NAMESPACES",
            "early,late"));
  }

  private void allow(String namespace) {
    String role = kubectl("kustomize", "deploy/overlays/namespaced/watched");
    apply(namespace, role);
  }

  private void order(String namespace) {
    apply(
        namespace,
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: login}
        stringData: {username: user, password: password, client_id: id, client_secret: secret}
        ---
        apiVersion: iris.trackunit.com/v1
        kind: IrisCredential
        metadata: {name: fleet}
        spec: {credentialsSecretRef: {name: login}}
        """);
  }

  private void apply(String namespace, String yaml) {
    CommandResult result = plane.kubectlWithInput(yaml, "apply", "-n", namespace, "-f", "-");
    assertThat(result.exitCode()).as(result.stderr()).isZero();
  }

  private String kubectl(String... arguments) {
    CommandResult result = plane.kubectl(arguments);
    assertThat(result.exitCode()).as(result.stderr()).isZero();
    return result.stdout();
  }

  private boolean hasToken(String namespace) {
    return plane.admin().secrets().inNamespace(namespace).withName("fleet-token").get() != null;
  }
}
