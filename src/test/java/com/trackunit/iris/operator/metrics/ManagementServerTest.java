package com.trackunit.iris.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a scraper and kubelet receive. */
class ManagementServerTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final AtomicBoolean alive = new AtomicBoolean(true);
  private final ManagementServer server =
      ManagementServer.withMetrics(0, registry, alive::get, () -> false);
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @Test
  void compressesAScrapeForAScraperThatAcceptsIt() throws Exception {
    registry.register(() -> GaugeSnapshot.builder().name("some_gauge").dataPoint(point(7)).build());

    HttpResponse<InputStream> scrape =
        client.send(
            request("/metrics").header("Accept-Encoding", "gzip").build(),
            BodyHandlers.ofInputStream());

    assertThat(scrape.headers().firstValue("Content-Encoding")).hasValue("gzip");
    try (GZIPInputStream text = new GZIPInputStream(scrape.body())) {
      assertThat(new String(text.readAllBytes())).contains("some_gauge 7.0");
    }
  }

  @Test
  void answersInTheFormatThatTheScraperAccepts() throws Exception {
    HttpRequest.Builder open =
        request("/metrics").header("Accept", "application/openmetrics-text; version=1.0.0");

    assertThat(get(open).headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/openmetrics-text");
    assertThat(get(request("/metrics")).headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/plain; version=0.0.4");
  }

  @Test
  void aProbeSays503WhileItsQuestionIsAnsweredByNo() throws Exception {
    assertThat(get(request("/livez")).statusCode()).isEqualTo(200);
    assertThat(get(request("/readyz")).statusCode()).isEqualTo(503);

    alive.set(false);

    assertThat(get(request("/livez")).statusCode()).isEqualTo(503);
  }

  @Test
  void servesTwoScrapesAtATimeOneOfEachAddressAndProbesThroughout() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch over = new CountDownLatch(1);
    registry.register(
        () -> {
          begun.countDown();
          awaitQuietly(over);
          return GaugeSnapshot.builder().name("slow_gauge").dataPoint(point(7)).build();
        });
    Socket first = asked("127.0.0.2");
    Socket second = asked("127.0.0.3");
    begun.await();

    assertThat(statusLine(asked("127.0.0.2"))).isEqualTo("HTTP/1.1 503 Service Unavailable");
    assertThat(statusLine(asked("127.0.0.4"))).isEqualTo("HTTP/1.1 503 Service Unavailable");
    assertThat(get(request("/livez")).statusCode()).isEqualTo(200);

    over.countDown();
    assertThat(statusLine(first)).isEqualTo("HTTP/1.1 200 OK");
    assertThat(statusLine(second)).isEqualTo("HTTP/1.1 200 OK");
    await().until(() -> statusLine(asked("127.0.0.2")).equals("HTTP/1.1 200 OK"));
  }

  @Test
  void theProbesHaveAPortWithoutMetrics() throws Exception {
    try (ManagementServer probes = ManagementServer.ofProbes(0, alive::get, () -> false)) {
      assertThat(get(request(probes, "/livez")).statusCode()).isEqualTo(200);
      assertThat(get(request(probes, "/readyz")).statusCode()).isEqualTo(503);
      assertThat(get(request(probes, "/metrics")).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void namesTheVariableOfAPortThatIsTaken() {
    int taken = server.port();

    assertThatThrownBy(() -> ManagementServer.ofProbes(taken, alive::get, alive::get))
        .hasMessageStartingWith("IRIS_PROBE_PORT " + taken + " cannot be opened: ");
    assertThatThrownBy(() -> ManagementServer.withMetrics(taken, registry, alive::get, alive::get))
        .hasMessageStartingWith("IRIS_PORT " + taken + " cannot be opened: ");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Asks for the metrics from this address of the machine. */
  private Socket asked(String address) throws IOException {
    Socket socket = new Socket("127.0.0.1", server.port(), InetAddress.getByName(address), 0);
    socket.getOutputStream().write("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n".getBytes());
    return socket;
  }

  private static String statusLine(Socket socket) throws IOException {
    try (socket) {
      return new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine();
    }
  }

  private static GaugeDataPointSnapshot point(double value) {
    return GaugeDataPointSnapshot.builder().value(value).build();
  }

  private HttpResponse<String> get(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return request(server, path);
  }

  private static HttpRequest.Builder request(ManagementServer server, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }
}
