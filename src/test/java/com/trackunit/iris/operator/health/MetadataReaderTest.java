package com.trackunit.iris.operator.health;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.trackunit.iris.operator.leader.Leadership;
import com.trackunit.iris.operator.startup.KubernetesClients;
import com.trackunit.iris.operator.support.StandInApiServer;
import com.trackunit.iris.operator.time.TimeSource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What others wrote into an object does not keep its version from being read. */
class MetadataReaderTest {
  private StandInApiServer server;
  private KubernetesClient client;
  private String page = "";

  @BeforeEach
  void start() throws IOException {
    server = new StandInApiServer(this::answer);
    client =
        KubernetesClients.connect(
            server.config(), new Leadership.Alone(), new ServerContact(TimeSource.system()));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void passesOverMetadataOfAnyWeight() {
    assertThat(versionsOf(100, "{\"f:a\":\"%s\"}".formatted("x".repeat(100_000)))).isEqualTo(100);
  }

  @Test
  void passesOverNamesOfAnyLength() {
    assertThat(versionsOf(1, "{\"f:%s\":{}}".formatted("x".repeat(1_000_000)))).isEqualTo(1);
  }

  @Test
  void passesOverAnyDepth() {
    assertThat(versionsOf(1, "{\"f:a\":".repeat(9000) + "{}" + "}".repeat(9000))).isEqualTo(1);
  }

  private int versionsOf(int number, String fields) {
    page =
        IntStream.range(0, number)
            .mapToObj(i -> item(i, fields))
            .collect(joining(",", "{\"metadata\":{\"resourceVersion\":\"9\"},\"items\":[", "]}"));
    return new MetadataReader(client).list("api/v1/secrets", "a=b").versions().size();
  }

  private static String item(int i, String fields) {
    return "{\"metadata\":{\"managedFields\":[%s],\"name\":\"s%d\",\"resourceVersion\":\"8\"}}"
        .formatted(fields, i);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(page.getBytes(UTF_8));
    }
  }
}
