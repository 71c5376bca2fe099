package com.trackunit.iris.operator.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.trackunit.iris.operator.health.ServerContact;
import com.trackunit.iris.operator.leader.Leadership;
import com.trackunit.iris.operator.support.StandInApiServer;
import com.trackunit.iris.operator.time.TimeSource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many objects of a list are asked for at a time, and that each of them arrives. */
class BoundedListsTest {
  private static final Pattern LIMIT = Pattern.compile("limit=(\\d+)");
  private static final Pattern CONTINUE = Pattern.compile("continue=(\\d+)");
  private static final int KILOBYTE = 1000;
  private static final int MEGABYTE = 1_000_000;

  private final List<Integer> limits = new CopyOnWriteArrayList<>();
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private StandInApiServer server;
  private KubernetesClient client;
  private int number;
  private IntUnaryOperator sizeOf = i -> KILOBYTE;

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
  void asksForMoreOfWhatIsLight() {
    number = 2000;

    assertThat(list()).isEqualTo(number);
    assertThat(limits).containsExactly(100, 400, 500, 500, 500);
  }

  @Test
  void asksForLessOfWhatIsHeavy() {
    number = 20;
    sizeOf = i -> MEGABYTE;

    assertThat(list()).isEqualTo(number);
    assertThat(limits.subList(0, 3)).containsExactly(100, 12, 1);
    assertThat(limits.subList(3, limits.size())).containsOnly(3);
  }

  @Test
  void asksAgainForAPageThatGotHeavy() {
    number = 1200;
    sizeOf = i -> i < 1000 || i >= 1020 ? KILOBYTE : MEGABYTE;

    assertThat(list()).isEqualTo(number);
    assertThat(limits.subList(0, 5)).containsExactly(100, 400, 500, 500, 62);
  }

  @Test
  void readsAnObjectOfAnySize() {
    number = 2;
    sizeOf = i -> 6 * MEGABYTE;

    assertThat(list()).isEqualTo(number);
  }

  @Test
  void readsOnePageAtATime() {
    number = 1500;
    try (ExecutorService others = Executors.newFixedThreadPool(4)) {
      IntStream.range(0, 4).forEach(_ -> others.execute(this::list));
    }

    assertThat(most).hasValue(1);
  }

  @Test
  void goesOnAfterAPageThatFailed() {
    number = -1;
    assertThatThrownBy(this::list).isInstanceOf(KubernetesClientException.class);
    number = 3;

    assertThat(list()).isEqualTo(3);
  }

  /** As the framework lists, in pages of 500. Returns how many different Secrets there were. */
  private long list() {
    List<String> names = new ArrayList<>();
    String next = null;
    do {
      SecretList page =
          client
              .secrets()
              .inNamespace("fleet")
              .list(new ListOptionsBuilder().withLimit(500L).withContinue(next).build());
      page.getItems().stream().map(Secret::getMetadata).forEach(meta -> names.add(meta.getName()));
      next = page.getMetadata().getContinue();
    } while (next != null && !next.isEmpty());
    assertThat(names).doesNotHaveDuplicates();
    return names.size();
  }

  private void answer(HttpExchange exchange) throws IOException {
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
    try (exchange) {
      if (number < 0) {
        exchange.sendResponseHeaders(410, -1);
        return;
      }
      String query = exchange.getRequestURI().getQuery();
      int limit = number(LIMIT, query);
      int from = number(CONTINUE, query);
      limits.add(limit);
      byte[] body = page(from, Math.min(number, from + limit)).getBytes(StandardCharsets.UTF_8);
      // Before the client can have read it all, and ask for the next.
      now.decrementAndGet();
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(body);
    }
  }

  private static int number(Pattern pattern, String query) {
    Matcher matcher = pattern.matcher(query);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  private String page(int from, int to) {
    return """
    {"apiVersion": "v1", "kind": "SecretList", "metadata": {"continue": "%s"}, "items": [%s]}
    """
        .formatted(
            to < number ? to : "",
            IntStream.range(from, to).mapToObj(this::secret).collect(Collectors.joining(",")));
  }

  private String secret(int i) {
    return """
    {"metadata": {"namespace": "fleet", "name": "s%d"}, "data": {"x": "%s"}}"""
        .formatted(i, "x".repeat(sizeOf.applyAsInt(i)));
  }
}
