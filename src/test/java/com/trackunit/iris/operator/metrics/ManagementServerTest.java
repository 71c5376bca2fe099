package com.trackunit.iris.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a scraper and kubelet receive. */
class ManagementServerTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final AtomicBoolean alive = new AtomicBoolean(true);
  private final ManagementServer server =
      new ManagementServer(0, registry, alive::get, () -> false);
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

  private static GaugeDataPointSnapshot point(double value) {
    return GaugeDataPointSnapshot.builder().value(value).build();
  }

  private HttpResponse<String> get(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }
}
