package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.Docs.Block;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import com.trackunit.iris.operator.support.MovableClock;
import com.trackunit.iris.operator.support.RunningOperator;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documentation has its readers type, on a real API server. */
class PagesIT {
  private static final String IMAGE = Docs.section("## Use your own image");
  private static final String VARIABLE = Docs.section("## Set a variable");
  private static final String NETWORK = Docs.section("## Go through a proxy or trust a private CA");
  private static final String MIRROR = Docs.section("## Install without the Internet");
  private static final String NAMESPACE = Docs.section("### Choose another namespace");
  private static final String VALUES = Docs.section("## Install with Helm");
  private static final String MONITORING = Docs.section("### Install them");
  private static final String CAPACITY = Docs.section("## Plan the capacity");

  private final ControlPlane plane = ControlPlane.get();
  private final String namespace = plane.newNamespace();
  private final MovableClock clock = new MovableClock();

  /** All but those for kustomize, Helm and Prometheus, which are tried with these. */
  static Stream<String> objects() {
    Set<String> others =
        yaml(IMAGE + VARIABLE + NETWORK + MIRROR + NAMESPACE + VALUES + MONITORING + CAPACITY)
            .collect(Collectors.toSet());
    return yaml(Docs.TEXT).filter(block -> !others.contains(block));
  }

  private static Stream<String> yaml(String part) {
    return Docs.blocks(part).filter(block -> block.language().equals("yaml")).map(Block::text);
  }

