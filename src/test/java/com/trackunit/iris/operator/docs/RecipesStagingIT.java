package com.trackunit.iris.operator.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.docs.RecipesPages.Block;
import com.trackunit.iris.operator.docs.RecipesPages.Page;
import com.trackunit.iris.operator.support.Chart;
import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import com.trackunit.iris.operator.support.HelmTools;
import com.trackunit.iris.operator.support.MovableClock;
import com.trackunit.iris.operator.support.RunningOperator;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two systems in one cluster, installed and used with the files and commands of the page. */
class RecipesStagingIT {
  private static final String STAGING_URL = "https://auth.staging.example.com/token";
  private static final String PRODUCTION =
      """
      apiVersion: iris.trackunit.com/v1
      kind: IrisCredential
      metadata: {name: fleet-sync}
      spec: {credentialsSecretRef: {name: fleet-api-user}}
      """;

  private final Page page = RecipesPages.page("production-and-staging.md");
  private final MovableClock clock = new MovableClock();

  @Test
  void eachCredentialHasTheTokenOfItsOwnSystemAndTheLabelMovesIt() throws IOException {
    ControlPlane plane = ControlPlane.get();
    String namespace = plane.newNamespace();
    Map<String, String> installed = environmentOf(plane, kustomization());
    assertThat(installed).containsEntry("IRIS_TOKEN_URL", STAGING_URL);
    try (FakeAuthorizationServer production = system("of-production");
        FakeAuthorizationServer staging = system("of-staging");
        RunningOperator _ = RunningOperator.start(plane, namespace, production.url(), clock);
        RunningOperator _ =
            RunningOperator.start(
                plane,
                Set.of(namespace),
                staging.url(),
                Map.of("IRIS_SHARD", installed.get("IRIS_SHARD")),
                clock)) {
      login(plane, namespace, "fleet-api-user");
      login(plane, namespace, "fleet-staging-user");

      apply(plane, namespace, PRODUCTION);
      apply(plane, namespace, yaml("kind: IrisCredential"));

      await().until(() -> token(plane, namespace, "fleet-sync").equals("of-production"));
      await().until(() -> token(plane, namespace, "fleet-sync-staging").equals("of-staging"));
      assertThat(users(production)).containsExactly("fleet-api-user");
      assertThat(users(staging)).containsExactly("fleet-staging-user");

      staging.answer(question -> Answer.json(503, ""));
      clock.move(Duration.ofSeconds(11)); // beyond the floor between two requests
      type(plane, namespace, "kubectl label iriscred/fleet-sync iris.trackunit.com/shard=staging");

      await().until(() -> ready(plane, namespace, "fleet-sync").equals("TokenOutdated"));
      assertThat(token(plane, namespace, "fleet-sync")).isEqualTo("of-production");
      grant(staging, "of-staging");
      clock.move(Duration.ofMinutes(1));
      await().until(() -> token(plane, namespace, "fleet-sync").equals("of-staging"));
      await().until(() -> ready(plane, namespace, "fleet-sync").equals("TokenValid"));
      assertThat(users(production)).as("of production, which is asked no more").hasSize(1);
    }
  }

