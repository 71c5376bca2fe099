package com.trackunit.iris.operator.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;

/**
 * Serves {@code /metrics} to two clients at a time, and refuses the others at once: each scrape
 * holds a page of some megabytes until its client has read it.
 *
 * <p>A client address has one scrape at a time, so that one client alone cannot keep the others
 * out.
 */
final class ScrapeHandler implements HttpHandler {
  private static final int AT_A_TIME = 2;

  private final Set<InetAddress> clients = new HashSet<>();
  private final HttpHandler metrics;

  ScrapeHandler(PrometheusRegistry registry) {
    metrics = new MetricsHandler(registry);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    InetAddress client = exchange.getRemoteAddress().getAddress();
    if (!enter(client)) {
      ManagementServer.answer(exchange, HttpURLConnection.HTTP_UNAVAILABLE, "busy\n");
      return;
    }
    // Not on the server's virtual threads: a probe would wait until the page is made.
    Thread.ofPlatform().daemon().name("scrape").start(() -> scrape(exchange, client));
  }

  private void scrape(HttpExchange exchange, InetAddress client) {
    try (exchange) {
      metrics.handle(exchange);
    } catch (IOException e) {
      // The client closed the connection, or did not read in time.
    } finally {
      leave(client);
    }
  }

  private synchronized boolean enter(InetAddress client) {
    return clients.size() < AT_A_TIME && clients.add(client);
  }

  private synchronized void leave(InetAddress client) {
    clients.remove(client);
  }
}
