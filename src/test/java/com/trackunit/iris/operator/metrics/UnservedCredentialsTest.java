package com.trackunit.iris.operator.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.trackunit.iris.operator.support.StandInApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Credentials whose authors write a shard of their own into each. */
class UnservedCredentialsTest {
  private static final String LABEL = "iris.trackunit.com/shard";
  private static final int CREDENTIALS = 1000;

  private final AtomicInteger calls = new AtomicInteger();
  private final List<String> asked = new ArrayList<>();
  private StandInApiServer api;
  private KubernetesClient client;

  @BeforeEach
  void start() throws IOException {
    api = new StandInApiServer(this::anotherShard);
    client = new KubernetesClientBuilder().withConfig(api.config()).build();
  }

  @AfterEach
  void stop() {
    client.close();
    api.close();
  }

  private void anotherShard(HttpExchange exchange) throws IOException {
    int number = calls.incrementAndGet();
    String shard =
        """
        {"apiVersion": "iris.trackunit.com/v1", "kind": "IrisCredential",
         "metadata": {"name": "fleet", "namespace": "team", "labels": {"%s": "s%d"}}}
        """
            .formatted(LABEL, number);
    byte[] list =
        """
        {"apiVersion": "iris.trackunit.com/v1", "kind": "IrisCredentialList", "metadata": {}, "items": [%s]}
        """
            .formatted(number <= CREDENTIALS ? shard : "")
            .getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, list.length);
    exchange.getResponseBody().write(list);
    exchange.close();
  }

  @Test
  void costNoMoreCallsThanAHundredShards() {
    UnservedCredentials unserved =
        new UnservedCredentials(
            client,
            LABEL,
            shard -> {
              asked.add(shard);
              return true;
            },
            () -> true);

    unserved.look(Set.of(""));

    assertThat(asked).hasSize(UnservedCredentials.MOST_SHARDS);
    assertThat(calls).hasValue(UnservedCredentials.MOST_SHARDS + 1);
  }
}
