package com.trackunit.iris.operator.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * Stands in for the IRIS API: answers 200 to a token that is alive and 401 to any other, and
 * remembers each call. It knows nothing of how tokens are issued.
 */
final class StandInIris implements AutoCloseable {
  /** One call: what it asked for, with which header, and what it was answered. */
  record Call(String path, String authorization, int status) {}

  private final HttpServer server;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final AtomicInteger arrived = new AtomicInteger();
  private final Map<Integer, Runnable> before = new ConcurrentHashMap<>();
  private final Map<Integer, Runnable> after = new ConcurrentHashMap<>();
  private volatile Set<String> alive = Set.of();
  private volatile UnaryOperator<String> answers = path -> "answer to " + path;

  private StandInIris(HttpServer server) {
    this.server = server;
  }

  static StandInIris start() {
    try {
      InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      StandInIris iris = new StandInIris(HttpServer.create(anyPort, 0));
      iris.server.createContext("/", iris::serve);
      iris.server.start();
      return iris;
    } catch (IOException unexpected) {
      throw new UncheckedIOException(unexpected);
    }
  }

  /** In the place of {@code https://iris.trackunit.com}. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on, these tokens are alive and no others. */
  void accept(String... tokens) {
    alive = Set.of(tokens);
  }

  /** From now on, answers a path with this body. */
  void answer(UnaryOperator<String> bodies) {
    answers = bodies;
  }

  /** Happens when the call of this number, from 1 on, was sent and is not yet decided. */
  void before(int call, Runnable change) {
    before.put(call, change);
  }

  /** Happens when the call of this number is decided, and its caller does not know yet. */
  void after(int call, Runnable change) {
    after.put(call, change);
  }

  /** In the order they were decided. */
  List<Call> calls() {
    return List.copyOf(calls);
  }

  List<Integer> statuses() {
    return calls.stream().map(Call::status).toList();
  }

  long refused() {
    return calls.stream().filter(call -> call.status() != HttpURLConnection.HTTP_OK).count();
  }

  boolean wasCalledWith(String token) {
    return calls.stream().anyMatch(call -> call.authorization().equals("Bearer " + token));
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      int number = arrived.incrementAndGet();
      before.getOrDefault(number, () -> {}).run();
      String header =
          Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "");
      boolean accepted =
          header.startsWith("Bearer ") && alive.contains(header.substring("Bearer ".length()));
      int status = accepted ? HttpURLConnection.HTTP_OK : HttpURLConnection.HTTP_UNAUTHORIZED;
      String path = exchange.getRequestURI().toString();
      calls.add(new Call(path, header, status));
      after.getOrDefault(number, () -> {}).run();
      byte[] body = (accepted ? answers.apply(path) : "refused").getBytes(UTF_8);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
