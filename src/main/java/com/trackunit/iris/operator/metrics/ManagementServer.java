package com.trackunit.iris.operator.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * Serves {@code /livez} and {@code /readyz} on all addresses of one port, and {@code /metrics} if
 * it is told to.
 */
public final class ManagementServer implements AutoCloseable {
  private static final String TEXT = "text/plain; charset=utf-8";

  private static final int NO_BODY = -1;

  private final HttpServer server;

  private ManagementServer(
      String variable, int port, BooleanSupplier isAlive, BooleanSupplier isReady) {
    try {
      server = HttpServer.create(new InetSocketAddress(port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(
          variable + " " + port + " cannot be opened: " + e.getMessage(), e);
    }
    server.createContext("/livez", exchange -> answer(exchange, isAlive.getAsBoolean()));
    server.createContext("/readyz", exchange -> answer(exchange, isReady.getAsBoolean()));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  /**
   * Opens the port of {@code IRIS_PROBE_PORT}, with the probes alone.
   *
   * @param port 0 selects a free port
   * @throws UncheckedIOException if the port cannot be opened
   */
  public static ManagementServer ofProbes(
      int port, BooleanSupplier isAlive, BooleanSupplier isReady) {
    return new ManagementServer("IRIS_PROBE_PORT", port, isAlive, isReady);
  }

  /**
   * Opens the port of {@code IRIS_PORT}, with the probes and the metrics.
   *
   * @param port 0 selects a free port
   * @param registry served by Prometheus' own handler, which negotiates format and compression
   * @throws UncheckedIOException if the port cannot be opened
   */
  public static ManagementServer withMetrics(
      int port, PrometheusRegistry registry, BooleanSupplier isAlive, BooleanSupplier isReady) {
    ManagementServer management = new ManagementServer("IRIS_PORT", port, isAlive, isReady);
    management.server.createContext("/metrics", new ScrapeHandler(registry));
    return management;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static void answer(HttpExchange exchange, boolean good) throws IOException {
    answer(
        exchange,
        good ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAVAILABLE,
        good ? "ok\n" : "not ok\n");
  }

  /** Answers with a short text; a HEAD gets its length alone. */
  static void answer(HttpExchange exchange, int status, String text) throws IOException {
    try (exchange) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", TEXT);
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", String.valueOf(bytes.length));
        exchange.sendResponseHeaders(status, NO_BODY);
        return;
      }
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
