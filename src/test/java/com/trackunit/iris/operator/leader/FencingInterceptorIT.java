package com.trackunit.iris.operator.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.trackunit.iris.operator.support.ControlPlane;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a replica may send that leads no more. */
class FencingInterceptorIT {
  private final ControlPlane plane = ControlPlane.get();
  private final String namespace = plane.newNamespace();
  private boolean held = true;

  private final class Switch implements Leadership {
    @Override
    public Optional<String> problem() {
      return Optional.empty();
    }

    @Override
    public void start(Runnable lead) {
      lead.run();
    }

    @Override
    public boolean isHeld() {
      return held;
    }

    @Override
    public void close() {
      held = false;
    }
  }

  @Test
  void letsALeaderWriteAndAnybodyRead() {
    try (KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(plane.operatorConfig())
            .withHttpClientBuilderConsumer(
                builder ->
                    builder.addOrReplaceInterceptor("Fence", new FencingInterceptor(new Switch())))
            .build()) {
      client.resource(secret("early")).create();
      held = false;

      assertThatThrownBy(() -> client.resource(secret("late")).create())
          .isInstanceOfSatisfying(
              KubernetesClientException.class, e -> assertThat(e.getCode()).isNotPositive())
          .hasStackTraceContaining("This replica does not lead.");
      assertThat(client.secrets().inNamespace(namespace).list().getItems())
          .extracting(secret -> secret.getMetadata().getName())
          .containsExactly("early");
    }
  }

  private Secret secret(String name) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .build();
  }
}
