package com.trackunit.iris.operator.startup;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.WebSocket;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * An HTTP client that reads long lists in pages of so many bytes, and one page at a time.
 *
 * <p>The API server counts objects, and an object may have a thousand bytes or a million. So the
 * limit of each page follows from the weight of the page before. A page that is too large is not
 * read to its end, and asked for again with a lower limit.
 */
final class BoundedLists implements HttpClient {
  private final HttpClient client;
  private final PageWeight weight;
  // Objects of the next page. As many entries as there are watches.
  private final Map<String, Integer> sizes = new ConcurrentHashMap<>();
  private CompletableFuture<Boolean> last = CompletableFuture.completedFuture(true);

  private BoundedLists(HttpClient client, PageWeight weight) {
    this.client = client;
    this.weight = weight;
  }

  /** Creates the client. Nothing else may be changed in the builder afterwards. */
  static HttpClient of(HttpClient.Builder builder) {
    PageWeight weight = new PageWeight();
    return new BoundedLists(builder.addOrReplaceInterceptor("PageWeight", weight).build(), weight);
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, Class<T> type) {
    // A stream is complete before its bytes are read, and its reader decides what to keep.
    return type == InputStream.class
        ? client.sendAsync(request, type)
        : ListPage.of(request)
            .map(page -> inTurn(() -> read(page, type)))
            .orElseGet(() -> client.sendAsync(request, type));
  }

  // The caller of a page processes it while the future is completed, so before the next page is
  // read.
  private synchronized <T> CompletableFuture<T> inTurn(Supplier<CompletableFuture<T>> page) {
    CompletableFuture<T> result = new CompletableFuture<>();
    last =
        last.thenCompose(_ -> page.get())
            .handle(
                (answer, failure) ->
                    failure == null
                        ? result.complete(answer)
                        : result.completeExceptionally(cause(failure)));
    return result;
  }

  private <T> CompletableFuture<HttpResponse<T>> read(ListPage page, Class<T> type) {
    int limit = Math.min(sizes.getOrDefault(page.list(), PageSize.FIRST), page.limit());
    HttpRequest request = page.withLimit(limit);
    weight.expect(request, limit == 1 ? Long.MAX_VALUE : PageSize.BUDGET);
    return client
        .sendAsync(request, type)
        .thenApply(
            answer -> {
              sizes.put(page.list(), PageSize.after(limit, weight.bytes(), page.limit()));
              return answer;
            })
        .exceptionallyCompose(
            failure -> {
              if (!weight.isTooMuch()) {
                return CompletableFuture.failedFuture(failure);
              }
              sizes.put(page.list(), PageSize.afterTooMuch(limit));
              return read(page, type);
            });
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
    return cause == null ? failure : cause;
  }

  @Override
  public DerivedClientBuilder newBuilder() {
    return client.newBuilder();
  }

  @Override
  public CompletableFuture<HttpResponse<AsyncBody>> consumeBytes(
      HttpRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    return client.consumeBytes(request, consumer);
  }

  @Override
  public WebSocket.Builder newWebSocketBuilder() {
    return client.newWebSocketBuilder();
  }

  @Override
  public HttpRequest.Builder newHttpRequestBuilder() {
    return client.newHttpRequestBuilder();
  }

  @Override
  public boolean isClosed() {
    return client.isClosed();
  }

  @Override
  public void close() {
    client.close();
  }
}
