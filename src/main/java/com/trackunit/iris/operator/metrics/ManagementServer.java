package com.trackunit.iris.operator.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** Serves {@code /metrics}, {@code /livez} and {@code /readyz} on all addresses. */
public final class ManagementServer implements AutoCloseable {
  private static final String TEXT = "text/plain; charset=utf-8";

  private static final int NO_BODY = -1;

  private final HttpServer server;

  /**
   * Opens the port.
   *
   * @param port 0 selects a free port
   * @param registry served by Prometheus' own handler, which negotiates format and compression
   * @throws UncheckedIOException if the port cannot be opened
   */
  public ManagementServer(
      int port, PrometheusRegistry registry, BooleanSupplier isAlive, BooleanSupplier isReady) {
    try {
      server = HttpServer.create(new InetSocketAddress(port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "IRIS_PORT " + port + " cannot be opened: " + e.getMessage(), e);
    }
    server.createContext("/metrics", new MetricsHandler(registry));
    server.createContext("/livez", exchange -> answer(exchange, isAlive.getAsBoolean()));
    server.createContext("/readyz", exchange -> answer(exchange, isReady.getAsBoolean()));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static void answer(HttpExchange exchange, boolean good) throws IOException {
    try (exchange) {
      byte[] bytes = (good ? "ok\n" : "not ok\n").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", TEXT);
      int status = good ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAVAILABLE;
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