  @Test
  void kustomizeSetsEveryUrlOfAnOperatorWithAnotherName() throws IOException {
    ControlPlane plane = ControlPlane.get();
    assertThat(environmentOf(plane, kustomization())).containsAllEntriesOf(variables());
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void helmAddsAReleaseBesideTheFirst(String helm) throws IOException {
    try (ControlPlane plane = ControlPlane.empty()) {
      Path values = Files.createTempFile(Path.of("target"), "staging", ".yaml");
      Files.writeString(values, file("staging-values.yaml"));
      helm(plane, helm, "helm install first %s --namespace iris-system --create-namespace");

      helm(plane, helm, command("helm ").replace("staging-values.yaml", values.toString()));

      assertThat(
              environment(
                  plane
                      .admin()
                      .apps()
                      .deployments()
                      .inNamespace("iris-system")
                      .withName("iris-credential-operator-staging")
                      .get()))
          .containsAllEntriesOf(variables());
    }
  }

  @Test
  void aForgottenLabelIsRefusedInANamespaceOfStagingAndTheLabelEverywhereElse() {
    try (ControlPlane plane = ControlPlane.another()) {
      bindTheLabel(plane);
    }
  }

  private void bindTheLabel(ControlPlane plane) {
    String namespace = plane.newNamespace();
    String production = plane.newNamespace();
    String staging = yaml("kind: IrisCredential");
    apply(plane, production, staging.replace("fleet-sync-staging", "earlier"));
    apply(plane, namespace, yaml("kind: ValidatingAdmissionPolicy"));
    type(plane, namespace, command("kubectl label").replace("integrations-staging", namespace));

    // The API server needs a moment to know a policy.
    await()
        .until(
            () -> tried(plane, namespace, PRODUCTION).stderr(),
            refused -> refused.contains("(Forbidden)") && refused.contains("nowhere else"));

    assertThat(tried(plane, namespace, staging).exitCode()).isZero();
    assertThat(tried(plane, production, PRODUCTION).exitCode()).isZero();
    assertThat(tried(plane, production, staging).stderr()).contains("nowhere else");
    CommandResult suspended =
        plane.kubectl(
            "patch",
            "iriscred/earlier",
            "-n" + production,
            "--type=merge",
            "-p={\"spec\":{\"suspend\":true}}");
    assertThat(suspended.exitCode()).as(suspended.stderr()).isZero();
  }

  private static Map<String, String> variables() {
    return Map.of(
        "IRIS_SHARD",
        "staging",
        "IRIS_TOKEN_URL",
        STAGING_URL,
        "IRIS_CLIENT_CREDENTIALS_TOKEN_URL",
        STAGING_URL + "/v2",
        "IRIS_APP_TOKEN_URL",
        "https://auth.staging.example.com/apptoken");
  }

  /** A copy of the tree in which a reader has typed and written what the page says. */
  private Path kustomization() throws IOException {
    Path tree = Chart.copy(Path.of("deploy"), Path.of("crds")).toAbsolutePath();
    type(ControlPlane.get(), "default", "cd " + tree + "\n" + block("cp -R ").text());
    String name = "deploy/overlays/staging/kustomization.yaml";
    Files.writeString(tree.resolve(name), file(name));
    return tree.resolve(command("kubectl apply -k ").replace("kubectl apply -k ", "").strip());
  }

  private static Map<String, String> environmentOf(ControlPlane plane, Path kustomization) {
    CommandResult built = plane.kubectl("kustomize", kustomization.toString());
    assertThat(built.exitCode()).as(built.stderr()).isZero();
    List<Deployment> deployments =
        plane
            .admin()
            .load(new ByteArrayInputStream(built.stdout().getBytes(UTF_8)))
            .items()
            .stream()
            .filter(Deployment.class::isInstance)
            .map(Deployment.class::cast)
            .toList();
    assertThat(deployments)
        .extracting(deployment -> deployment.getMetadata().getName())
        .containsExactly("iris-credential-operator-staging");
    return environment(deployments.getFirst());
  }

  private static Map<String, String> environment(Deployment deployment) {
    Map<String, String> variables = new HashMap<>();
    for (EnvVar variable :
        deployment.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv()) {
      variables.put(variable.getName(), variable.getValue());
    }
    return variables;
  }

  private Block block(String beginning) {
    return page.blocks()
        .filter(block -> block.text().startsWith(beginning))
        .findFirst()
        .orElseThrow();
  }

  private String command(String beginning) {
    return block(beginning).text();
  }

  private String file(String name) {
    return page.blocks()
        .filter(block -> block.file().equals(name))
        .findFirst()
        .orElseThrow()
        .text();
  }

  private String yaml(String kind) {
    return page.blocks()
        .filter(block -> block.language().equals("yaml") && block.text().contains(kind + "\n"))
        .findFirst()
        .orElseThrow()
        .text();
  }

  private static FakeAuthorizationServer system(String token) {
    FakeAuthorizationServer server = FakeAuthorizationServer.start();
    grant(server, token);
    return server;
  }

  private static void grant(FakeAuthorizationServer server, String token) {
    server.answer(
        question ->
            Answer.json(200, "{\"access_token\":\"%s\",\"expires_in\":3600}".formatted(token)));
  }

  private static List<String> users(FakeAuthorizationServer server) {
    return server.questions().stream()
        .map(question -> question.field("username").orElse(""))
        .toList();
  }

  private static void login(ControlPlane plane, String namespace, String name) {
    type(
        plane,
        namespace,
        "kubectl create secret generic %1$s --from-literal=username=%1$s --from-literal={password,client_id,client_secret}=a"
            .formatted(name));
  }

  private static String token(ControlPlane plane, String namespace, String credential) {
    var secret =
        plane.admin().secrets().inNamespace(namespace).withName(credential + "-token").get();
    return secret == null
        ? ""
        : new String(Base64.getDecoder().decode(secret.getData().get("access_token")), UTF_8);
  }

  private static String ready(ControlPlane plane, String namespace, String credential) {
    return plane
        .admin()
        .resources(IrisCredential.class)
        .inNamespace(namespace)
        .withName(credential)
        .get()
        .getStatus()
        .condition("Ready")
        .orElseThrow()
        .reason();
  }

  private static CommandResult tried(ControlPlane plane, String namespace, String yaml) {
    return plane.kubectlWithInput(
        yaml, "apply", "-n", namespace, "--dry-run=server", "--filename=-");
  }

  private static void apply(ControlPlane plane, String namespace, String yaml) {
    CommandResult applied = plane.kubectlWithInput(yaml, "apply", "-n", namespace, "--filename=-");
    assertThat(applied.exitCode()).as(applied.stderr()).isZero();
  }

  private static void type(ControlPlane plane, String namespace, String commands) {
    CommandResult result = plane.shell(namespace, commands);
    assertThat(result.exitCode()).as(commands + "\n" + result.stderr()).isZero();
  }

  private static void helm(ControlPlane plane, String helm, String command) {
    String[] words = command.formatted(Chart.FOLDER).strip().split(" ");
    CommandResult result =
        HelmTools.get()
            .run(
                helm,
                plane.adminKubeconfig(),
                java.util.Arrays.copyOfRange(words, 1, words.length));
    assertThat(result.exitCode()).as(result.stderr()).isZero();
  }
}
