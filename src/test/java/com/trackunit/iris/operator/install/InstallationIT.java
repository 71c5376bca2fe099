package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ApiCall;
import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.FreePorts;
import com.trackunit.iris.operator.support.OperatorProcess;
import com.trackunit.iris.operator.support.Specs;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped jar on clusters of its own, installed, run and removed as the documentation says. */
class InstallationIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ControlPlane plane = ControlPlane.another();
  private final FakeAuthorizationServer server = FakeAuthorizationServer.start();

  @BeforeEach
  void makeNamespaces() {
    type(Docs.command("kubectl create namespace integrations"));
    kubectl("create", "namespace", "elsewhere");
  }

  @AfterEach
  void close() {
    server.close();
    plane.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"deploy/overlays/cluster-wide", "deploy/overlays/namespaced"})
  void usesAllItsRightsAndIsRefusedNothing(String overlay) {
    boolean everywhere = overlay.endsWith("cluster-wide");
    if (everywhere) {
      kubectl("apply", "-k", overlay);
    } else {
      type(Docs.command("kubectl apply -k deploy/overlays/namespaced"));
      // The control plane comes with the rights for all namespaces.
      type(Docs.command("kubectl delete clusterrole"));
    }
    long mark = plane.audit().mark();

    try (OperatorProcess operator = start(overlay)) {
      createCredential("elsewhere");
      createCredential("integrations");
      awaitToken("integrations");
      if (everywhere) {
        awaitToken("elsewhere");
      }
      kubectl(
          "patch",
          "secret/fleet-token",
          "-nintegrations",
          "--type=json",
          "-p=[{\"op\": \"remove\", \"path\": \"/data/authorization\"}]");
      awaitToken("integrations");
      operator.terminate();
      assertThat(operator.isGoneWithin(PATIENCE)).isTrue();
    }

    List<ApiCall> calls = plane.audit().since(mark, ControlPlane.OPERATOR);
    assertThat(calls).filteredOn(call -> call.code() == 403).isEmpty();
    assertThat(used(calls)).isEqualTo(granted(overlay));
    assertThat(server.questions()).hasSize(everywhere ? 2 : 1);
    assertThat(secrets("elsewhere")).isEqualTo(everywhere ? "login fleet-token" : "login");
  }

  @Test
  void leavesDefinitionCredentialsAndTokensWhenItIsRemoved() {
    plane.startGarbageCollector();
    kubectl("apply", "-k", "deploy");
    try (OperatorProcess operator = start("deploy")) {
      createCredential("integrations");
      awaitToken("integrations");
      operator.terminate();
      assertThat(operator.isGoneWithin(PATIENCE)).isTrue();
    }
    String before = tokens();

    for (int time = 0; time < 3; time++) {
      CommandResult all = plane.kubectl("delete", "-k", "deploy", "--wait=false");
      assertThat(all.exitCode()).isEqualTo(1);
      assertThat(all.stderr()).contains("The definition stays");
      assertThat(tokens()).isEqualTo(before);
    }
    assertThat(deletedAsACollection().stderr()).contains("The definition stays");
    assertThat(tokens()).isEqualTo(before);

    kubectl("wait", "--for=delete", "namespace/iris-system", "--timeout=50s");
    type(Docs.command("kubectl apply -k deploy"));
    type(Docs.command("kubectl delete -k deploy -l"));
    type(Docs.command("kubectl delete -k deploy -l") + " --ignore-not-found");
    assertThat(tokens()).isEqualTo(before);

    Docs.steps("### Remove all credentials and tokens too").forEach(block -> type(block.text()));
    assertThat(kubectl("get", "crd", "-oname")).doesNotContain("iriscredentials");
    await().until(() -> secrets("integrations"), "login"::equals);
  }

  @Test
  void givesTheDefinitionAndItsPolicyTheAnnotationsThatPruningToolsObey() {
    kubectl("apply", "-k", "deploy");
    for (String kept :
        List.of(
            "crd/iriscredentials.iris.trackunit.com",
            "validatingadmissionpolicy/iris-credential-definition-stays",
            "validatingadmissionpolicybinding/iris-credential-definition-stays")) {
      assertThat(kubectl("get", kept, "-o=jsonpath={.metadata.annotations}"))
          .contains(
              "\"argocd.argoproj.io/sync-options\":\"Prune=false,Delete=false\"",
              "\"helm.sh/resource-policy\":\"keep\"",
              "\"kustomize.toolkit.fluxcd.io/prune\":\"disabled\"");
    }
  }

  private CommandResult deletedAsACollection() {
    return plane.kubectl(
        "delete",
        "--raw=/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
            + "?fieldSelector=metadata.name%3Diriscredentials.iris.trackunit.com");
  }

  @Test
  void letsThoseWhoViewOrEditANamespaceDoSoWithItsCredentials() {
    plane.startGarbageCollector();
    for (String role : List.of("view", "edit", "admin")) {
      kubectl(
          "create",
          "rolebinding",
          role,
          "--clusterrole=" + role,
          "--user=" + role,
          "-nintegrations");
    }

    await().until(() -> may("view", "watch") && may("admin", "create"));
    assertThat(may("view", "create") || may("view", "delete")).isFalse();
    for (String role : List.of("edit", "admin")) {
      assertThat(Stream.of("get", "list", "create", "update", "patch", "delete"))
          .allMatch(verb -> may(role, verb));
      assertThat(may(role, "patch", "--subresource=status")).isFalse();
    }
  }

  private OperatorProcess start(String overlay) {
    Map<String, String> environment = plane.podVariables(environment(overlay));
    environment.put("IRIS_TOKEN_URL", server.url().toString());
    environment.put("POD_NAMESPACE", "iris-system");
    environment.put("POD_NAME", "first");
    // The manifests name one, which a pod has for itself.
    environment.put("IRIS_PROBE_PORT", String.valueOf(FreePorts.next()));
    return OperatorProcess.start(environment).awaitReady();
  }

  private Map<String, String> environment(String overlay) {
    return built(overlay)
        .filter(Deployment.class::isInstance)
        .map(Deployment.class::cast)
        .flatMap(made -> made.getSpec().getTemplate().getSpec().getContainers().stream())
        .flatMap(container -> container.getEnv().stream())
        .filter(variable -> variable.getValue() != null)
        .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
  }

  private Stream<HasMetadata> built(String overlay) {
    byte[] yaml = kubectl("kustomize", overlay).getBytes(StandardCharsets.UTF_8);
    return plane.admin().load(new ByteArrayInputStream(yaml)).items().stream();
  }

  private Set<String> granted(String overlay) {
    return built(overlay)
        .filter(made -> made.getMetadata().getName().startsWith("iris-credential-operator"))
        .flatMap(InstallationIT::rules)
        .flatMap(
            rule ->
                rule.getResources().stream()
                    .flatMap(
                        resource -> rule.getVerbs().stream().map(verb -> verb + " " + resource)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<PolicyRule> rules(HasMetadata made) {
    if (made instanceof ClusterRole role) {
      return role.getRules().stream();
    }
    return made instanceof Role role ? role.getRules().stream() : Stream.of();
  }

  private static Set<String> used(List<ApiCall> calls) {
    return calls.stream()
        // Everybody may ask what he may do.
        .filter(call -> !Set.of("", "selfsubjectaccessreviews").contains(call.resource()))
        .map(
            call ->
                call.verb()
                    + " "
                    + call.resource()
                    + (call.subresource().isEmpty() ? "" : "/" + call.subresource()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void createCredential(String namespace) {
    plane.apply(namespace, Specs.withLogin("fleet"));
  }

  private void awaitToken(String namespace) {
    await()
        .until(
            () -> {
              var target =
                  plane.admin().secrets().inNamespace(namespace).withName("fleet-token").get();
              return target != null && target.getData().containsKey("authorization");
            });
    kubectl("wait", "--for=condition=Ready", "iriscred/fleet", "-n" + namespace, "--timeout=30s");
  }

  private String tokens() {
    return kubectl(
            "get", "secret,iriscred", "-nintegrations", "-o=jsonpath={.items[*].metadata.uid}")
        + kubectl("get", "secret/fleet-token", "-nintegrations", "-o=jsonpath={.data}");
  }

  private String secrets(String namespace) {
    return plane.admin().secrets().inNamespace(namespace).list().getItems().stream()
        .map(secret -> secret.getMetadata().getName())
        .sorted(Comparator.reverseOrder())
        .collect(Collectors.joining(" "));
  }

  private boolean may(String user, String verb, String... more) {
    List<String> question =
        new ArrayList<>(
            List.of("auth", "can-i", verb, "iriscredentials", "-nintegrations", "--as=" + user));
    question.addAll(List.of(more));
    return plane.kubectl(question.toArray(String[]::new)).exitCode() == 0;
  }

  private void type(String command) {
    CommandResult result = plane.shell(command);
    assertThat(result.exitCode()).as(command + "\n" + result.stderr()).isZero();
  }

  private String kubectl(String... arguments) {
    CommandResult result = plane.kubectl(arguments);
    assertThat(result.exitCode()).as(result.stderr()).isZero();
    return result.stdout();
  }
}
