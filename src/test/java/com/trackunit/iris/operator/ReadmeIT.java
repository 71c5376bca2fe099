package com.trackunit.iris.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import com.trackunit.iris.operator.support.MovableClock;
import com.trackunit.iris.operator.support.RunningOperator;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README has its readers type, on a real API server. */
class ReadmeIT {
  private static final Pattern TYPED = Pattern.compile("(?ms)^ *```(sh|yaml)\n(.*?)^ *```");

  private static final String INSTALL = "## Install";

  private final ControlPlane plane = ControlPlane.get();

  /** All but those of Install, which are for kustomize. */
  static Stream<String> objects() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    Set<String> forKustomize = yaml(blocks(INSTALL)).collect(Collectors.toSet());
    return yaml(TYPED.matcher(readme).results()).filter(block -> !forKustomize.contains(block));
  }

  private static Stream<String> yaml(Stream<MatchResult> blocks) {
    return blocks
        .filter(block -> block.group(1).equals("yaml"))
        .map(block -> block.group(2).stripIndent());
  }

  @Test
  void aNewcomerWhoTypesWhatItSaysHasATokenAndANewOneOnRequest() throws IOException {
    String namespace = plane.newNamespace();
    MovableClock clock = new MovableClock();
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start();
        RunningOperator operator = RunningOperator.start(plane, namespace, server.url(), clock)) {
      server.grantFor(Duration.ofHours(1));
      assertThat(operator.get("/readyz")).startsWith("200 ");
      follow(blocks("## Use in a pod"), namespace);
      assertThat(server.questions()).hasSize(1);
      assertThat(plane.shell(namespace, "kubectl get iriscred").stdout())
          .containsPattern("NAME +READY +REASON +EXPIRES +RENEWS +AGE")
          .containsPattern("fleet-sync +True +TokenValid ");

      clock.move(Duration.ofSeconds(11)); // beyond the floor between two requests
      follow(blocks("## A token now").limit(1), namespace);
      await().untilAsserted(() -> assertThat(server.questions()).hasSize(2));
    }
  }

  @Test
  void theRunbookFindsWhoSharesARefusedLoginAndStopsItsTries() throws IOException {
    String namespace = plane.newNamespace();
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start();
        RunningOperator operator =
            RunningOperator.start(plane, namespace, server.url(), new MovableClock())) {
      server.answer(question -> Answer.error(400, "invalid_grant"));
      assertThat(operator.get("/readyz")).startsWith("200 ");
      follow(blocks("## Use in a pod").limit(2), namespace);
      List<String> typed =
          blocks("#### IrisAccountNearLockOut").map(block -> block.group(2).stripIndent()).toList();

      await()
          .untilAsserted(
              () ->
                  assertThat(plane.shell(namespace, typed.getFirst()).stdout())
                      .containsPattern(namespace + " +fleet-sync +fleet-api-user +[0-9a-f]{64}"));
      String patch = typed.getLast().replace("NAME", "fleet-sync").replace("NS", namespace);
      assertThat(plane.shell(namespace, patch).exitCode()).isZero();
      await()
          .untilAsserted(
              () ->
                  assertThat(plane.shell(namespace, "kubectl describe iriscred").stdout())
                      .containsPattern("Reason: +Suspended"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"deploy", "deploy/overlays/shard"})
  void aKustomizationOfOnesOwnNamesTheImageTheAuthorityAndTheProxy(
      String installed, @TempDir Path folder) throws IOException {
    for (String part : List.of("crds", "deploy")) {
      copy(Path.of(part), folder.resolve("iris-credential-operator"));
    }
    Files.writeString(folder.resolve("ca.crt"), "a certificate");
    Files.writeString(
        folder.resolve("kustomization.yaml"),
        yaml(blocks(INSTALL))
            .collect(Collectors.joining())
            .replace("iris-credential-operator/deploy", "iris-credential-operator/" + installed));

    assertThat(operators(folder)).hasSize(1).allSatisfy(ReadmeIT::isAsTheExampleWantsIt);
    CommandResult applied = plane.kubectl("apply", "--dry-run=server", "-k", folder.toString());
    assertThat(applied.exitCode()).as(applied.stderr()).isZero();
    assertThat(applied.stdout()).contains("configmap/iris-ca created");
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
    CommandResult built = plane.kubectl("kustomize", folder.toString());
    assertThat(built.exitCode()).as(built.stderr()).isZero();
    byte[] manifests = built.stdout().getBytes(StandardCharsets.UTF_8);
    return plane.admin().load(new ByteArrayInputStream(manifests)).items().stream()
        .filter(Deployment.class::isInstance)
        .map(Deployment.class::cast)
        .map(made -> made.getSpec().getTemplate().getSpec().getContainers().getFirst())
        .toList();
  }

  private static Stream<MatchResult> blocks(String heading) throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String section = readme.substring(readme.indexOf(heading) + heading.length());
    return TYPED.matcher(section.substring(0, section.indexOf("\n##"))).results();
  }

  private void follow(Stream<MatchResult> blocks, String namespace) {
    blocks.forEach(
        block -> {
          String text = block.group(2).stripIndent();
          CommandResult result =
              block.group(1).equals("sh")
                  ? plane.shell(namespace, text)
                  : plane.kubectlWithInput(text, "apply", "-n", namespace, "-f", "-");
          assertThat(result.exitCode()).as(text + result.stderr()).isZero();
        });
  }

  @ParameterizedTest
  @MethodSource("objects")
  void isTaken(String yaml) {
    String namespace = plane.newNamespace();
    CommandResult result =
        plane.kubectlWithInput(yaml, "apply", "--dry-run=server", "-n", namespace, "-f", "-");
    assertThat(result.stderr()).isEmpty();
    assertThat(result.exitCode()).isZero();
  }
}
