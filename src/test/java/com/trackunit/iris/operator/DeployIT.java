package com.trackunit.iris.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DeployIT {
  private final ControlPlane plane = ControlPlane.get();

  @Test
  void isAcceptedByTheApiServer() {
    // The namespace is there already, or a dry run could put nothing into it.
    CommandResult applied = plane.kubectl("apply", "--dry-run=server", "--kustomize=deploy");

    assertThat(applied.exitCode()).as(applied.stderr()).isZero();
    assertThat(applied.stderr()).doesNotContain("PodSecurity", "unknown field");
    assertThat(applied.stdout().lines().map(line -> line.replaceFirst(" .*", "")))
        .containsExactlyInAnyOrder(
            "namespace/iris-system",
            "customresourcedefinition.apiextensions.k8s.io/iriscredentials.iris.trackunit.com",
            "serviceaccount/iris-credential-operator",
            "clusterrole.rbac.authorization.k8s.io/iris-credential-operator",
            "clusterrolebinding.rbac.authorization.k8s.io/iris-credential-operator",
            "deployment.apps/iris-credential-operator");
  }

  @Test
  void runsInANamespaceForRestrictedPodsOnly() throws IOException {
    Pod pod = shippedPod();

    assertThat(plane.admin().resource(pod).dryRun().create().getSpec().getServiceAccountName())
        .isEqualTo("iris-credential-operator");
    assertThatThrownBy(() -> plane.admin().resource(asRoot(pod)).dryRun().create())
        .hasMessageContaining("violates PodSecurity \"restricted:latest\"");
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
}
