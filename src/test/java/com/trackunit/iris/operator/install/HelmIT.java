package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.Chart;
import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.HelmTools;
import com.trackunit.iris.operator.support.OperatorProcess;
import com.trackunit.iris.operator.support.PlayedKubelet;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart and the shipped jar on clusters of their own: installed, upgraded and uninstalled. */
class HelmIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String CRD = "iriscredentials.iris.trackunit.com";

  private final ControlPlane plane = ControlPlane.empty();
  private final FakeAuthorizationServer server = FakeAuthorizationServer.start();
  private final HelmTools tools = HelmTools.get();

  @BeforeEach
  void makeNamespace() {
    kubectl("create", "namespace", "integrations");
  }

  @AfterEach
  void close() {
    server.close();
    plane.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void renewsNothingOnAnUpgradeAndLeavesDefinitionAndTokensWhenItIsUninstalled(String helm) {
    plane.startRollouts();
    plane.startGarbageCollector();
    Path previous = Chart.copy(Chart.FOLDER).resolve(Chart.FOLDER);
    Chart.change(previous.resolve("Chart.yaml"), "ersion: 0.1.0", "ersion: 0.0.9");
    Chart.change(previous.resolve("Chart.yaml"), "ersion: \"0.1.0\"", "ersion: \"0.0.9\"");

    try (PlayedKubelet _ = new PlayedKubelet(plane.admin(), "iris-system")) {
      String notes =
          type(
              helm,
              Docs.command("helm install").replace(Chart.FOLDER.toString(), previous.toString())
                  + " --wait");
      assertThat(notes)
          .contains("kubectl rollout status", "kubectl create secret", "kubectl apply");
      assertThat(image()).endsWith(":0.0.9");
      try (OperatorProcess operator = start()) {
        createCredential();
        awaitToken();
        stop(operator);
      }
      String before = tokens();

      type(helm, Docs.command("helm upgrade iris-credential-operator") + " --wait");
      assertThat(image()).endsWith(":0.1.0");
      try (OperatorProcess operator = start()) {
        await().atMost(PATIENCE).until(() -> operator.get("/metrics").contains("fleet"));
        stop(operator);
      }
      assertThat(tokens()).isEqualTo(before);
      assertThat(server.questions()).hasSize(1);

      type(helm, Docs.command("helm uninstall") + " --wait");
      assertThat(plane.kubectl("get", "deployment", "-niris-system", "-oname").stdout()).isEmpty();
      assertThat(tokens()).isEqualTo(before);

      type(helm, Docs.command("helm install") + " --wait");
      assertThat(tokens()).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void standsAToolThatRepeatsARefusedDelete(String helm) {
    plane.startGarbageCollector();
    type(helm, Docs.command("helm install"));
    awaitThePolicy();
    try (OperatorProcess operator = start()) {
      createCredential();
      awaitToken();
      String before = tokens();

      for (int i = 0; i < 30; i++) {
        CommandResult refused = plane.kubectl("delete", "crd", CRD, "--wait=false");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.stderr()).contains("The definition stays");
      }

      assertThat(tokens()).isEqualTo(before);
      assertThat(kubectl("get", "crd", CRD, "-o=jsonpath={.metadata.deletionTimestamp}")).isEmpty();
      assertThat(operator.get("/livez")).startsWith("200 ");
      assertThat(server.questions()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void removesTheDefinitionWhenItIsNotToBeKept(String helm) {
    type(helm, Docs.command("helm install") + " --set=crds.keep=false");

    type(helm, Docs.command("helm uninstall"));

    await().atMost(PATIENCE).until(() -> plane.kubectl("get", "crd", CRD).exitCode() == 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void takesTheValuesThatAreShown(String helm, @TempDir Path folder) throws IOException {
    Path values = folder.resolve("values.yaml");
    Files.writeString(
        values,
        Docs.steps("## Install with Helm")
            .filter(block -> block.language().equals("yaml"))
            .map(Docs.Block::text)
            .collect(Collectors.joining()));

    type(helm, Docs.command("helm upgrade --install").replace("values.yaml", values.toString()));

    assertThat(image()).isEqualTo("registry.example.com/iris-credential-operator:0.1.0");
    assertThat(installedEnvironment())
        .containsEntry("HTTPS_PROXY", "http://proxy.example.com:3128")
        .containsEntry("NO_PROXY", "$(KUBERNETES_SERVICE_HOST)")
        .containsEntry("IRIS_MAX_REQUESTS_PER_SECOND", "2.5")
        .containsKey("IRIS_CA_BUNDLE");
  }

  /** The API server needs a moment to know a new policy. */
  private void awaitThePolicy() {
    await()
        .atMost(PATIENCE)
        .until(
            () -> plane.kubectl("delete", "crd", CRD, "--dry-run=server").stderr(),
            error -> error.contains("The definition stays"));
  }

  private OperatorProcess start() {
    Map<String, String> environment = new HashMap<>(installedEnvironment());
    environment.put("KUBECONFIG", plane.operatorKubeconfig().toString());
    environment.put("IRIS_TOKEN_URL", server.url().toString());
    environment.put("POD_NAMESPACE", "iris-system");
    environment.put("POD_NAME", "first");
    OperatorProcess operator = OperatorProcess.start(environment);
    await().atMost(PATIENCE).until(operator::isReady);
    return operator;
  }

  private Map<String, String> installedEnvironment() {
    return plane
        .admin()
        .apps()
        .deployments()
        .inNamespace("iris-system")
        .withName("iris-credential-operator")
        .get()
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .getEnv()
        .stream()
        .filter(variable -> variable.getValue() != null)
        .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
  }

  private static void stop(OperatorProcess operator) {
    operator.terminate();
    assertThat(operator.isGoneWithin(PATIENCE)).isTrue();
  }

  private void createCredential() {
    CommandResult applied =
        plane.kubectlWithInput(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: login}
            stringData: {username: user, password: password, client_id: id, client_secret: secret}
            ---
            apiVersion: iris.trackunit.com/v1
            kind: IrisCredential
            metadata: {name: fleet}
            spec: {credentialsSecretRef: {name: login}, targetSecret: {name: fleet-token}}
            """,
            "apply",
            "-nintegrations",
            "-f",
            "-");
    assertThat(applied.exitCode()).as(applied.stderr()).isZero();
  }

  private void awaitToken() {
    await().atMost(PATIENCE).until(() -> !server.questions().isEmpty());
    kubectl("wait", "--for=condition=Ready", "iriscred/fleet", "-nintegrations", "--timeout=50s");
  }

  private String tokens() {
    return kubectl(
            "get",
            "crd/" + CRD,
            "iriscred/fleet",
            "secret/fleet-token",
            "-nintegrations",
            "-o=jsonpath={.items[*].metadata.uid}")
        + kubectl(
            "get",
            "secret/fleet-token",
            "-nintegrations",
            "-o=jsonpath={.metadata.resourceVersion}{.data}");
  }

  private String image() {
    return kubectl(
        "get", "deployment", "-niris-system", "-o=jsonpath={.items[*].spec..containers[*].image}");
  }

  private String type(String helm, String command) {
    String[] words = command.replaceFirst("^helm ", "").split(" ");
    CommandResult result = tools.run(helm, plane.adminKubeconfig(), words);
    assertThat(result.exitCode()).as(command + "\n" + result.stderr()).isZero();
    return result.stdout();
  }

  private String kubectl(String... arguments) {
    CommandResult result = plane.kubectl(arguments);
    assertThat(result.exitCode()).as(result.stderr()).isZero();
    return result.stdout();
  }
}
