package com.trackunit.iris.operator.load;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** How late tokens are renewed while nothing else happens, as others see it in the Secrets. */
final class SteadyState {
  /** How long nothing is due. */
  static final Duration IDLE = Duration.ofMinutes(10);

  /** How long tokens live while their renewals are watched. */
  static final Duration LIFE = Duration.ofSeconds(600);

  /** How far apart two renewals of a token of that life are, about. */
  static final Duration PERIOD = Duration.ofSeconds(330);

  private static final Duration WATCHED = Duration.ofMinutes(15);
  private static final String RENEW_AT = "iris.trackunit.com/renew-at";

  private final List<Duration> lateness;

  private SteadyState(List<Duration> lateness) {
    this.lateness = lateness;
  }

  /** Watches the Secrets of this namespace for a quarter of an hour. */
  static SteadyState watch(KubernetesClient client, String namespace) {
    Queue<Duration> lateness = new ConcurrentLinkedQueue<>();
    try (SharedIndexInformer<Secret> _ =
        client.secrets().inNamespace(namespace).inform(new Renewals(lateness))) {
      await().pollDelay(WATCHED).atMost(WATCHED.plusSeconds(5)).until(() -> true);
    }
    return new SteadyState(lateness.stream().sorted().toList());
  }

  int renewals() {
    return lateness.size();
  }

  /**
   * Seconds from the planned renewal until the new token is in the Secret.
   *
   * @param share of the renewals that are not later, up to 1
   */
  double lateness(double share) {
    if (lateness.isEmpty()) {
      throw new IllegalStateException("no renewal was seen");
    }
    int index = (int) Math.ceil(share * lateness.size()) - 1;
    return lateness.get(index).toMillis() / 1000.0;
  }

  private record Renewals(Queue<Duration> lateness) implements ResourceEventHandler<Secret> {
    @Override
    public void onUpdate(Secret before, Secret now) {
      Instant planned = Instant.parse(renewAt(before));
      if (!renewAt(before).equals(renewAt(now))) {
        lateness.add(Duration.between(planned, Instant.now()));
      }
    }

    private static String renewAt(Secret token) {
      return token.getMetadata().getAnnotations().get(RENEW_AT);
    }

    @Override
    public void onAdd(Secret token) {}

    @Override
    public void onDelete(Secret token, boolean deletedFinalStateUnknown) {}
  }
}
