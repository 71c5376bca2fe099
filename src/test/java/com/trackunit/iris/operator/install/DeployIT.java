package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.Docs;
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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeployIT {
  private static final List<String> EVERYWHERE =
      List.of(
          "customresourcedefinition.apiextensions.k8s.io/iriscredentials.iris.trackunit.com",
          "serviceaccount/iris-credential-operator",
          "role.rbac.authorization.k8s.io/iris-credential-operator",
          "rolebinding.rbac.authorization.k8s.io/iris-credential-operator",
          "clusterrole.rbac.authorization.k8s.io/iris-credentials-view",
          "clusterrole.rbac.authorization.k8s.io/iris-credentials-edit",
          "deployment.apps/iris-credential-operator",
          "service/iris-credential-operator",
          "poddisruptionbudget.policy/iris-credential-operator",
          "networkpolicy.networking.k8s.io/iris-credential-operator",
          "validatingadmissionpolicy.admissionregistration.k8s.io/iris-credential-metadata",
          "validatingadmissionpolicybinding.admissionregistration.k8s.io/iris-credential-metadata",
          "validatingadmissionpolicy.admissionregistration.k8s.io/iris-credential-definition-stays",
          "validatingadmissionpolicybinding.admissionregistration.k8s.io/iris-credential-definition-stays");

  /** The kustomizations themselves, what is made from them, and what is for Prometheus. */
  private static final List<String> NOT_FOR_KUSTOMIZE =
      List.of("kustomization.yaml", "install.yaml", "rules.yaml", "rules_test.yaml");

  private final ControlPlane plane = ControlPlane.get();
  private final KubernetesClient operator =
      new KubernetesClientBuilder().withConfig(plane.operatorConfig()).build();

  @AfterEach
  void closeClient() {
    operator.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--kustomize=deploy",
        "--filename=deploy/install.yaml",
        "--kustomize=deploy/overlays/cluster-wide"
      })
  void isAcceptedByTheApiServer(String source) {
    List<String> applied = new ArrayList<>(applied(source));
    assertThat(applied.remove("namespace/iris-system")).isEqualTo(!source.endsWith("cluster-wide"));
    assertThat(applied)
        .contains(
            "clusterrole.rbac.authorization.k8s.io/iris-credential-operator",
            "clusterrolebinding.rbac.authorization.k8s.io/iris-credential-operator")
        .containsAll(EVERYWHERE)
        .hasSize(EVERYWHERE.size() + 2);
  }

  @Test
  void grantsNothingBeyondTheNamedNamespacesInTheOverlayForThem() {
    plane.kubectl("create", "namespace", "integrations");

    assertThat(applied("--kustomize=deploy/overlays/namespaced"))
        .contains(
            "namespace/iris-system",
            "role.rbac.authorization.k8s.io/iris-credential-operator-watched",
            "rolebinding.rbac.authorization.k8s.io/iris-credential-operator-watched")
        .containsAll(EVERYWHERE)
        .hasSize(EVERYWHERE.size() + 3);
  }

  @Test
  void addsAnOperatorForAShardAndNothingThatTheFirstOneBrought() {
    assertThat(applied("--kustomize=deploy/overlays/shard"))
        .containsExactlyInAnyOrder(
            "serviceaccount/iris-credential-operator-north",
            "role.rbac.authorization.k8s.io/iris-credential-operator-north",
            "rolebinding.rbac.authorization.k8s.io/iris-credential-operator-north",
            "clusterrole.rbac.authorization.k8s.io/iris-credential-operator-north",
            "clusterrolebinding.rbac.authorization.k8s.io/iris-credential-operator-north",
            "deployment.apps/iris-credential-operator-north",
            "service/iris-credential-operator-north",
            "poddisruptionbudget.policy/iris-credential-operator-north",
            "networkpolicy.networking.k8s.io/iris-credential-operator-north");
  }

  @Test
  void usesEveryFile() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("deploy"))) {
      assertThat(files.filter(file -> file.toString().endsWith(".yaml")))
          .filteredOn(
              file ->
                  Stream.of("deploy/helm", "deploy/flux", "deploy/kubectl")
                      .noneMatch(file::startsWith))
          .filteredOn(file -> !NOT_FOR_KUSTOMIZE.contains(file.getFileName().toString()))
          .allSatisfy(
              file ->
                  assertThat(Files.readString(file.resolveSibling("kustomization.yaml")))
                      .contains(file.getFileName().toString()));
    }
  }

  @Test
  void addsScrapingAndAlertsAsAComponent() throws IOException {
    CommandResult built =
        plane.kubectl("kustomize", overlayWith("components/monitoring").toString());

    assertThat(built.exitCode()).as(built.stderr()).isZero();
    assertThat(built.stdout()).contains("kind: ServiceMonitor", "kind: PrometheusRule");
  }

  @Test
  void runsInANamespaceForRestrictedPodsOnly() throws IOException {
    Pod pod = shippedPod();
    assertThat(plane.shell(Docs.command("kubectl label namespace iris-system")).exitCode())
        .isZero();

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
    Path overlay = overlayWith("components/nudge");

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

  private List<String> applied(String source) {
    // The namespace is there already, or a dry run could put nothing into it.
    CommandResult applied = plane.kubectl("apply", "--dry-run=server", source);
    assertThat(applied.exitCode()).as(applied.stderr()).isZero();
    assertThat(applied.stderr()).doesNotContain("PodSecurity", "unknown field");
    return applied.stdout().lines().map(line -> line.replaceFirst(" .*", "")).toList();
  }

  private static Path overlayWith(String component) throws IOException {
    Path overlay = Files.createTempDirectory(Path.of("target"), "overlay");
    Files.writeString(
        overlay.resolve("kustomization.yaml"),
        """
        resources: [../../deploy]
        components: [../../deploy/%s]
        """
            .formatted(component));
    return overlay;
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
