package com.trackunit.iris.operator.startup;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Weighs one page while it is read, and ends it as soon as it has too many bytes. */
final class PageWeight implements Interceptor {
  private volatile @Nullable URI page;
  private volatile long most;
  private volatile long bytes;

  /** Weighs the response to this request from now on, and no other. */
  void expect(HttpRequest request, long mostBytes) {
    page = request.uri();
    most = mostBytes;
    bytes = 0;
  }

  long bytes() {
    return bytes;
  }

  boolean isTooMuch() {
    return bytes > most;
  }

  @Override
  public AsyncBody.Consumer<List<ByteBuffer>> consumer(
      AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
    return request.uri().equals(page)
        ? (buffers, body) -> weigh(consumer, buffers, body)
        : consumer;
  }

  private void weigh(
      AsyncBody.Consumer<List<ByteBuffer>> consumer, List<ByteBuffer> buffers, AsyncBody body)
      throws Exception {
    long before = bytes;
    bytes = before + buffers.stream().mapToLong(Buffer::remaining).sum();
    if (isTooMuch()) {
      body.cancel();
    } else {
      consumer.consume(buffers, body);
    }
  }
}
