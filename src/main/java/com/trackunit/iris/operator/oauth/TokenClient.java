package com.trackunit.iris.operator.oauth;

import java.io.UncheckedIOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * A client for one token endpoint. It sends each request once, without retries, and stores neither
 * logins nor tokens.
 *
 * <p>Every exchange uses a new connection, to the first address of the host that can be reached. A
 * reused connection may be dead without notice. And if a server had sent more bytes than it
 * announced, the rest would be read as the response to the next login.
 */
public final class TokenClient implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private final HttpRequest.Builder request;
  private final Duration timeout;
  private final Supplier<SSLContext> trust;
  private final ProxySelector proxy;
  private final ExecutorService workers =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("token-exchange-", 0).factory());
  private final Set<HttpClient> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * Creates a client; nothing is sent yet.
   *
   * @param timeout limit of a whole exchange, from the resolution of the name to the last byte of
   *     the body
   * @param trust called for each exchange
   * @param proxy the only proxy setting; properties of the JVM are ignored
   * @throws IllegalArgumentException if the URL is not an absolute {@code http} or {@code https}
   *     URL
   */
  public TokenClient(URI url, Duration timeout, Supplier<SSLContext> trust, ProxySelector proxy) {
    this.request =
        HttpRequest.newBuilder(url)
            .header("User-Agent", "iris-credential-operator")
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded");
    this.timeout = timeout;
    this.trust = trust;
    this.proxy = proxy;
  }

  /** Sends one token request within the limit of this client. */
  public TokenResponse ask(Grant grant) {
    return ask(grant, timeout);
  }

  /**
   * Sends one token request. Errors of the network and the server are returned, never thrown.
   *
   * @param limit of this exchange, for which the call may block
   */
  public TokenResponse ask(Grant grant, Duration limit) {
    Dial dial = new Dial();
    HttpRequest.Builder question = request.copy().POST(dial.sending(grant.form()));
    grant.authorization().ifPresent(value -> question.header("Authorization", value));
    try {
      TokenResponse answer = exchange(question.build(), dial, limit);
      return grant.isOffline() ? answer : answer.withoutRefreshToken();
    } catch (UncheckedIOException noSelector) {
      return unavailable("no connection could be made", dial);
    }
  }

  private TokenResponse exchange(HttpRequest question, Dial dial, Duration limit) {
    HttpClient client = connect(dial);
    try {
      return await(send(client, dial, question), dial, limit);
    } finally {
      open.remove(client);
      client.shutdownNow();
    }
  }

  private static CompletableFuture<HttpResponse<BoundedBody>> send(
      HttpClient client, Dial dial, HttpRequest question) {
    return client
        .sendAsync(question, answer -> body(answer, dial))
        .exceptionallyCompose(
            failure ->
                dial.hasNextAfter(failure)
                    ? send(client, dial, question)
                    : CompletableFuture.failedFuture(failure));
  }

  private HttpClient connect(Dial dial) {
    HttpClient client =
        HttpClient.newBuilder()
            .version(Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .proxy(proxy)
            .sslContext(trust.get())
            .sslParameters(new SSLParameters(null, new String[] {"TLSv1.3", "TLSv1.2"}))
            .executor(dial.working(workers))
            .build();
    open.add(client);
    if (closed) {
      client.shutdownNow();
    }
    return client;
  }

  private static HttpResponse.BodySubscriber<BoundedBody> body(ResponseInfo answer, Dial dial) {
    dial.answered(answer);
    return TokenResponseParser.body(answer.statusCode());
  }

  /** Limits the future, because the timeout of an HttpRequest ends when the headers arrive. */
  private TokenResponse await(
      CompletableFuture<HttpResponse<BoundedBody>> exchange, Dial dial, Duration limit) {
    try {
      HttpResponse<BoundedBody> answer = exchange.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return TokenResponseParser.read(answer.statusCode(), answer.headers(), answer.body());
    } catch (ExecutionException failure) {
      return broken(failure, dial);
    } catch (TimeoutException tooLate) {
      exchange.cancel(true);
      dial.demote();
      return unavailable("no answer within " + inWords(limit), dial);
    } catch (InterruptedException interrupted) {
      exchange.cancel(true);
      Thread.currentThread().interrupt();
      return unavailable("the request was interrupted", dial);
    }
  }

  private TokenResponse broken(ExecutionException failure, Dial dial) {
    if (closed) {
      return unavailable("the operator is stopping", dial);
    }
    Optional<ResponseInfo> clear =
        dial.head().filter(answer -> TokenResponseParser.isClear(answer.statusCode()));
    if (clear.isPresent()) {
      return TokenResponseParser.read(
          clear.get().statusCode(), clear.get().headers(), BoundedBody.NONE);
    }
    // A load balancer without backends accepts connections and closes them: go elsewhere next time.
    dial.demote();
    return TransportFailure.explain(failure, dial.unanswered());
  }

  private static TokenResponse unavailable(String cause, Dial dial) {
    return TransportFailure.unavailable(cause, dial.unanswered());
  }

  private static String inWords(Duration duration) {
    return duration.toMillisPart() == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
  }

  /** Aborts the requests in flight. */
  @Override
  public void close() {
    closed = true;
    open.forEach(HttpClient::shutdownNow);
    workers.shutdown();
  }
}
