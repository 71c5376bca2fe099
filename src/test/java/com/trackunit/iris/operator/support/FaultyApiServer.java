package com.trackunit.iris.operator.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * An API server that fails as a test scripts it: what it does not fail it passes on to the real one
 * of a {@link ControlPlane}, with the login of whoever calls.
 *
 * <p>Scripted are calls that read one object or write one. Lists and watches are answered unless
 * the server is {@linkplain #goDown down}; what a watch tells can be {@linkplain #holdWatches held
 * back}. Watches are plain HTTP here, never WebSockets.
 */
public final class FaultyApiServer implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> PASSED_ON = List.of("Authorization", "Accept", "Content-Type");

  private final ControlPlane plane;
  private final Config real;
  private final HttpClient client;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final List<Written> written = new CopyOnWriteArrayList<>();
  private final Set<InputStream> watches = ConcurrentHashMap.newKeySet();
  private volatile Function<Call, Fault> script = call -> Fault.NONE;
  private volatile Runnable whenAnswerIsLost = () -> {};
  private volatile Consumer<Written> beforeAnswer = done -> {};
  private final Set<String> told = ConcurrentHashMap.newKeySet();
  private volatile boolean down;
  private volatile boolean hung;
  private @Nullable String held;
  private volatile String refused = "none";
  private volatile String denied = "none";
  private final AtomicInteger denials = new AtomicInteger();
  private HttpServer server;

  private FaultyApiServer(ControlPlane plane) {
    this.plane = plane;
    this.real = plane.operatorConfig();
    this.client = connect(real);
    this.server = listen(0);
  }

  /** What becomes of a call. */
  public enum Fault {
    /** It is answered as it should be. */
    NONE,
    /** HTTP 503, and nothing is done. */
    UNAVAILABLE,
    /** HTTP 404 with the name of the object, and nothing is done. */
    NOT_FOUND,
    /** HTTP 409, and nothing is done. */
    CONFLICT,
    /** HTTP 429 with a Retry-After, and nothing is done. */
    TOO_MANY_REQUESTS,
    /** HTTP 403, and nothing is done. */
    FORBIDDEN,
    /** The connection is closed, and nothing is done. */
    UNHEARD,
    /** It is done, and the connection is closed instead of an answer. */
    ANSWER_LOST;

    private int status() {
      return switch (this) {
        case UNAVAILABLE -> 503;
        case NOT_FOUND -> 404;
        case CONFLICT -> 409;
        case TOO_MANY_REQUESTS -> 429;
        case FORBIDDEN -> 403;
        case NONE, UNHEARD, ANSWER_LOST -> throw new IllegalStateException(name());
      };
    }
  }

  /** A call that reads one object or writes one, as {@code PATCH /api/v1/…/secrets/name}. */
  public record Call(String method, String path) {
    /** Whether it may change something. */
    public boolean writes() {
      return !method.equals("GET");
    }

    private String name() {
      return path.replaceFirst("/status$", "").replaceFirst(".*/", "");
    }

    @Override
    public String toString() {
      return method + " " + path.replaceFirst(".*/namespaces/[^/]+/", "");
    }
  }

  /** A write that the real server did, with the object as it is stored now. */
  public record Written(Call call, JsonNode object) {}

  public static FaultyApiServer before(ControlPlane plane) {
    return new FaultyApiServer(plane);
  }

  /** Where the real one is. */
  public ControlPlane plane() {
    return plane;
  }

  /** How an operator reaches it, with the shipped rights; a copy that its reader may change. */
  public Config config() {
    return new ConfigBuilder(real)
        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/")
        .withOnlyHttpWatches(true)
        .build();
  }

  /** From now on, calls fail so. */
  public void fail(Function<Call, Fault> newScript) {
    script = newScript;
  }

  /** What happens after a call was done and before its lost answer closes the connection. */
  public void whenAnswerIsLost(Runnable action) {
    whenAnswerIsLost = action;
  }

  /** What happens after a write was done and before it is answered. */
  public void beforeAnswer(Consumer<Written> action) {
    beforeAnswer = action;
  }

  /** Whether a watch has told of an object in this version. */
  public boolean hasTold(String version) {
    return told.contains(version);
  }

  /** {@link #config} as a file, for another process. */
  public Path kubeconfig() {
    try {
      Path file = Files.createTempFile(Path.of("target"), "faulty", ".kubeconfig");
      file.toFile().deleteOnExit();
      Config config = config();
      return Files.writeString(
          file,
          """
          apiVersion: v1
          kind: Config
          current-context: test
          contexts: [{name: test, context: {cluster: test, user: operator}}]
          clusters: [{name: test, cluster: {server: "%s"}}]
          users: [{name: operator, user: {token: "%s"}}]
          """
              .formatted(config.getMasterUrl(), config.getAutoOAuthToken()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In the order they came, the failed ones as well. */
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  /** In the order they were done, whether the answer was lost or not. */
  public List<Written> written() {
    return List.copyOf(written);
  }

  /** Cuts every connection and refuses new ones until {@link #comeUp}. */
  public void goDown() {
    down = true;
    server.stop(0);
    watches.forEach(FaultyApiServer::close);
  }

  /** Listens again where it did. */
  public void comeUp() {
    down = false;
    server = listen(server.getAddress().getPort());
  }

  /** From now on, watches stay open and tell nothing. */
  public void holdWatches() {
    holdWatches("");
  }

  /** From now on, the watches on one resource stay open and tell nothing. */
  public synchronized void holdWatches(String resource) {
    held = resource;
  }

  /**
   * From now on, connections stay open, calls are not passed on and watches tell nothing; until
   * {@link #letWatchesGo}.
   */
  public void hang() {
    holdWatches();
    hung = true;
  }

  /** From now on, watches on one resource get HTTP 503, unless they only try whether they may. */
  public void refuseWatches(String resource) {
    refused = resource;
  }

  /** From now on, lists of a page of objects whose path ends so get HTTP 403. */
  public void denyPages(String path) {
    denied = path;
  }

  /** How many lists were denied. */
  public int denials() {
    return denials.get();
  }

  /** Watches tell what they held back, and go on; so do calls. */
  public synchronized void letWatchesGo() {
    hung = false;
    held = null;
    notifyAll();
  }

  private synchronized void awaitFlow(String path) throws InterruptedException {
    while (held != null && path.endsWith(held)) {
      wait();
    }
  }

  @Override
  public void close() {
    goDown();
    letWatchesGo();
    client.shutdownNow();
  }

  private static HttpClient connect(Config real) {
    try {
      SSLContext trust = SSLUtils.sslContext(real);
      return HttpClient.newBuilder().sslContext(trust).build();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpServer listen(int port) {
    try {
      HttpServer listening =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      listening.createContext("/", this::serve);
      listening.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      listening.start();
      return listening;
    } catch (IOException unexpected) {
      throw new UncheckedIOException(unexpected);
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    // One that is closed without an answer takes its connection with it.
    try (exchange) {
      String query = Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), "");
      if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"))) {
        // What the client of another process tries first: after this it watches by plain HTTP.
        answer(exchange, 200, new byte[0]);
      } else if (query.contains("watch=true")
          && !query.contains("timeoutSeconds=1&")
          && exchange.getRequestURI().getPath().endsWith("/" + refused)) {
        refuse(exchange, call(exchange), Fault.UNAVAILABLE);
      } else if (query.contains("watch=true")) {
        tell(exchange);
      } else if (query.contains("limit=") && !query.contains("limit=1&") && isDenied(exchange)) {
        denials.incrementAndGet();
        refuse(exchange, call(exchange), Fault.FORBIDDEN);
      } else if (exchange.getRequestMethod().equals("GET") && !query.isEmpty()) {
        answer(exchange, passOn(exchange));
      } else {
        serve(exchange, call(exchange));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isDenied(HttpExchange exchange) {
    return exchange.getRequestURI().getPath().endsWith(denied);
  }

  private void serve(HttpExchange exchange, Call call) throws IOException, InterruptedException {
    calls.add(call);
    Fault fault = script.apply(call);
    switch (fault) {
      case NONE -> answer(exchange, done(exchange, call));
      case ANSWER_LOST -> {
        done(exchange, call);
        whenAnswerIsLost.run();
      }
      case UNHEARD -> exchange.getRequestBody().readAllBytes();
      case UNAVAILABLE, NOT_FOUND, CONFLICT, TOO_MANY_REQUESTS, FORBIDDEN ->
          refuse(exchange, call, fault);
    }
  }

  private static Call call(HttpExchange exchange) {
    return new Call(exchange.getRequestMethod(), exchange.getRequestURI().getPath());
  }

  private HttpResponse<byte[]> done(HttpExchange exchange, Call call)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response = passOn(exchange);
    if (call.writes() && response.statusCode() < 300) {
      Written done = new Written(call, JSON.readTree(response.body()));
      written.add(done);
      beforeAnswer.accept(done);
    }
    return response;
  }

  private HttpResponse<byte[]> passOn(HttpExchange exchange)
      throws IOException, InterruptedException {
    if (hung) {
      awaitFlow(exchange.getRequestURI().getPath());
    }
    return client.send(request(exchange), BodyHandlers.ofByteArray());
  }

  private HttpRequest request(HttpExchange exchange) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(real.getMasterUrl()).resolve(exchange.getRequestURI().toString()))
            .timeout(Duration.ofMinutes(10))
            .method(
                exchange.getRequestMethod(),
                BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    PASSED_ON.forEach(
        name ->
            exchange
                .getRequestHeaders()
                .getOrDefault(name, List.of())
                .forEach(value -> request.header(name, value)));
    return request.build();
  }

  private static void answer(HttpExchange exchange, HttpResponse<byte[]> response)
      throws IOException {
    answer(exchange, response.statusCode(), response.body());
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private static void refuse(HttpExchange exchange, Call call, Fault fault) throws IOException {
    exchange.getRequestBody().readAllBytes();
    if (fault == Fault.TOO_MANY_REQUESTS) {
      exchange.getResponseHeaders().set("Retry-After", "1");
    }
    String status =
        """
        {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "%s", "code": %d,
         "details": {"name": "%s"}}\
        """
            .formatted(fault, fault.status(), call.name());
    answer(exchange, fault.status(), status.getBytes(UTF_8));
  }

  private void tell(HttpExchange exchange) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        client.send(request(exchange), BodyHandlers.ofInputStream());
    try (InputStream events = response.body();
        BufferedReader lines = new BufferedReader(new InputStreamReader(events, UTF_8))) {
      watches.add(events);
      if (down) {
        return;
      }
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(response.statusCode(), 0);
      exchange.getResponseBody().flush();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        awaitFlow(exchange.getRequestURI().getPath());
        exchange.getResponseBody().write((line + "\n").getBytes(UTF_8));
        exchange.getResponseBody().flush();
        told.add(JSON.readTree(line).at("/object/metadata/resourceVersion").asText());
      }
    } finally {
      watches.remove(response.body());
    }
  }

  private static void close(InputStream watch) {
    try {
      watch.close();
    } catch (IOException unexpected) {
      throw new UncheckedIOException(unexpected);
    }
  }
}
