package com.trackunit.iris.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DeployIT {
  private final ControlPlane plane = ControlPlane.get();
  private final KubernetesClient operator =
      new KubernetesClientBuilder().withConfig(plane.operatorConfig()).build();

  @AfterEach
  void closeClient() {
    operator.close();
  }

  private static final List<String> BASE =
      List.of(
          "namespace/iris-system",
          "customresourcedefinition.apiextensions.k8s.io/iriscredentials.iris.trackunit.com",
          "serviceaccount/iris-credential-operator",
          "clusterrole.rbac.authorization.k8s.io/iris-credentials-view",
          "clusterrole.rbac.authorization.k8s.io/iris-credentials-edit",
          "role.rbac.authorization.k8s.io/iris-credential-operator",
          "rolebinding.rbac.authorization.k8s.io/iris-credential-operator",
          "service/iris-credential-operator",
          "deployment.apps/iris-credential-operator",
          "poddisruptionbudget.policy/iris-credential-operator",
          "networkpolicy.networking.k8s.io/iris-credential-operator",
          "validatingadmissionpolicy.admissionregistration.k8s.io/iris-credential-definition-stays",
          "validatingadmissionpolicybinding.admissionregistration.k8s.io/iris-credential-definition-stays");
  private static final List<String> CLUSTER_WIDE =
      List.of(
          "clusterrole.rbac.authorization.k8s.io/iris-credential-operator",
          "clusterrolebinding.rbac.authorization.k8s.io/iris-credential-operator");
  private static final List<String> NAMESPACED =
      List.of(
          "role.rbac.authorization.k8s.io/iris-credential-operator-watched",
          "rolebinding.rbac.authorization.k8s.io/iris-credential-operator-watched");

  @ParameterizedTest
  @MethodSource
  void isAcceptedByTheApiServer(String source, List<String> beside) {
    // The namespaces are there already, or a dry run could put nothing into them.
    plane.kubectl("create", "namespace", "integrations");

    CommandResult applied = plane.kubectl("apply", "--dry-run=server", source);

    assertThat(applied.exitCode()).as(applied.stderr()).isZero();
    assertThat(applied.stderr()).doesNotContain("PodSecurity", "unknown field");
    assertThat(applied.stdout().lines().map(line -> line.replaceFirst(" .*", "")))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(BASE.stream(), beside.stream()).toList());
  }

  static Stream<Arguments> isAcceptedByTheApiServer() {
    return Stream.of(
        Arguments.of("--kustomize=deploy", CLUSTER_WIDE),
        Arguments.of("--kustomize=deploy/overlays/cluster-wide", CLUSTER_WIDE),
        Arguments.of("--kustomize=deploy/overlays/namespaced", NAMESPACED),
        Arguments.of("--filename=deploy/install.yaml", CLUSTER_WIDE));
  }

  @Test
  void isTheSameInOneFile() throws IOException {
    Path file = Path.of("deploy/install.yaml");
    String built = plane.kubectl("kustomize", "deploy").stdout();
    if (System.getProperty("install.update") != null) {
      Files.writeString(file, built);
    }
    assertThat(file).as("regenerate with -Dinstall.update").content().isEqualTo(built);
  }

  /** With the definition all credentials would go, and with them the tokens of running pods. */
  @Test
  void staysDefinedWhenTheOperatorIsRemoved() {
    CommandResult deleted =
        plane.kubectl("delete", "--dry-run=server", "--wait=false", "--kustomize=deploy");

    assertThat(deleted.stderr()).contains("The definition stays, and with it all credentials");
    assertThat(deleted.stdout())
        .doesNotContain("customresourcedefinition")
        .contains("namespace \"iris-system\" deleted")
        .contains("iris-credential-definition-stays\" deleted");
    // The definition is refused before the policy that protects it goes.
    List<String> kinds =
        Pattern.compile("(?m)^kind: (.*)$")
            .matcher(plane.kubectl("kustomize", "deploy").stdout())
            .results()
            .map(kind -> kind.group(1))
            .toList();
    assertThat(kinds).containsSubsequence("CustomResourceDefinition", "ValidatingAdmissionPolicy");
  }

  @Test
  void addsScrapesAndAlertsAsAComponentOfTheirOwn() throws IOException {
    String built = plane.kubectl("kustomize", with("monitoring").toString()).stdout();

    // Without it the label namespace would be the operator's.
    assertThat(built).contains("kind: ServiceMonitor", "kind: PrometheusRule", "honorLabels: true");
  }

  private static Path with(String component) throws IOException {
    Path overlay = Files.createTempDirectory(Path.of("target"), component);
    Files.writeString(
        overlay.resolve("kustomization.yaml"),
        """
        resources: [../../deploy]
        components: [../../deploy/components/%s]
        """
            .formatted(component));
    return overlay;
  }

  @Test
  void runsInANamespaceForRestrictedPodsOnly() throws IOException {
    Pod pod = shippedPod();

    assertThat(plane.admin().resource(pod).dryRun().create().getSpec().getServiceAccountName())
        .isEqualTo("iris-credential-operator");
    assertThatThrownBy(() -> plane.admin().resource(asRoot(pod)).dryRun().create())
        .hasMessageContaining("violates PodSecurity \"restricted:latest\"");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "iris.trackunit.com, iriscredentials, -,      list watch,                   get create update patch delete deletecollection",
        "iris.trackunit.com, iriscredentials, status, patch,                        get update",
        "'',                 secrets,         -,      get list watch create patch,  update delete deletecollection",
        "events.k8s.io,      events,          -,      create,                       get list watch update patch delete",
        "'',                 events,          -,      -,                            create patch",
        "coordination.k8s.io, leases,         -,      -,                            get list watch create update patch delete",
        "'',                 pods,            -,      -,                            get list watch create patch delete",
        "'',                 nodes,           -,      -,                            get list",
        "'',                 namespaces,      -,      -,                            get list watch",
        "rbac.authorization.k8s.io, clusterroles, -,  -,                            get create update bind escalate"
      })
  void givesTheOperatorTheShippedRightsAndNoOthers(
      String group,
      String resource,
      @Nullable String subresource,
      @Nullable String allowed,
      String forbidden) {
    assertThat(words(allowed)).allMatch(verb -> mayDo(verb, group, resource, subresource));
    assertThat(words(forbidden)).noneMatch(verb -> mayDo(verb, group, resource, subresource));
  }

  @Test
  void addsTheNudgeAsAComponentOfItsOwn() throws IOException {
    Path overlay = with("nudge");

    CommandResult applied = plane.kubectl("apply", "--dry-run=server", "--kustomize=" + overlay);

    assertThat(applied.exitCode()).as(applied.stderr()).isZero();
    assertThat(applied.stdout())
        .contains(
            "clusterrole.rbac.authorization.k8s.io/iris-credential-operator-nudge",
            "clusterrolebinding.rbac.authorization.k8s.io/iris-credential-operator-nudge");
    assertThat(plane.kubectl("kustomize", overlay.toString()).stdout())
        .containsPattern("name: IRIS_NUDGE_PODS\\s+value: \"true\"");
  }

  @Test
  void letsItHaveLeasesInItsOwnNamespaceAlone() {
    assertThat(List.of("get", "create", "update"))
        .allMatch(verb -> mayDo(verb, "coordination.k8s.io", "leases", null, "iris-system"));
    assertThat(List.of("list", "watch", "patch", "delete", "deletecollection"))
        .noneMatch(verb -> mayDo(verb, "coordination.k8s.io", "leases", null, "iris-system"));
  }

  private Pod shippedPod() throws IOException {
    try (InputStream yaml = Files.newInputStream(Path.of("deploy/base/deployment.yaml"))) {
      Deployment deployment = plane.admin().apps().deployments().load(yaml).item();
      var template = deployment.getSpec().getTemplate();
      return new PodBuilder()
          .withMetadata(template.getMetadata())
          .editMetadata()
          .withName("shipped")
          .withNamespace(deployment.getMetadata().getNamespace())
          .endMetadata()
          .withSpec(template.getSpec())
          .build();
    }
  }

  private static Pod asRoot(Pod pod) {
    return new PodBuilder(pod)
        .editSpec()
        .editSecurityContext()
        .withRunAsUser(0L)
        .endSecurityContext()
        .endSpec()
        .build();
  }

  private boolean mayDo(String verb, String group, String resource, @Nullable String subresource) {
    return mayDo(verb, group, resource, subresource, "default");
  }

  private boolean mayDo(
      String verb, String group, String resource, @Nullable String subresource, String namespace) {
    var review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withVerb(verb)
            .withGroup(group)
            .withResource(resource)
            .withSubresource(subresource)
            .withNamespace(namespace)
            .endResourceAttributes()
            .endSpec()
            .build();
    return operator.resource(review).create().getStatus().getAllowed();
  }

  private static List<String> words(@Nullable String text) {
    return text == null ? List.of() : List.of(text.split(" "));
  }
}
