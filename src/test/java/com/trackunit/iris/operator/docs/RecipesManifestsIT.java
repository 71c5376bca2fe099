package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.docs.RecipesPages.Block;
import com.trackunit.iris.operator.docs.RecipesPages.Page;
import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The objects of the recipes, on a real API server. */
class RecipesManifestsIT {
  private static final ControlPlane PLANE = ControlPlane.get();

  private final String namespace = PLANE.newNamespace();

  /** The kinds of others, which this API server has to know before it takes an object of them. */
  @BeforeAll
  static void knowForeignKinds() {
    define("externalsecrets", "external-secrets.io", "v1", "ExternalSecret");
    define("vaultstaticsecrets", "secrets.hashicorp.com", "v1beta1", "VaultStaticSecret");
  }

  static Stream<Block> objects() {
    return RecipesPages.all().stream()
        .flatMap(Page::blocks)
        .filter(block -> block.after().startsWith("apiVersion: "))
        .filter(block -> !block.after().contains("kind: Kustomization"));
  }

  @ParameterizedTest
  @MethodSource("objects")
  void isTaken(Block block) {
    apply(block.after());
  }

  @Test
  void thePodThatHoldsALoginIsTakenAndBecomesTheOneThatReadsAFile() {
    Block deployment = RecipesPages.page("README.md").block("diff");
    apply(deployment.before());
    apply(deployment.after());
    CommandResult applied =
        PLANE.kubectl("get", "deployment", "fleet-sync", "-n", namespace, "-o", "yaml");
    assertThat(applied.stdout()).contains("secretName: fleet-sync-token").doesNotContain("envFrom");
  }

  private void apply(String yaml) {
    CommandResult applied = PLANE.kubectlWithInput(yaml, "apply", "-n", namespace, "-f", "-");
    assertThat(applied.stderr()).isEmpty();
    assertThat(applied.exitCode()).isZero();
  }

  private static void define(String plural, String group, String version, String kind) {
    String definition =
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: %1$s.%2$s}
        spec:
          group: %2$s
          names: {plural: %1$s, kind: %4$s}
          scope: Namespaced
          versions:
            - name: %3$s
              served: true
              storage: true
              schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        """
            .formatted(plural, group, version, kind);
    PLANE.apply("default", definition);
    CommandResult known =
        PLANE.kubectl("wait", "--for=condition=Established", "crd/" + plural + "." + group);
    assertThat(known.exitCode()).as(known.stderr()).isZero();
  }
}
