package com.trackunit.iris.operator.nudge;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecretProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Selects the pods that mount a Secret as files which kubelet updates.
 *
 * <p>Kubelet never updates a {@code subPath} mount or an environment variable. A pod that has ended
 * or is being deleted needs no update.
 */
final class MountingPods {
  private MountingPods() {}

  /** The running pods of this list that mount this Secret. */
  static List<Pod> of(List<Pod> pods, String secret) {
    return pods.stream().filter(pod -> runs(pod) && mounts(pod.getSpec(), secret)).toList();
  }

  private static boolean runs(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() == null
        && pod.getStatus() != null
        && "Running".equals(pod.getStatus().getPhase());
  }

  private static boolean mounts(PodSpec spec, String secret) {
    Set<String> volumes =
        spec.getVolumes().stream()
            .filter(volume -> shows(volume, secret))
            .map(Volume::getName)
            .collect(Collectors.toSet());
    return Stream.concat(spec.getContainers().stream(), spec.getInitContainers().stream())
        .map(Container::getVolumeMounts)
        .flatMap(List::stream)
        .anyMatch(mount -> volumes.contains(mount.getName()) && follows(mount));
  }

  private static boolean shows(Volume volume, String secret) {
    if (volume.getSecret() != null) {
      return secret.equals(volume.getSecret().getSecretName());
    }
    return volume.getProjected() != null
        && volume.getProjected().getSources().stream()
            .map(VolumeProjection::getSecret)
            .anyMatch(projection -> isOf(projection, secret));
  }

  private static boolean isOf(@Nullable SecretProjection projection, String secret) {
    return projection != null && secret.equals(projection.getName());
  }

  private static boolean follows(VolumeMount mount) {
    return isEmpty(mount.getSubPath()) && isEmpty(mount.getSubPathExpr());
  }

  private static boolean isEmpty(@Nullable String text) {
    return text == null || text.isEmpty();
  }
}
