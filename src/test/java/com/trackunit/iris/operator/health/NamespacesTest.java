package com.trackunit.iris.operator.health;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.trackunit.iris.operator.support.StandInApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each namespace is served, waited for and told of by itself. */
class NamespacesTest {
  private static final Right WATCH_SECRETS = new Right("watch", "secrets");
  private static final WatchRequest SECRETS_OF_A =
      new WatchRequest("/api/v1/namespaces/a/secrets", "x%3Dy");
  private static final WatchRequest CREDENTIALS_OF_A =
      new WatchRequest("/apis/iris.trackunit.com/v1/namespaces/a/iriscredentials", "");

  /** The HTTP status of a call as {@code watch secrets in a}, 200 unless a test says otherwise. */
  private final Map<String, Integer> codes = new HashMap<>();

  private final List<String> done = new ArrayList<>();
  private boolean servable = true;
  private StandInApiServer server;
  private KubernetesClient client;
  private Namespaces namespaces;

  @BeforeEach
  void listen() throws IOException {
    server = new StandInApiServer(this::answer);
    client = new KubernetesClientBuilder().withConfig(server.config()).build();
    namespaces =
        new Namespaces(
            new NamespaceProbe(new MetadataReader(client)),
            new Namespaces.Service() {
              @Override
              public boolean serve(String added, Set<String> before) {
                done.add("serve " + added + " beside " + before);
                return servable;
              }

              @Override
              public void tell(String namespace, String missing) {
                done.add("tell " + namespace + " " + missing);
              }
            });
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void oneThatWaitsIsToldWhatIsMissing() {
    codes.put("list secrets in b", 403);
    codes.put("watch secrets in b", 403);
    namespaces.begin(Set.of("a"), Map.of("b", Set.of(WATCH_SECRETS)));

    namespaces.askWaiting();

    assertThat(done).containsExactly("tell b list secrets, watch secrets");
    assertThat(shown()).isEqualTo("{b=[list secrets, watch secrets]}");
  }

  @Test
  void oneThatWaitsIsServedOnceNothingIsMissing() {
    codes.put("watch secrets in c", 403);
    namespaces.begin(Set.of("a"), Map.of("b", Set.of(WATCH_SECRETS), "c", Set.of(WATCH_SECRETS)));

    namespaces.askWaiting();
    namespaces.askWaiting();

    assertThat(done)
        .containsExactly("serve b beside [a]", "tell c watch secrets", "tell c watch secrets");
    assertThat(shown()).isEqualTo("{c=[watch secrets]}");
  }

  @Test
  void oneThatCouldNotBeAddedWaitsOn() {
    namespaces.begin(Set.of("a"), Map.of("b", Set.of(WATCH_SECRETS)));
    servable = false;
    namespaces.askWaiting();
    assertThat(shown()).isEqualTo("{b=[watch secrets]}");

    servable = true;
    namespaces.askWaiting();

    assertThat(done).containsExactly("serve b beside [a]", "serve b beside [a]");
    assertThat(shown()).isEqualTo("{}");
  }

  @Test
  void nobodyIsServedOrToldWhileTheApiServerFails() {
    codes.put("list iriscredentials in b", 503);
    namespaces.begin(Set.of("a"), Map.of("b", Set.of(WATCH_SECRETS)));

    namespaces.askWaiting();

    assertThat(done).isEmpty();
    assertThat(shown()).isEqualTo("{b=[watch secrets]}");
  }

  @Test
  void aWatchThatMayNotBeIsNoReasonForARestartAndItsSisterIs() {
    codes.put("watch secrets in a", 403);
    namespaces.begin(Set.of("a", "b"), Map.of());

    namespaces.askWhere(Set.of("a"));

    assertThat(namespaces.isAnsweredAnew(SECRETS_OF_A)).isFalse();
    assertThat(namespaces.isAnsweredAnew(CREDENTIALS_OF_A)).isTrue();
    assertThat(shown()).isEqualTo("{a=[watch secrets]}");
  }

  @Test
  void aWatchOfAnApiServerThatFailsIsNoReasonForARestart() {
    codes.put("watch secrets in a", 500);
    namespaces.begin(Set.of("a"), Map.of());

    namespaces.askWhere(Set.of("a"));

    assertThat(namespaces.isAnsweredAnew(CREDENTIALS_OF_A)).isFalse();
    assertThat(shown()).isEqualTo("{}");
  }

  @Test
  void whatWasLostIsAskedForAgainUntilItIsBack() {
    codes.put("watch secrets in a", 403);
    namespaces.begin(Set.of("a"), Map.of());
    namespaces.askWhere(Set.of("a"));
    codes.clear();

    namespaces.askWhere(Set.of());

    assertThat(shown()).isEqualTo("{}");
  }

  private String shown() {
    return namespaces.missing().entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String[] path = exchange.getRequestURI().getPath().split("/namespaces/|/");
    String namespace = path[path.length - 2];
    String verb = exchange.getRequestURI().getQuery().contains("watch=true") ? "watch" : "list";
    int code = codes.getOrDefault(verb + " " + path[path.length - 1] + " in " + namespace, 200);
    byte[] body = "{\"metadata\": {\"resourceVersion\": \"7\"}, \"items\": []}".getBytes(UTF_8);
    exchange.sendResponseHeaders(code, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
