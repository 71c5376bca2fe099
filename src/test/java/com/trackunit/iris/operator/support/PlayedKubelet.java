package com.trackunit.iris.operator.support;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;

/**
 * The kubelets of a namespace, as far as a rollout looks at them: every pod is ready as soon as it
 * is there. Runs no container.
 */
public final class PlayedKubelet implements AutoCloseable {
  /** Where every pod is said to be. */
  public static final String ADDRESS = "192.0.2.1";

  private final SharedIndexInformer<Pod> pods;

  public PlayedKubelet(KubernetesClient client, String namespace) {
    pods =
        client
            .pods()
            .inNamespace(namespace)
            .inform(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(Pod pod) {
                    client.resource(pod).editStatus(PlayedKubelet::ready);
                  }

                  @Override
                  public void onUpdate(Pod before, Pod after) {}

                  @Override
                  public void onDelete(Pod pod, boolean unseen) {}
                });
  }

  private static Pod ready(Pod pod) {
    return new PodBuilder(pod)
        .editOrNewStatus()
        .withPhase("Running")
        .withPodIP(ADDRESS)
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .endCondition()
        .endStatus()
        .build();
  }

  @Override
  public void close() {
    pods.close();
  }
}
