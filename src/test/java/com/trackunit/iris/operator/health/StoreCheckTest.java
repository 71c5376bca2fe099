package com.trackunit.iris.operator.health;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.trackunit.iris.operator.support.StandInApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a list proves about a cache, after a watch came back. */
class StoreCheckTest {
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");
  private static final Instant LATER = NOW.plus(StoreCheck.PATIENCE);
  private static final String TEAM = "team-a";
  private static final WatchRequest WATCH =
      new WatchRequest("/api/v1/namespaces/team-a/secrets", "a%3Db");

  private final Map<String, String> cached = new HashMap<>(Map.of("one", "110", "two", "120"));
  private final Map<String, String> stored = new HashMap<>(cached);
  private final Restart restart = new Restart();
  private String version = "130";
  private String resumed = "120";
  private int status = 200;
  private int lists;
  private StandInApiServer server;
  private KubernetesClient client;
  private StoreCheck check;

  @BeforeEach
  void listen() throws IOException {
    server = new StandInApiServer(this::list);
    client = new KubernetesClientBuilder().withConfig(server.config()).build();
    CachedList secrets = new CachedList("secrets", "a=b", namespace -> ids(cached));
    check = new StoreCheck(new MetadataReader(client), List.of(secrets), restart);
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void nothingWhenTheListShowsWhatIsCached() {
    assertThat(wantsRestart(NOW)).isFalse();
    assertThat(wantsRestart(LATER)).isFalse();
    assertThat(lists).isEqualTo(1);
  }

  @Test
  void aRestoreWhenAnObjectIsOlderThanItsCopyThoughTheListIsNewer() {
    stored.put("two", "105");

    assertThat(wantsRestart(NOW)).isTrue();
  }

  @Test
  void aRestoreWhenTheListIsOlderThanWhatIsCached() {
    version = "119";

    assertThat(wantsRestart(NOW)).isTrue();
  }

  @Test
  void aRestoreWhenTheListIsOlderThanWhereTheWatchWentOn() {
    resumed = "131";

    assertThat(wantsRestart(NOW)).isTrue();
  }

  @Test
  void aRestoreWhenAnObjectIsGoneAndTheWatchDoesNotSaySoInAMinute() {
    stored.remove("two");

    assertThat(wantsRestart(NOW)).isFalse();
    assertThat(wantsRestart(LATER.minusSeconds(1))).isFalse();
    assertThat(wantsRestart(LATER)).isTrue();
  }

  @Test
  void aRestoreWhenAnObjectIsNewerAndTheWatchDoesNotSaySoInAMinute() {
    stored.put("two", "125");

    assertThat(wantsRestart(NOW)).isFalse();
    assertThat(wantsRestart(LATER)).isTrue();
  }

  @Test
  void nothingWhenTheWatchCatchesUp() {
    stored.put("two", "125");
    stored.put("three", "126");
    stored.remove("one");
    assertThat(wantsRestart(NOW)).isFalse();

    cached.clear();
    cached.putAll(stored);

    assertThat(wantsRestart(LATER)).isFalse();
  }

  @Test
  void nothingWhenSomebodyWritesAllTheTimeAndTheWatchLagsALittle() {
    stored.put("two", "125");
    assertThat(wantsRestart(NOW)).isFalse();
    cached.put("two", "126");
    stored.put("two", "127");

    assertThat(wantsRestart(LATER)).isFalse();
  }

  @Test
  void asksAgainWhenTheListFailed() {
    stored.put("two", "105");
    status = 503;
    assertThat(wantsRestart(NOW)).isFalse();

    status = 200;

    assertThat(wantsRestart(NOW.plusSeconds(5))).isTrue();
  }

  @Test
  void waitsUntilNoWatchOfTheNamespaceIsDown() {
    stored.put("two", "105");
    check.look(Map.of(WATCH, resumed), Set.of(TEAM), NOW);
    assertThat(lists).isZero();

    assertThat(wantsRestart(NOW)).isTrue();
  }

  private boolean wantsRestart(Instant now) {
    check.look(now.equals(NOW) ? Map.of(WATCH, resumed) : Map.of(), Set.of(), now);
    restart.endIfWanted(false, now);
    return restart.isDue();
  }

  private static Map<ResourceID, String> ids(Map<String, String> versions) {
    return versions.entrySet().stream()
        .collect(
            Collectors.toMap(entry -> new ResourceID(entry.getKey(), TEAM), Map.Entry::getValue));
  }

  // In pages of one, with fields that the reader passes over.
  private void list(HttpExchange exchange) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    List<String> names = stored.keySet().stream().sorted().toList();
    int at =
        query.contains("continue=") ? Integer.parseInt(query.replaceAll(".*continue=", "")) : 0;
    lists += at == 0 ? 1 : 0;
    String next = at + 1 < names.size() ? String.valueOf(at + 1) : "";
    String body =
        """
        {"kind": "List", "metadata": {"continue": "%s", "resourceVersion": "%s", "more": [{}]},
         "items": [{"data": {"metadata": {"name": "no"}}, "metadata": {"labels": {"name": "no"},
          "namespace": "team-a", "resourceVersion": "%s", "name": "%s"}, "kind": "Secret"}]}
        """
            .formatted(next, version, stored.get(names.get(at)), names.get(at));
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
