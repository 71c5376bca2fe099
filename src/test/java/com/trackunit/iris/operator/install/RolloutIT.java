package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.PlayedKubelet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Installed and started anew as the documentation says, on a cluster whose nodes are played. */
class RolloutIT {
  private static final String STATUS = Docs.command("kubectl rollout status");

  private final ControlPlane plane = ControlPlane.another();
  private final KubernetesClient admin = plane.admin();

  @BeforeEach
  void rollOut() {
    plane.startRollouts();
  }

  @AfterEach
  void close() {
    plane.close();
  }

  @Test
  void waitsForTheOperatorAndStartsItAnew() {
    type(Docs.command("kubectl apply -k deploy"));
    await().until(() -> pods().size() == 2);
    assertThat(plane.shell(STATUS + " --timeout=1s").exitCode()).isEqualTo(1);

    try (PlayedKubelet _ = new PlayedKubelet(admin, "iris-system")) {
      assertThat(type(STATUS)).endsWith("successfully rolled out\n");
      Set<String> before = pods();
      assertThat(before)
          .hasSize(2)
          .allSatisfy(
              pod -> {
                assertThat(type(Docs.command("kubectl get pods,leases"))).contains("pod/" + pod);
                assertThat(type(Docs.command("kubectl get pods -n iris-system -o wide")))
                    .containsPattern(pod + " .* " + PlayedKubelet.ADDRESS);
              });

      type(Docs.command("kubectl rollout restart"));
      assertThat(type(STATUS)).endsWith("successfully rolled out\n");
      await().until(() -> pods().size() == 2);
      assertThat(pods()).doesNotContainAnyElementsOf(before);

      String level =
          "kubectl get deployment -n iris-system -o jsonpath='{..env[?(@.name==\"IRIS_LOG_LEVEL\")].value}'";
      type(
          Docs.command(
              "kubectl set env -n iris-system deployment/iris-credential-operator IRIS_LOG_LEVEL=debug"));
      assertThat(type(level)).isEqualTo("debug");
      type(Docs.command("kubectl apply -k deploy"));
      assertThat(type(level)).isEqualTo("debug");
      type(
          Docs.command(
              "kubectl set env -n iris-system deployment/iris-credential-operator IRIS_LOG_LEVEL-"));
      assertThat(type(level)).isEmpty();
    }
  }

  @Test
  void bringsAShardBesideWhatTheOneFileInstalls() {
    try (PlayedKubelet _ = new PlayedKubelet(admin, "iris-system")) {
      type(Docs.command("kubectl apply -f deploy"));
      type(STATUS);
      type(Docs.command("kubectl apply -k deploy/overlays/shard"));
      type(STATUS + "-north");
      assertThat(pods()).hasSize(4).filteredOn(pod -> pod.contains("-north-")).hasSize(2);
    }
  }

  private Set<String> pods() {
    return admin.pods().inNamespace("iris-system").list().getItems().stream()
        .map(pod -> pod.getMetadata().getName())
        .collect(Collectors.toSet());
  }

  private String type(String command) {
    CommandResult result = plane.shell(command);
    assertThat(result.exitCode()).as(command + "\n" + result.stderr()).isZero();
    return result.stdout();
  }
}