  @Test
  void aNewcomerWhoTypesWhatItSaysHasATokenAndANewOneOnRequest() {
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start();
        RunningOperator operator = operator(server)) {
      server.grantFor(Duration.ofHours(1));
      assertThat(operator.get("/readyz")).startsWith("200 ");
      follow(Docs.steps("## Use in a pod"));
      assertThat(server.questions()).hasSize(1);
      assertThat(type(Docs.command("kubectl get iriscred")))
          .containsPattern(listed().getFirst().replaceAll(" +", " +"))
          .containsPattern("fleet-sync +True +TokenValid ");

      clock.move(Duration.ofSeconds(11)); // beyond the floor between two requests
      type(Docs.command("kubectl annotate --overwrite iriscred/fleet-sync"));
      await().untilAsserted(() -> assertThat(server.questions()).hasSize(2));
      await().until(() -> type(Docs.command("kubectl get iriscred/fleet-sync")), this::isRequest);

      clock.move(Duration.ofSeconds(11));
      follow(Docs.steps("## Change a password"));
      await().untilAsserted(() -> assertThat(server.questions()).hasSize(3));
      assertThat(server.questions())
          .extracting(question -> question.field("password").orElse(""))
          .endsWith("the password", "the new password");
    }
  }

  /** The example of what kubectl lists: its head and a credential. */
  private static List<String> listed() {
    return Docs.blocks(Docs.TEXT)
        .filter(block -> block.text().startsWith("$ kubectl get iriscred\n"))
        .findFirst()
        .orElseThrow()
        .text()
        .lines()
        .skip(1)
        .toList();
  }

  private boolean isRequest(String handled) {
    return handled.equals(
        plane
            .admin()
            .resources(IrisCredential.class)
            .inNamespace(namespace)
            .withName("fleet-sync")
            .get()
            .getMetadata()
            .getAnnotations()
            .get(IrisCredential.RENEW_REQUESTED_AT));
  }

  @Test
  void theRunbookFindsWhoSharesARefusedLoginAndStopsItsTries() {
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start();
        RunningOperator operator = operator(server)) {
      server.answer(question -> Answer.error(400, "invalid_grant"));
      assertThat(operator.get("/readyz")).startsWith("200 ");
      follow(Docs.steps("## Use in a pod").limit(3));

      await()
          .untilAsserted(
              () ->
                  assertThat(type(Docs.command("kubectl get iriscred -A -o custom")))
                      .containsPattern(namespace + " +fleet-sync +fleet-api-user +[0-9a-f]{64}"));
      assertThat(type(Docs.command("kubectl get iriscred -A -o wide")))
          .containsPattern(namespace + " +fleet-sync +False +NoToken +CredentialsRejected ");
      assertThat(seen(type(Docs.command("kubectl describe iriscred")))).containsAll(told());
      type(
          Docs.command("kubectl patch iriscred")
              .replace("NAME", "fleet-sync")
              .replace("NS", namespace));
      await()
          .untilAsserted(
              () ->
                  assertThat(type(Docs.command("kubectl describe iriscred")))
                      .containsPattern("Reason: +Suspended"));
    }
  }

  @Test
  void anUnlockedAccountIsTriedAgainAfterAnAnnotationAndARestart() {
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start()) {
      server.answer(question -> Answer.error(400, "invalid_grant"));
      try (RunningOperator operator = operator(server)) {
        assertThat(operator.get("/readyz")).startsWith("200 ");
        follow(Docs.steps("## Use in a pod").limit(3));
        await()
            .until(
                () -> type(Docs.command("kubectl describe iriscred")),
                described -> described.contains("CredentialsRejected"));
      }
      server.grantFor(Duration.ofHours(1));
      clock.move(Duration.ofSeconds(11)); // beyond the floor between two requests
      type(Docs.command("kubectl annotate --overwrite secret fleet-api-user"));
      try (RunningOperator operator = operator(server)) {
        assertThat(operator.get("/readyz")).startsWith("200 ");
        follow(Docs.steps("## Use in a pod").skip(3).limit(1));
      }
    }
  }

  /** What the documentation shows of a wrong password, in this namespace and at no certain time. */
  private Set<String> told() {
    String example = Docs.section("### What `kubectl describe` tells");
    return seen(
        Docs.blocks(example)
            .map(Block::text)
            .collect(Collectors.joining())
            .replace("integrations/", namespace + "/"));
  }

  private static Set<String> seen(String described) {
    return described
        .lines()
        .map(line -> line.strip().replaceAll(" +", " "))
        .map(line -> line.replaceAll("[-0-9]{10}T[:0-9]{8}Z", "TIME"))
        .collect(Collectors.toSet());
  }

  @Test
  void aPasswordFromAFileEndsWithANewlineAndTheCredentialSaysSo(@TempDir Path folder)
      throws IOException {
    Path password = Files.writeString(folder.resolve("password"), "the password\n");
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start();
        RunningOperator operator = operator(server)) {
      assertThat(operator.get("/readyz")).startsWith("200 ");
      type(
          Docs.command("kubectl create secret …").replace("…", "generic fleet-api-user")
              + "=password=%s --from-literal={username,client_id,client_secret}=a"
                  .formatted(password));
      follow(Docs.steps("## Use in a pod").skip(2).limit(1));
      await()
          .untilAsserted(
              () ->
                  assertThat(type(Docs.command("kubectl describe iriscred")))
                      .containsPattern("Reason: +CredentialsSecretInvalid"));
    }
  }

  @Test
  void annotatesAPodSoThatItsKubeletLooks() {
    follow(Docs.steps("## Use in a pod").filter(block -> block.text().contains("kind: Pod")));
    type(Docs.command("kubectl annotate pod").replace("…", "fleet-sync"));
    assertThat(type("kubectl get pod fleet-sync -o jsonpath={.metadata.annotations.refresh}"))
        .matches("[0-9]+");
  }

  @Test
  void explainsTheSpec() {
    assertThat(type(Docs.command("kubectl explain iriscred.spec")))
        .contains("credentialsSecretRef", "renewBefore", "targetSecret");
  }

  @Test
  void showsTheAddressOfTheApiServerForTheProxysExceptions() {
    await()
        .ignoreExceptions()
        .until(
            () -> type(Docs.command("kubectl get service -n default kubernetes")),
            service -> service.contains("10.0.0.1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"deploy", "deploy/overlays/shard"})
  void aKustomizationOfOnesOwnNamesTheImageTheAuthorityAndTheProxy(
      String installed, @TempDir Path folder) throws IOException {
    kustomize(folder, IMAGE + NETWORK, installed);

    assertThat(operators(folder)).hasSize(1).allSatisfy(PagesIT::isAsTheExampleWantsIt);
    String apply = Docs.command("kubectl apply -k .") + " --dry-run=server";
    CommandResult applied = plane.shell("cd %s\n%s".formatted(folder, apply));
    assertThat(applied.exitCode()).as(applied.stderr()).isZero();
    assertThat(applied.stdout()).contains("configmap/iris-ca created");
  }

  @Test
  void aKustomizationOfOnesOwnSetsAVariable(@TempDir Path folder) throws IOException {
    kustomize(folder, IMAGE + VARIABLE, "deploy");

    assertThat(operators(folder).getFirst().getEnv())
        .filteredOn(variable -> variable.getName().equals("IRIS_LOG_LEVEL"))
        .extracting(EnvVar::getValue)
        .containsExactly("debug");
  }

  @Test
  void aKustomizationOfOnesOwnNamesThePullSecretOfAMirror(@TempDir Path folder) throws IOException {
    kustomize(folder, IMAGE + MIRROR, "deploy");

    assertThat(deployments(folder).getFirst().getSpec().getTemplate().getSpec())
        .satisfies(
            pod ->
                assertThat(pod.getImagePullSecrets())
                    .extracting(LocalObjectReference::getName)
                    .containsExactly("registry"))
        .satisfies(pod -> assertThat(pod.getContainers()).hasSize(1));
  }

  @Test
  void aKustomizationOfOnesOwnBringsTheAlertsWithTheLabelOfTheirPrometheus(@TempDir Path folder)
      throws IOException {
    String component =
        yaml(MONITORING).filter(block -> block.startsWith("components:")).toList().getFirst();
    kustomize(folder, IMAGE + "\n```yaml\n" + component + "```\n", "deploy");

    CommandResult built = plane.kubectl("kustomize", folder.toString());
    assertThat(built.exitCode()).as(built.stderr()).isZero();
    for (String kind : List.of("ServiceMonitor", "PrometheusRule")) {
      assertThat(built.stdout())
          .containsPattern(
              "kind: "
                  + kind
                  + "\nmetadata:\n  labels:\n(    .+\n)*    release: kube-prometheus-stack\n");
    }
  }

  @Test
  void theEgressPolicyIsAppliedWhereTheOperatorIs() {
    String policy = yaml(Docs.section("### Limit the egress")).toList().getFirst();
    assertThat(
            type(
                Docs.command("kubectl apply -n iris-system -f -").replace("iris-system", namespace)
                    + " <<'END'\n"
                    + policy
                    + "END\n"))
        .contains("networkpolicy.networking.k8s.io/iris-credential-operator-egress created");
  }

  @Test
  void aPullSecretHoldsThePasswordOfTheFile(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("password"), "secret");
    type(
        "cd %s\n".formatted(folder)
            + Docs.command("kubectl create secret docker-registry")
                .replace("iris-system", namespace));
    assertThat(type("kubectl get secret registry -o jsonpath='{.type} {.data}'"))
        .startsWith("kubernetes.io/dockerconfigjson ");
  }

  private static void kustomize(Path folder, String sections, String installed) throws IOException {
    for (String part : List.of("crds", "deploy")) {
      copy(Path.of(part), folder.resolve("iris-credential-operator"));
    }
    Files.writeString(folder.resolve("ca.crt"), "a certificate");
    Files.writeString(
        folder.resolve("kustomization.yaml"),
        yaml(sections)
            .collect(Collectors.joining())
            .replace("iris-credential-operator/deploy", "iris-credential-operator/" + installed));
  }

  private static void isAsTheExampleWantsIt(Container operator) {
    assertThat(operator.getImage())
        .isEqualTo("registry.example.com/iris-credential-operator:0.1.0");
    assertThat(operator.getEnv())
        .extracting(EnvVar::getName)
        .contains("IRIS_CA_BUNDLE", "HTTPS_PROXY", "NO_PROXY", "IRIS_LEADER_ELECTION");
    assertThat(operator.getVolumeMounts())
        .extracting(VolumeMount::getName)
        .containsExactlyInAnyOrder("iris-ca", "kubernetes");
  }

  private static void copy(Path source, Path target) throws IOException {
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copied = target.resolve(file);
        Files.createDirectories(copied.getParent());
        Files.copy(file, copied);
      }
    }
  }

  private List<Container> operators(Path folder) {
    return deployments(folder).stream()
        .map(made -> made.getSpec().getTemplate().getSpec().getContainers().getFirst())
        .toList();
  }

  private List<Deployment> deployments(Path folder) {
    CommandResult built = plane.kubectl("kustomize", folder.toString());
    assertThat(built.exitCode()).as(built.stderr()).isZero();
    byte[] manifests = built.stdout().getBytes(StandardCharsets.UTF_8);
    return plane.admin().load(new ByteArrayInputStream(manifests)).items().stream()
        .filter(Deployment.class::isInstance)
        .map(Deployment.class::cast)
        .toList();
  }

  private RunningOperator operator(FakeAuthorizationServer server) {
    return RunningOperator.start(plane, namespace, server.url(), clock);
  }

  private void follow(Stream<Block> steps) {
    steps.forEach(
        step -> {
          if (step.language().equals("sh")) {
            type(step.text());
          } else {
            type("kubectl apply -f - <<'END'\n" + step.text() + "END\n");
          }
        });
  }

  private String type(String commands) {
    CommandResult result = plane.shell(namespace, commands);
    assertThat(result.exitCode()).as(commands + "\n" + result.stderr()).isZero();
    return result.stdout();
  }

  @ParameterizedTest
  @MethodSource("objects")
  void isTaken(String yaml) {
    CommandResult result =
        plane.kubectlWithInput(yaml, "apply", "--dry-run=server", "-n", namespace, "-f", "-");
    assertThat(result.stderr()).isEmpty();
    assertThat(result.exitCode()).isZero();
  }
}
