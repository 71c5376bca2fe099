package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.Chart;
import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.FreePorts;
import com.trackunit.iris.operator.support.HelmTools;
import com.trackunit.iris.operator.support.OperatorProcess;
import com.trackunit.iris.operator.support.PlayedKubelet;
import com.trackunit.iris.operator.support.Specs;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart and the shipped jar on clusters of their own: installed, upgraded and uninstalled. */
@Execution(ExecutionMode.CONCURRENT)
class HelmIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String CRD = "iriscredentials.iris.trackunit.com";

  /**
   * Each value as something else than its default: alone where it adds or removes objects, or else
   * with others that are not its own.
   */
  private static final List<List<String>> CHANGES =
      List.of(
          List.of("enabled=false"),
          List.of("namespaces=[\"integrations\"]"),
          List.of("shard=\"north\""),
          List.of("crds={\"enabled\":false}"),
          List.of("crds={\"keep\":false}"),
          List.of("aggregatedRoles={\"enabled\":false}"),
          List.of(
              "image={\"repository\":\"registry.example.com/iris\"}",
              "imagePullSecrets=[{\"name\":\"registry\"}]",
              "replicas=3",
              "loginLabel={\"required\":true}",
              "nudge={\"enabled\":true}",
              "endpoints={\"tokenUrl\":\"https://a.example.com/token\"}",
              "caBundle={\"configMap\":\"iris-ca\"}",
              "proxy={\"https\":\"http://proxy.example.com:3128\"}",
              "limits={\"requestsPerSecond\":2.5}",
              "log={\"format\":\"text\"}",
              "resources={\"limits\":{\"memory\":\"1Gi\"}}",
              "serviceAccount={\"annotations\":{\"example.com/role\":\"reader\"}}",
              "podDisruptionBudget={\"enabled\":false}",
              "networkPolicy={\"enabled\":false}"),
          List.of(
              "image={\"tag\":\"later\"}",
              "endpoints={\"clientCredentialsTokenUrl\":\"https://a.example.com/v2\"}",
              "caBundle={\"secret\":\"iris-ca\"}",
              "proxy={\"https\":\"http://proxy.example.com:3128\",\"noProxy\":\"10.0.0.1\"}",
              "limits={\"concurrentRequests\":4}",
              "log={\"level\":\"debug\"}",
              "env=[{\"name\":\"IRIS_LOG_FORMAT\",\"value\":\"text\"}]",
              "labels={\"team\":\"platform\"}",
              "annotations={\"example.com/owner\":\"platform\"}",
              "podLabels={\"cost\":\"low\"}",
              "podAnnotations={\"example.com/note\":\"hello\"}",
              "networkPolicy={\"metricsFrom\":[{\"podSelector\":{}}]}",
              // The other two need the definitions of the Prometheus operator.
              "monitoring={\"dashboard\":{\"enabled\":true}}"),
          List.of(
              "image={\"digest\":\"sha256:%s\"}".formatted("0".repeat(64)),
              "endpoints={\"appTokenUrl\":\"https://a.example.com/app\"}",
              "caBundle={\"secret\":\"iris-ca\",\"key\":\"root.pem\"}",
              "limits={\"requestTimeout\":\"20s\"}",
              "nodeSelector={\"pool\":\"a\"}",
              "tolerations=[{\"key\":\"reserved\",\"operator\":\"Exists\"}]",
              "affinity={\"nodeAffinity\":{}}",
              "topologySpreadConstraints=[{\"maxSkew\":1,\"topologyKey\":\"rack\",\"whenUnsatisfiable\":\"ScheduleAnyway\"}]",
              "priorityClassName=\"system-cluster-critical\"",
              "networkPolicy={\"egress\":[{\"ports\":[{\"port\":443}]}]}"),
          List.of("image={\"pullPolicy\":\"Always\"}"));

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
          type(helm, install().replace(Chart.FOLDER.toString(), previous.toString()) + " --wait");
      assertThat(notes)
          .contains("kubectl rollout status", "kubectl create secret", "kubectl apply");
      assertThat(image()).endsWith(":0.0.9");
      try (OperatorProcess operator = start()) {
        createCredential();
        awaitToken();
        stop(operator);
      }
      String before = tokens();

      type(
          helm,
          Docs.command(
                  "helm upgrade iris-credential-operator deploy/helm/iris-credential-operator --namespace iris-system")
              + " --wait");
      assertThat(image()).endsWith(":0.1.0");
      try (OperatorProcess operator = start()) {
        await().until(() -> operator.get("/metrics").contains("fleet"));
        stop(operator);
      }
      assertThat(tokens()).isEqualTo(before);
      assertThat(server.questions()).hasSize(1);

      type(helm, Docs.command("helm uninstall") + " --wait");
      assertThat(plane.kubectl("get", "deployment", "-niris-system", "-oname").stdout()).isEmpty();
      assertThat(tokens()).isEqualTo(before);

      type(helm, install() + " --wait");
      assertThat(tokens()).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void standsAToolThatRepeatsARefusedDelete(String helm) {
    plane.startGarbageCollector();
    type(helm, install());
    awaitThePolicy();
    try (OperatorProcess operator = start()) {
      createCredential();
      awaitToken();
      String before = tokens();

      for (int i = 0; i < 10; i++) {
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
    type(helm, install() + " --set=crds.keep=false");

    type(helm, Docs.command("helm uninstall"));

    await().until(() -> plane.kubectl("get", "crd", CRD).exitCode() == 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void removesTheDefinitionThatAnEarlierRevisionKept(String helm) {
    type(helm, install());
    awaitThePolicy();
    type(helm, upgrade() + " --set=crds.keep=false");
    await().until(() -> plane.kubectl("delete", "crd", CRD, "--dry-run=server").exitCode() == 0);

    type(helm, Docs.command("helm uninstall"));

    await().until(() -> plane.kubectl("get", "crd", CRD).exitCode() == 1);
    assertThat(kubectl("get", "validatingadmissionpolicies", "-oname"))
        .doesNotContain("iris-credential-definition-stays");
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void goesFromKubectlToHelmAndBack(String helm) {
    shell(Docs.command("kubectl apply -k deploy"));
    String before = kubectl("get", "crd/" + CRD, "-o=jsonpath={.metadata.uid}");
    assertThat(tools.run(helm, plane.adminKubeconfig(), words(install())).stderr())
        .contains("cannot be imported into the current release");
    tools.run(helm, plane.adminKubeconfig(), words(Docs.command("helm uninstall")));

    shell(Docs.command("kubectl delete -k deploy -l"));
    type(helm, takeOwnership());
    assertThat(status(helm)).contains("deployed");

    type(helm, Docs.command("helm uninstall"));
    type(
        helm,
        takeOwnership()
            .replace("install iris-credential-operator", "install other")
            .replace("iris-system", "other"));
    type(helm, "helm uninstall other --namespace other");

    shell(Docs.command("kubectl apply -k deploy"));
    assertThat(image()).endsWith(":0.1.0");
    assertThat(kubectl("get", "crd/" + CRD, "-o=jsonpath={.metadata.uid}")).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void goesFromKubectlToHelmWithAnotherVersionOfTheDefinition(String helm) {
    Path earlier = Chart.copy(Path.of("deploy"), Path.of("crds"));
    Chart.change(
        earlier.resolve("crds/iriscredentials.iris.trackunit.com-v1.yml"),
        "Keeps one fresh",
        "Keeps a fresh");
    shell("cd %s\n%s".formatted(earlier.toAbsolutePath(), Docs.command("kubectl apply -k deploy")));
    shell(Docs.command("kubectl delete -k deploy -l"));

    type(helm, takeOwnership() + (helm.equals("helm4") ? " --force-conflicts" : ""));

    assertThat(status(helm)).contains("deployed");
    assertThat(kubectl("get", "crd/" + CRD, "-oyaml")).contains("Keeps one fresh");
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void refusesASecondReleaseUnlessItNamesOthersAndBringsNothingTwice(String helm) {
    String second =
        install()
            .replace("install iris-credential-operator", "install second")
            .replace("iris-system", "second");
    type(helm, install());

    for (String values : List.of("", " --set=crds.enabled=false,aggregatedRoles.enabled=false")) {
      CommandResult refused = tools.run(helm, plane.adminKubeconfig(), words(second + values));
      assertThat(refused.exitCode()).isNotZero();
      assertThat(refused.stderr()).contains("cannot be imported into the current release");
    }

    type(
        helm,
        second
            + " --set=crds.enabled=false,aggregatedRoles.enabled=false,namespaces={integrations}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void takesTheValuesOfAnEarlierChart(String helm) {
    Path earlier = Chart.copy(Chart.FOLDER).resolve(Chart.FOLDER);
    Chart.change(earlier.resolve("values.yaml"), "\nloginLabel:\n", "\nlog:\n");
    Chart.change(earlier.resolve("values.yaml"), "\n  required: false", "");
    type(helm, install().replace(Chart.FOLDER.toString(), earlier.toString()));

    type(helm, upgrade() + " --reuse-values");

    assertThat(installedEnvironment()).doesNotContainKey("IRIS_REQUIRE_LOGIN_LABEL");
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void takesEachValueOnALivingReleaseAndGivesItBack(String helm) {
    type(helm, install());
    String before = installed();

    for (List<String> values : CHANGES) {
      type(helm, upgrade() + " --reset-values --set-json=" + String.join(" --set-json=", values));
    }
    type(helm, upgrade() + " --reset-values");

    assertThat(installed()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void takesTheValuesThatAreShown(String helm, @TempDir Path folder) throws IOException {
    installWithTheValuesOf("## Install with Helm", helm, folder);

    assertThat(image()).isEqualTo("registry.example.com/iris-credential-operator:0.1.0");
    assertThat(installedEnvironment()).containsEntry("IRIS_MAX_REQUESTS_PER_SECOND", "2.5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void takesTheValuesForManyCredentials(String helm, @TempDir Path folder) throws IOException {
    installWithTheValuesOf("## Plan the capacity", helm, folder);

    assertThat(installedEnvironment())
        .containsEntry("IRIS_MAX_REQUESTS_PER_SECOND", "38")
        .containsEntry("IRIS_MAX_CONCURRENT_REQUESTS", "64");
    assertThat(
            kubectl(
                "get",
                "deployment",
                "-niris-system",
                "-o=jsonpath={.items[*].spec..containers[*].resources}"))
        .isEqualTo(
            "{\"limits\":{\"memory\":\"1Gi\"},\"requests\":{\"cpu\":\"50m\",\"memory\":\"1Gi\"}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void installsFromAMirrorThatWantsALogin(String helm) {
    shell(Docs.command("kubectl create namespace iris-system"));

    type(
        helm,
        Docs.command("helm install iris-credential-operator oci://registry.example.com")
            .replace(
                "oci://registry.example.com/charts/iris-credential-operator --version 0.1.0",
                Chart.FOLDER.toString())
            .replace("'", ""));

    assertThat(image()).isEqualTo("registry.example.com/iris-credential-operator:0.1.0");
    assertThat(
            kubectl(
                "get",
                "deployment",
                "-niris-system",
                "-o=jsonpath={.items[*].spec..imagePullSecrets[*].name}"))
        .isEqualTo("registry");
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void takesOverADefinitionThatWasAppliedBefore(String helm) {
    shell(Docs.command("kubectl apply -k crds"));
    kubectl("wait", "--for=condition=Established", "crd/" + CRD);
    createCredential();

    assertThat(tools.run(helm, plane.adminKubeconfig(), words(install())).stderr())
        .contains("invalid ownership metadata");
    tools.run(helm, plane.adminKubeconfig(), words(Docs.command("helm uninstall")));
    type(helm, takeOwnership());

    assertThat(status(helm)).contains("deployed");
    kubectl("get", "iriscred/fleet", "-nintegrations");
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void bringsTheAlertsWithOneCommand(String helm) {
    define("servicemonitors", "ServiceMonitor");
    define("prometheusrules", "PrometheusRule");
    type(helm, install());

    type(
        helm,
        Docs.command(
            "helm upgrade iris-credential-operator deploy/helm/iris-credential-operator --namespace iris-system --reuse-values --set monitoring"));

    assertThat(kubectl("get", "servicemonitor,prometheusrule,configmap", "-niris-system", "-oname"))
        .contains(
            "servicemonitor.monitoring.coreos.com/iris-credential-operator",
            "prometheusrule.monitoring.coreos.com/iris-credential-operator",
            "configmap/iris-credential-operator-dashboard");
  }

  /** A resource of the Prometheus operator, without its schema. */
  private void define(String plural, String kind) {
    CommandResult applied =
        plane.kubectlWithInput(
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: %1$s.monitoring.coreos.com}
            spec:
              group: monitoring.coreos.com
              names: {plural: %1$s, kind: %2$s}
              scope: Namespaced
              versions:
                - name: v1
                  served: true
                  storage: true
                  schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """
                .formatted(plural, kind),
            "apply",
            "-f",
            "-");
    assertThat(applied.exitCode()).as(applied.stderr()).isZero();
    kubectl("wait", "--for=condition=Established", "crd/" + plural + ".monitoring.coreos.com");
  }

  /** github.com/bitnami/sealed-secrets/pull/1283 and 1457. */
  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void saysWhichDefinitionIsMissingForAServiceMonitorAndLeavesNothingBehind(String helm) {
    CommandResult refused =
        tools.run(
            helm,
            plane.adminKubeconfig(),
            words(install() + " --set=monitoring.serviceMonitor.enabled=true"));

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr()).contains("no matches for kind \"ServiceMonitor\"");
    assertThat(kubectl("get", "deployments,roles", "-niris-system", "-oname")).isEmpty();
    type(helm, install());
  }

  private void installWithTheValuesOf(String heading, String helm, Path folder) throws IOException {
    Path values = folder.resolve("values.yaml");
    Files.writeString(
        values,
        Docs.steps(heading)
            .filter(block -> block.language().equals("yaml"))
            .map(Docs.Block::text)
            .collect(Collectors.joining()));

    type(helm, Docs.command("helm upgrade --install").replace("values.yaml", values.toString()));
  }

  private static String install() {
    return Docs.command(
        "helm install iris-credential-operator deploy/helm/iris-credential-operator --namespace iris-system --create-namespace");
  }

  private static String takeOwnership() {
    return Docs.command(
        "helm install iris-credential-operator deploy/helm/iris-credential-operator --namespace iris-system --create-namespace --take-ownership");
  }

  private static String upgrade() {
    return Docs.command(
        "helm upgrade iris-credential-operator deploy/helm/iris-credential-operator --namespace iris-system");
  }

  private String status(String helm) {
    return type(helm, "helm status iris-credential-operator --namespace iris-system");
  }

  /** What of the release is in the cluster, but for what the API server counts. */
  private String installed() {
    String all =
        kubectl(
            "get",
            "deployment,service,networkpolicy,poddisruptionbudget,serviceaccount,role,rolebinding",
            "-niris-system",
            "-o=jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.labels}"
                + " {.metadata.annotations} {.spec} {.rules} {.subjects}{\"\\n\"}{end}");
    // A release that was named otherwise for a while has another address.
    return all.replaceAll("10\\.0\\.0\\.\\d+", "an address")
        + kubectl("get", "clusterrole,validatingadmissionpolicy", "-oname");
  }

  /** The API server needs a moment to know a new policy. */
  private void awaitThePolicy() {
    await()
        .until(
            () -> plane.kubectl("delete", "crd", CRD, "--dry-run=server").stderr(),
            error -> error.contains("The definition stays"));
  }

  private OperatorProcess start() {
    Map<String, String> environment = plane.podVariables(installedEnvironment());
    environment.put("IRIS_TOKEN_URL", server.url().toString());
    environment.put("POD_NAMESPACE", "iris-system");
    environment.put("POD_NAME", "first");
    // The manifests name one, which a pod has for itself.
    environment.put("IRIS_PROBE_PORT", String.valueOf(FreePorts.next()));
    return OperatorProcess.start(environment).awaitReady();
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
    plane.apply("integrations", Specs.withLogin("fleet"));
  }

  private void awaitToken() {
    await().until(() -> !server.questions().isEmpty());
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
    CommandResult result = tools.run(helm, plane.adminKubeconfig(), words(command));
    assertThat(result.exitCode()).as(command + "\n" + result.stderr()).isZero();
    return result.stdout();
  }

  private static String[] words(String command) {
    return command.replaceFirst("^helm ", "").split(" ");
  }

  private void shell(String command) {
    CommandResult result = plane.shell(command);
    assertThat(result.exitCode()).as(command + "\n" + result.stderr()).isZero();
  }

  private String kubectl(String... arguments) {
    CommandResult result = plane.kubectl(arguments);
    assertThat(result.exitCode()).as(result.stderr()).isZero();
    return result.stdout();
  }
}
