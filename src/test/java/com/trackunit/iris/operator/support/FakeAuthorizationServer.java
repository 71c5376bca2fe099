package com.trackunit.iris.operator.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import com.trackunit.iris.operator.api.GrantType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * An authorization server that answers as a test scripts it and remembers what it was asked.
 *
 * <p>Until told otherwise it grants a new token for an hour to everybody; but a request that is not
 * as Trackunit documents it is refused whatever the script. What needs exact bytes is {@link
 * RawServer}'s.
 */
public final class FakeAuthorizationServer implements AutoCloseable {
  private final @Nullable SSLContext tls;
  private final AtomicInteger minted = new AtomicInteger();
  private final Queue<Question> questions = new ConcurrentLinkedQueue<>();
  private volatile Function<Question, Answer> script = question -> grant(Duration.ofHours(1));
  private HttpServer server;

  private FakeAuthorizationServer(@Nullable SSLContext tls) {
    this.tls = tls;
    this.server = listen(0);
  }

  /** One request, header names in lower case. */
  public record Question(String method, String path, Map<String, String> headers, String body) {
    /** The decoded value of a field of the form, if it was sent. */
    public Optional<String> field(String name) {
      return Arrays.stream(body.split("&"))
          .filter(pair -> pair.startsWith(name + "="))
          .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), UTF_8))
          .findFirst();
    }

    /** Whether the client is told as this grant wants it told, and nothing more than is needed. */
    boolean isDocumented() {
      boolean basic = headers.getOrDefault("authorization", "").startsWith("Basic ");
      return switch (field("grant_type").orElse("")) {
        case "password" -> path.equals("/token") && basic && holds("username", "password");
        case "refresh_token" -> path.equals("/token") && basic && holds("refresh_token");
        case "client_credentials" ->
            (path.equals("/token/v2") || path.equals("/apptoken"))
                && !headers.containsKey("authorization")
                && field("scope").isPresent()
                && holds("client_id", "client_secret");
        default -> false;
      };
    }

    private boolean holds(String... names) {
      Set<String> fields =
          Arrays.stream(body.split("&"))
              .map(pair -> pair.substring(0, pair.indexOf('=')))
              .collect(Collectors.toCollection(HashSet::new));
      fields.removeAll(Set.of("grant_type", "scope"));
      return fields.equals(Set.of(names));
    }
  }

  /** One answer; its content type is JSON unless a header says otherwise. */
  public record Answer(int status, Map<String, String> headers, String body) {
    public static Answer json(int status, String body) {
      return new Answer(status, Map.of(), body);
    }

    /** An error as RFC 6749 section 5.2 has it. */
    public static Answer error(int status, String error) {
      return json(status, "{\"error\":\"%s\"}".formatted(error));
    }
  }

  public static FakeAuthorizationServer start() {
    return new FakeAuthorizationServer(null);
  }

  public static FakeAuthorizationServer start(SSLContext tls) {
    return new FakeAuthorizationServer(tls);
  }

  /** From now on, answers so. */
  public void answer(Function<Question, Answer> newScript) {
    script = newScript;
  }

  /** From now on, grants a new token with this lifetime to everybody. */
  public void grantFor(Duration lifetime) {
    answer(question -> grant(lifetime));
  }

  /**
   * From now on, every request waits until the returned function is called, forty seconds at most,
   * and gets a token for an hour then.
   */
  public Runnable hold() {
    CompletableFuture<Void> released =
        new CompletableFuture<Void>().completeOnTimeout(null, 40, TimeUnit.SECONDS);
    answer(
        question -> {
          released.join();
          return grant(Duration.ofHours(1));
        });
    return () -> released.complete(null);
  }

  /** A token that was never granted before: {@code token-1}, {@code token-2} and so on. */
  public Answer grant(Duration lifetime) {
    return Answer.json(
        200,
        """
        {"token_type": "Bearer", "expires_in": %d, "access_token": "token-%d", "scope": "api"}"""
            .formatted(lifetime.toSeconds(), minted.incrementAndGet()));
  }

  /** How many tokens were granted; the number in the newest one. */
  public int granted() {
    return minted.get();
  }

  /** In the order they were answered. */
  public List<Question> questions() {
    return List.copyOf(questions);
  }

  public URI url() {
    String scheme = tls == null ? "http" : "https";
    return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort() + "/token");
  }

  /** Tells an operator that every grant type's endpoint is here. */
  public Map<String, String> environment() {
    return environment(url());
  }

  /** The same of the server of this URL, at the paths that Trackunit documents. */
  static Map<String, String> environment(URI url) {
    Map<String, String> variables = new HashMap<>();
    for (GrantType grantType : GrantType.values()) {
      variables.put(
          grantType.variable(),
          url.resolve(URI.create(grantType.defaultUrl()).getPath()).toString());
    }
    return variables;
  }

  /** Refuses connections until {@link #comeUp}. */
  public void goDown() {
    server.stop(0);
  }

  /** Listens again where it did. */
  public void comeUp() {
    server = listen(server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private HttpServer listen(int port) {
    try {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      HttpServer listening = create(address);
      listening.createContext("/", this::serve);
      listening.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      listening.start();
      return listening;
    } catch (IOException unexpected) {
      throw new UncheckedIOException(unexpected);
    }
  }

  private HttpServer create(InetSocketAddress address) throws IOException {
    if (tls == null) {
      return HttpServer.create(address, 0);
    }
    HttpsServer secure = HttpsServer.create(address, 0);
    secure.setHttpsConfigurator(new HttpsConfigurator(tls));
    return secure;
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      Question question = question(exchange);
      questions.add(question);
      Answer answer =
          question.isDocumented() ? script.apply(question) : Answer.error(400, "invalid_request");
      byte[] body = answer.body().getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static Question question(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new TreeMap<>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) ->
                headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
    return new Question(
        exchange.getRequestMethod(),
        exchange.getRequestURI().toString(),
        headers,
        new String(exchange.getRequestBody().readAllBytes(), UTF_8));
  }
}
