package com.trackunit.iris.operator.nudge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which pods are nudged when the Secret {@code fleet-token} changes. */
class MountingPodsTest {
  private static final String SECRET = "{name: token, secret: {secretName: fleet-token}}";
  private static final String OTHER = "{name: token, secret: {secretName: other}}";
  private static final String CONFIG = "{name: token, configMap: {name: fleet-token}}";
  private static final String PROJECTED =
      "{name: token, projected: {sources: [{configMap: {name: x}}, {secret: {name: fleet-token}}]}}";
  private static final String PROJECTED_OTHER =
      "{name: token, projected: {sources: [{secret: {name: other}}]}}";
  private static final String MOUNT = "{name: token, mountPath: /token}";
  private static final String SUB = "{name: token, mountPath: /a, subPath: access_token}";
  private static final String SUB_EXPR = "{name: token, mountPath: /a, subPathExpr: $(KEY)}";

  static Stream<Arguments> pods() {
    return Stream.of(
        argumentSet("mounts the Secret", pod("Running", SECRET, MOUNT), true),
        argumentSet("mounts it among several", pod("Running", PROJECTED, MOUNT), true),
        argumentSet("mounts it by subPath and whole", pod("Running", SECRET, SUB, MOUNT), true),
        argumentSet("mounts it by subPath alone", pod("Running", SECRET, SUB), false),
        argumentSet("mounts it by subPathExpr alone", pod("Running", SECRET, SUB_EXPR), false),
        argumentSet("mounts another Secret", pod("Running", OTHER, MOUNT), false),
        argumentSet("projects another Secret", pod("Running", PROJECTED_OTHER, MOUNT), false),
        argumentSet("mounts a ConfigMap of that name", pod("Running", CONFIG, MOUNT), false),
        argumentSet("has the volume, mounts it nowhere", pod("Running", SECRET), false),
        argumentSet("has no volume", pod("Running", ""), false),
        argumentSet("has not begun", pod("Pending", SECRET, MOUNT), false),
        argumentSet("has ended well", pod("Succeeded", SECRET, MOUNT), false),
        argumentSet("has ended badly", pod("Failed", SECRET, MOUNT), false),
        argumentSet("is about to end", ending(pod("Running", SECRET, MOUNT)), false));
  }

  @ParameterizedTest
  @MethodSource("pods")
  void areNudged(Pod pod, boolean nudged) {
    assertThat(MountingPods.of(List.of(pod), "fleet-token"))
        .isEqualTo(nudged ? List.of(pod) : List.of());
  }

  private static Pod pod(String phase, String volumes, String... mounts) {
    return Serialization.unmarshal(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: reader}
        spec:
          volumes: [%s]
          containers: [{name: side, image: none}, {name: main, image: none, volumeMounts: [%s]}]
        status: {phase: %s}
        """
            .formatted(volumes, String.join(", ", mounts), phase),
        Pod.class);
  }

  private static Pod ending(Pod pod) {
    pod.getMetadata().setDeletionTimestamp("2026-05-04T12:00:00Z");
    return pod;
  }
}
