package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.config.OperatorConfig;
import com.trackunit.iris.operator.config.OperatorConfig.Reading;
import com.trackunit.iris.operator.support.Chart;
import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.HelmTools;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the chart renders is what kustomize builds, and a mistake in its values is refused. */
class ChartIT {
  private static final List<String> HELM = List.of("helm3", "helm4");

  /**
   * What keeps the definition is a choice in the chart ({@code crds.keep}), so the chart sets these
   * itself.
   */
  private static final List<String> KEEPING =
      List.of(
          "helm.sh/resource-policy",
          "argocd.argoproj.io/sync-options",
          "kustomize.toolkit.fluxcd.io/prune");

  /** Helm makes the namespace itself, when it is told {@code --create-namespace}. */
  private static final String NAMESPACE = "Namespace//iris-system";

  private final ControlPlane plane = ControlPlane.get();
  private final HelmTools tools = HelmTools.get();

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "deploy, -, crds.keep=true",
    "deploy/overlays/cluster-wide, -, replicas=2",
    "deploy/overlays/namespaced, -, namespaces={integrations}",
    "deploy/overlays/shard, -, shard=north",
    "deploy, nudge, nudge.enabled=true",
    "deploy, monitoring, 'monitoring.serviceMonitor.enabled=true,monitoring.rules.enabled=true'"
  })
  void rendersWhatKustomizeBuilds(String kustomization, String component, String values)
      throws IOException {
    Map<String, JsonNode> built = built(overlay(Path.of(kustomization), component));

    for (String helm : HELM) {
      assertThat(rendered(helm, Chart.FOLDER, "--set", values)).isEqualTo(built);
    }
  }

  @Test
  void rendersAShardWithTheNudgeAsKustomizeDoesWithACopyOfTheOverlay() throws IOException {
    Path shard = Chart.copy(Path.of("deploy"), Path.of("crds")).resolve("deploy/overlays/shard");
    Files.writeString(
        shard.resolve("kustomization.yaml"),
        "components: [../../components/nudge]",
        StandardOpenOption.APPEND);

    assertThat(rendered("helm4", Chart.FOLDER, "--set", "shard=north,nudge.enabled=true"))
        .isEqualTo(built(shard));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "templates/deployment.yaml | path: /readyz             | path: /livez",
        "templates/deployment.yaml | replicas: {{ .Values.replicas }} | replicas: 3",
        "templates/network.yaml    | policyTypes: [Ingress]    | policyTypes: [Ingress, Egress]",
        "templates/_helpers.tpl    | app.kubernetes.io/part-of | part-of",
        "files/clusterrole.yaml    | verbs: [patch]            | verbs: [patch, update]",
        "files/crd.yaml            | - \"iriscred\"            | - \"ic\"",
      })
  void seesALineThatChangedInTheChart(String file, String before, String after) {
    Path copy = Chart.copy(Chart.FOLDER).resolve(Chart.FOLDER);
    Chart.change(copy.resolve(file), before, after);

    assertThat(rendered("helm3", copy)).isNotEqualTo(built(Path.of("deploy")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "deploy/base/deployment.yaml    | path: /readyz          | path: /livez",
        "deploy/base/deployment.yaml    | cpu: 50m               | cpu: 60m",
        "deploy/base/networkpolicy.yaml | policyTypes: [Ingress] | policyTypes: [Ingress, Egress]",
        "deploy/base/service.yaml       | targetPort: http       | targetPort: 8080",
        "deploy/base/clusterrole.yaml   | verbs: [patch]         | verbs: [patch, update]",
        "crds/iriscredentials.iris.trackunit.com-v1.yml | - \"iriscred\" | - \"ic\"",
      })
  void seesALineThatChangedInTheManifests(String file, String before, String after) {
    Path copy = Chart.copy(Path.of("deploy"), Path.of("crds"));
    Chart.change(copy.resolve(file), before, after);

    assertThat(built(copy.resolve("deploy"))).isNotEqualTo(rendered("helm3", Chart.FOLDER));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "replicaCount=3                   | 'replicaCount' not allowed",
        "image.version=0.2.0              | at '/image': additional properties 'version' not allowed",
        "namespaces=integrations          | at '/namespaces': got string, want null or array",
        "endpoints.tokenURL=https://a.b/c | at '/endpoints': additional properties 'tokenURL' not allowed",
        "log.format=JSON                  | at '/log/format': value must be one of 'json', 'text'",
        "image.digest=0123abcd            | at '/image/digest': '0123abcd' does not match pattern",
        "nudge=true                       | at '/nudge': got boolean, want null or object",
        "limits.concurrentRequests=0      | at '/limits/concurrentRequests': minimum: got 0, want 1",
        "image.tag=a b                    | at '/image/tag': 'a b' does not match pattern",
        "image.repository=a@b             | at '/image/repository': 'a@b' does not match pattern",
        "priorityClassName=High           | at '/priorityClassName': 'High' does not match pattern",
        "caBundle.key=a/b                 | at '/caBundle/key': 'a/b' does not match pattern",
        "'caBundle.configMap=a,caBundle.secret=b' | keep one of them"
      })
  void refusesAMistakeWithASentence(String values, String sentence) {
    for (String helm : HELM) {
      CommandResult result = template(helm, Chart.FOLDER, "--set", values);

      assertThat(result.exitCode()).as(helm + result.stdout()).isNotZero();
      assertThat(result.stderr()).contains(sentence);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "image.tag",
        "image.repository",
        "priorityClassName",
        "caBundle.configMap",
        "caBundle.secret",
        "caBundle.key"
      })
  void letsNoValueAddAFieldToThePod(String value) {
    CommandResult refused =
        template("helm4", Chart.FOLDER, "--set-json", value + "=\"a\\nhostNetwork: true\"");

    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.stderr()).contains("does not match pattern");
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void takesNullForTheDefaultOfEachValue(String helm) throws IOException {
    Map<String, JsonNode> byDefault = rendered(helm, Chart.FOLDER);
    JsonNode values =
        Serialization.unmarshal(
            Files.readString(Chart.FOLDER.resolve("values.yaml")), JsonNode.class);

    for (String name : names("", values).toList()) {
      String[] nested = name.split("/");
      String json = "null";
      for (int depth = nested.length - 1; depth > 0; depth--) {
        json = "{\"" + nested[depth] + "\":" + json + "}";
      }
      assertThat(rendered(helm, Chart.FOLDER, "--set-json", nested[0] + "=" + json))
          .as(name)
          .isEqualTo(byDefault);
    }
  }

  /** Every value and every group of values; parts of what is handed on to Kubernetes are not. */
  private static Stream<String> names(String above, JsonNode values) {
    return values.properties().stream()
        .flatMap(
            value -> {
              String name = above + value.getKey();
              boolean whole = name.equals("resources") || name.equals("nodeSelector");
              return Stream.concat(
                  Stream.of(name), whole ? Stream.of() : names(name + "/", value.getValue()));
            });
  }

  @Test
  void letsAVariableOfOnesOwnTakeThePlaceOfTheCharts() {
    JsonNode environment =
        rendered(
                "helm4",
                Chart.FOLDER,
                "--set-json",
                "env=[{\"name\":\"IRIS_LOG_FORMAT\",\"value\":\"text\"}]")
            .get("Deployment/iris-system/iris-credential-operator")
            .at("/spec/template/spec/containers/0/env");

    assertThat(environment.findValuesAsText("name")).doesNotHaveDuplicates();
    assertThat(environment.toString())
        .contains("{\"name\":\"IRIS_LOG_FORMAT\",\"value\":\"text\"}");
  }

  @Test
  void setsEveryVariableThatTheOperatorReads() throws IOException {
    JsonNode deployment =
        rendered("helm4", Chart.FOLDER, "--values", everyValue().toString())
            .get("Deployment/iris-system/iris-credential-operator-north");
    Map<String, String> variables = new HashMap<>();
    for (JsonNode variable : deployment.at("/spec/template/spec/containers/0/env")) {
      variables.put(variable.path("name").asText(), variable.path("value").asText());
    }
    assertThat(variables.remove("IRIS_CA_BUNDLE")).isEqualTo("/etc/iris/authority.pem");

    assertThat(OperatorConfig.read(variables))
        .isInstanceOfSatisfying(
            Reading.Good.class,
            good -> {
              OperatorConfig read = good.configuration();
              assertThat(read.endpoints().tokenUrls())
                  .containsEntry(GrantType.PASSWORD, URI.create("https://a.example.com/token"))
                  .containsEntry(
                      GrantType.CLIENT_CREDENTIALS, URI.create("https://b.example.com/v2"))
                  .containsEntry(GrantType.APP_TOKEN, URI.create("https://c.example.com/app"));
              assertThat(read.replica().namespaces())
                  .containsExactlyInAnyOrder("integrations", "elsewhere");
              assertThat(read.replica().shard()).isEqualTo("north");
              assertThat(read.endpoints().proxy()).isPresent();
              assertThat(read.endpoints().requestTimeout()).hasSeconds(20);
              assertThat(read.endpoints().limits().perSecond()).isEqualTo(2.5);
              assertThat(read.endpoints().limits().inFlight()).isEqualTo(4);
              assertThat(read.loginLabelRequired()).isTrue();
              assertThat(read.nudgePods()).isTrue();
              assertThat(read.replica().leaderElection()).isTrue();
              assertThat(read.observability().logLevel()).hasToString("DEBUG");
            });
  }

  @Test
  void isAcceptedByTheApiServerWithEveryValueSet() throws IOException {
    plane.kubectl("create", "namespace", "integrations");
    plane.kubectl("create", "namespace", "elsewhere");
    String manifest = template("helm4", Chart.FOLDER, "--values", everyValue().toString()).stdout();

    CommandResult applied =
        plane.kubectlWithInput(manifest, "apply", "--dry-run=server", "--filename=-");

    assertThat(applied.exitCode()).as(applied.stderr()).isZero();
    assertThat(applied.stderr()).doesNotContain("unknown field", "PodSecurity");
    assertThat(manifest).doesNotContain("kind: ClusterRole", "runAsUser", "runAsGroup", "fsGroup");
  }

  @Test
  void shipsTheDashboard() throws IOException {
    JsonNode map =
        rendered("helm4", Chart.FOLDER, "--set", "monitoring.dashboard.enabled=true")
            .get("ConfigMap/iris-system/iris-credential-operator-dashboard");

    assertThat(map.at("/data/iris-credential-operator.json").asText().strip())
        .isEqualTo(Files.readString(Path.of("deploy/monitoring/dashboard.json")).strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void isFoundWellByLint(String helm) {
    CommandResult lint = tools.run(helm, "lint", "--strict", Chart.FOLDER.toString());

    assertThat(lint.exitCode()).as(lint.stdout() + lint.stderr()).isZero();
  }

  @Test
  void passesItsUnitTests() {
    CommandResult result = tools.run("helm-unittest", Chart.FOLDER.toString());

    assertThat(result.exitCode()).as(result.stdout() + result.stderr()).isZero();
    assertThat(result.stdout()).containsPattern("Tests: +(\\d{2,}) passed, \\1 total");
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void refusesAClusterThatIsTooOld(String helm) {
    CommandResult old = template(helm, Chart.FOLDER, "--kube-version", "1.29.9");

    assertThat(old.exitCode()).isNotZero();
    assertThat(old.stderr()).contains("requires kubeVersion: >=1.30.0-0");
    // What a managed cluster calls itself.
    assertThat(template(helm, Chart.FOLDER, "--kube-version", "v1.30.1-gke.100").exitCode())
        .isZero();
  }

  private Map<String, JsonNode> rendered(String helm, Path chart, String... options) {
    CommandResult result = template(helm, chart, options);
    assertThat(result.exitCode()).as(result.stderr()).isZero();
    return compared(result.stdout());
  }

  private CommandResult template(String helm, Path chart, String... options) {
    return tools.run(
        helm,
        Stream.concat(
                Stream.of(
                    "template",
                    Chart.RELEASE,
                    chart.toString(),
                    "--namespace=iris-system",
                    "--kube-version=1.34"),
                Stream.of(options))
            .toArray(String[]::new));
  }

  private Map<String, JsonNode> built(Path kustomization) {
    CommandResult result = plane.kubectl("kustomize", kustomization.toString());
    assertThat(result.exitCode()).as(result.stderr()).isZero();
    return compared(result.stdout());
  }

  private static Map<String, JsonNode> compared(String manifest) {
    Map<String, JsonNode> objects = Chart.objects(manifest);
    objects.remove(NAMESPACE);
    objects.values().stream()
        .filter(object -> object.path("kind").asText().equals("CustomResourceDefinition"))
        .forEach(ChartIT::withoutKeeping);
    return objects;
  }

  private static void withoutKeeping(JsonNode definition) {
    ObjectNode metadata = (ObjectNode) definition.path("metadata");
    if (metadata.path("annotations") instanceof ObjectNode annotations) {
      annotations.remove(KEEPING);
      if (annotations.isEmpty()) {
        metadata.remove("annotations");
      }
    }
  }

  private static Path overlay(Path base, String component) throws IOException {
    if (component.equals("-")) {
      return base;
    }
    Path overlay = Files.createTempDirectory(Path.of("target"), "overlay");
    Files.writeString(
        overlay.resolve("kustomization.yaml"),
        "resources: [../../%s]%ncomponents: [../../deploy/components/%s]%n"
            .formatted(base, component));
    return overlay;
  }

  private static Path everyValue() throws IOException {
    Path values = Files.createTempFile(Path.of("target"), "values", ".yaml");
    return Files.writeString(
        values,
        """
        image: {tag: later, pullPolicy: Always}
        imagePullSecrets: [{name: registry}]
        namespaces: [integrations, elsewhere]
        shard: north
        loginLabel: {required: true}
        nudge: {enabled: true}
        endpoints:
          tokenUrl: https://a.example.com/token
          clientCredentialsTokenUrl: https://b.example.com/v2
          appTokenUrl: https://c.example.com/app
        caBundle: {secret: authority, key: authority.pem}
        proxy: {https: "http://proxy.example.com:3128"}
        limits: {requestsPerSecond: 2.5, concurrentRequests: 4, requestTimeout: 20s}
        log: {format: text, level: debug}
        env: [{name: TZ, value: UTC}]
        labels: {team: platform}
        annotations: {example.com/owner: platform}
        podLabels: {cost: low}
        podAnnotations: {example.com/note: hello}
        serviceAccount: {annotations: {example.com/role: reader}}
        tolerations: [{key: reserved, operator: Exists}]
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: pool, operator: Exists}]}]}}}
        topologySpreadConstraints: [{maxSkew: 1, topologyKey: rack, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {cost: low}}}]
        priorityClassName: system-cluster-critical
        monitoring: {dashboard: {enabled: true}}
        """);
  }
}
