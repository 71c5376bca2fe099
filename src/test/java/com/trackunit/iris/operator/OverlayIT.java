package com.trackunit.iris.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.support.ApiCall;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.OperatorProcess;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The operator with the rights and the environment of each overlay: enough, and no more. */
class OverlayIT {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration A_WHILE = Duration.ofSeconds(3);

  private final ControlPlane plane = ControlPlane.get();
  private final FakeAuthorizationServer server = FakeAuthorizationServer.start();
  private final String inside = plane.newNamespace();
  private final String outside = plane.newNamespace();

  @AfterEach
  void end() {
    server.close();
  }

  @Test
  void namespacedServesTheNamespacesItNamesAndNoOther() {
    String home = plane.newNamespace();
    List<HasMetadata> objects = overlay("namespaced", home);
    assertThat(objects).extracting(HasMetadata::getKind).doesNotContain("ClusterRoleBinding");
    objects.stream()
        .filter(
            object -> Set.of("ServiceAccount", "Role", "RoleBinding").contains(object.getKind()))
        .forEach(object -> plane.admin().resource(object).create());
    long mark = plane.audit().mark();

    try (OperatorProcess operator = start(objects, plane.operatorKubeconfig(home), home)) {
      order(inside);
      order(outside);
      awaitReady(inside);
      await().during(A_WHILE).atMost(A_WHILE.multipliedBy(2)).until(() -> ready(outside).isEmpty());
      assertThat(operator.isReady()).isTrue();
    }

    List<ApiCall> calls =
        calls(mark, "system:serviceaccount:" + home + ":iris-credential-operator");
    assertThat(calls).isNotEmpty().noneMatch(call -> call.code() == 403);
    assertThat(calls).noneMatch(call -> call.namespace().equals(outside));
  }

  @Test
  void clusterWideServesAll() {
    List<HasMetadata> objects = overlay("cluster-wide", "iris-system");
    long mark = plane.audit().mark();

    try (OperatorProcess operator = start(objects, plane.operatorKubeconfig(), "iris-system")) {
      order(inside);
      order(outside);
      awaitReady(inside);
      awaitReady(outside);
      assertThat(operator.isReady()).isTrue();
    }

    assertThat(calls(mark, ControlPlane.OPERATOR))
        .isNotEmpty()
        .noneMatch(call -> call.code() == 403);
  }

  /** What an overlay says, with other names for the namespaces. */
  private List<HasMetadata> overlay(String name, String home) {
    String yaml =
        plane
            .kubectl("kustomize", "deploy/overlays/" + name)
            .stdout()
            .replace("iris-system", home)
            .replace("integrations", inside);
    return plane
        .admin()
        .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
        .items();
  }

  private OperatorProcess start(List<HasMetadata> objects, Path kubeconfig, String home) {
    Map<String, String> environment = new HashMap<>();
    objects.stream()
        .filter(Deployment.class::isInstance)
        .map(Deployment.class::cast)
        .flatMap(
            deployment -> deployment.getSpec().getTemplate().getSpec().getContainers().stream())
        .flatMap(container -> container.getEnv().stream())
        .filter(variable -> variable.getValue() != null)
        .forEach((EnvVar variable) -> environment.put(variable.getName(), variable.getValue()));
    assertThat(environment).containsEntry("IRIS_LEADER_ELECTION", "true");
    environment.put("POD_NAMESPACE", home);
    environment.put("POD_NAME", "operator-of-" + home);
    environment.put("KUBECONFIG", kubeconfig.toString());
    environment.put("IRIS_TOKEN_URL", server.url().toString());
    OperatorProcess operator = OperatorProcess.start(environment);
    await().atMost(START).until(operator::isReady);
    return operator;
  }

  private void order(String namespace) {
    String yaml =
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
        """;
    assertThat(plane.kubectlWithInput(yaml, "apply", "-n", namespace, "-f", "-").stderr())
        .isEmpty();
  }

  private void awaitReady(String namespace) {
    await(namespace).atMost(START).until(() -> ready(namespace).equals("True"));
  }

  private String ready(String namespace) {
    return plane
        .admin()
        .resources(IrisCredential.class)
        .inNamespace(namespace)
        .withName("fleet")
        .get()
        .statusOrNone()
        .condition("Ready")
        .map(Condition::status)
        .orElse("");
  }

  private List<ApiCall> calls(long mark, String user) {
    return plane.audit().since(mark, user);
  }
}
