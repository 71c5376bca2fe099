package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleRef;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Two operators in one namespace: the one of the default installation, and one for a shard. */
class ShardOverlayIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Three of the Deployment, and one each of Service, PodDisruptionBudget and NetworkPolicy. */
  private static final int SELECTORS = 6;

  private final ControlPlane plane = ControlPlane.get();
  private final List<HasMetadata> first = built("deploy");
  private final List<HasMetadata> north = built("deploy/overlays/shard");

  @Test
  void selectNoPodOfEachOther() {
    Map<String, String> podOfFirst = podLabels(first);
    Map<String, String> podOfNorth = podLabels(north);

    assertThat(selectors(first))
        .hasSize(SELECTORS)
        .allMatch(selector -> matches(selector, podOfFirst))
        .noneMatch(selector -> matches(selector, podOfNorth));
    assertThat(selectors(north))
        .hasSize(SELECTORS)
        .allMatch(selector -> matches(selector, podOfNorth))
        .noneMatch(selector -> matches(selector, podOfFirst));
  }

  @Test
  void haveNoObjectInCommon() {
    assertThat(names(north)).isNotEmpty().doesNotContainAnyElementsOf(names(first));
  }

  @Test
  void haveRightsOfTheirOwn() {
    assertThat(north.stream().flatMap(ShardOverlayIT::references))
        .containsExactlyInAnyOrder(
            "Role/iris-credential-operator-north",
            "ServiceAccount/iris-credential-operator-north",
            "ClusterRole/iris-credential-operator-north",
            "ServiceAccount/iris-credential-operator-north")
        .isSubsetOf(names(north));
    assertThat(deployment(north).getSpec().getTemplate().getSpec().getServiceAccountName())
        .isEqualTo("iris-credential-operator-north");
  }

  @Test
  void watchOtherCredentials() {
    assertThat(shard(first)).isEmpty();
    assertThat(shard(north)).containsExactly("north");
  }

  private List<HasMetadata> built(String folder) {
    CommandResult built = plane.kubectl("kustomize", folder);
    assertThat(built.exitCode()).as(built.stderr()).isZero();
    byte[] yaml = built.stdout().getBytes(StandardCharsets.UTF_8);
    return plane.admin().load(new ByteArrayInputStream(yaml)).items();
  }

  private static List<String> names(List<HasMetadata> objects) {
    return objects.stream()
        .map(object -> object.getKind() + "/" + object.getMetadata().getName())
        .toList();
  }

  private static Stream<String> references(HasMetadata object) {
    return switch (object) {
      case RoleBinding binding -> references(binding.getRoleRef(), binding.getSubjects());
      case ClusterRoleBinding binding -> references(binding.getRoleRef(), binding.getSubjects());
      default -> Stream.of();
    };
  }

  private static Stream<String> references(RoleRef role, List<Subject> subjects) {
    return Stream.concat(
        Stream.of(role.getKind() + "/" + role.getName()),
        subjects.stream().map(subject -> subject.getKind() + "/" + subject.getName()));
  }

  private static Deployment deployment(List<HasMetadata> objects) {
    return objects.stream()
        .filter(Deployment.class::isInstance)
        .map(Deployment.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> podLabels(List<HasMetadata> objects) {
    return deployment(objects).getSpec().getTemplate().getMetadata().getLabels();
  }

  private static Stream<String> shard(List<HasMetadata> objects) {
    return deployment(objects).getSpec().getTemplate().getSpec().getContainers().stream()
        .flatMap(container -> container.getEnv().stream())
        .filter(variable -> variable.getName().equals("IRIS_SHARD"))
        .map(variable -> variable.getValue());
  }

  private static List<Map<String, String>> selectors(List<HasMetadata> objects) {
    return objects.stream().flatMap(ShardOverlayIT::selectors).toList();
  }

  private static Stream<Map<String, String>> selectors(HasMetadata object) {
    JsonNode tree = JSON.valueToTree(object);
    Stream<JsonNode> found =
        object.getKind().equals("Service")
            ? Stream.of(tree.at("/spec/selector"))
            : tree.findValues("matchLabels").stream();
    return found.map(labels -> JSON.convertValue(labels, new TypeReference<>() {}));
  }

  private static boolean matches(Map<String, String> selector, Map<String, String> labels) {
    return labels.entrySet().containsAll(selector.entrySet());
  }
}
