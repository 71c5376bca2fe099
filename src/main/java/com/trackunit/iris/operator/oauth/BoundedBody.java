package com.trackunit.iris.operator.oauth;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The bytes of an answer as far as they were wanted. Holds a token: shows none of them. */
final class BoundedBody {
  /** More than any answer with a token of 64 KiB needs. */
  static final int LIMIT = 128 * 1024;

  private final byte[] bytes;
  private final boolean tooLarge;

  BoundedBody(byte[] bytes, boolean tooLarge) {
    this.bytes = bytes;
    this.tooLarge = tooLarge;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Whether there was more than {@link #LIMIT}; the bytes are then only a beginning. */
  boolean tooLarge() {
    return tooLarge;
  }

  /** What is compressed by gzip here, within the same limit; empty when that cannot be undone. */
  Optional<BoundedBody> inflated() {
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      byte[] inflated = gzip.readNBytes(LIMIT + 1);
      return Optional.of(new BoundedBody(inflated, inflated.length > LIMIT));
    } catch (IOException notGzip) {
      return Optional.empty();
    }
  }

  /** Reads up to {@link #LIMIT} and hangs up on more, so that an endless body ends here. */
  static BodySubscriber<BoundedBody> bounded() {
    return new Collector(LIMIT);
  }

  /** Hangs up at once, for answers whose status says everything. */
  static BodySubscriber<BoundedBody> ignored() {
    return new Collector(0);
  }

  private static final class Collector implements BodySubscriber<BoundedBody> {
    private final int limit;
    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
    private final CompletableFuture<BoundedBody> body = new CompletableFuture<>();
    private @Nullable Subscription upstream;

    Collector(int limit) {
      this.limit = limit;
    }

    @Override
    public CompletionStage<BoundedBody> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      upstream = subscription;
      if (limit == 0) {
        finish(false);
        return;
      }
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      for (ByteBuffer buffer : buffers) {
        take(buffer);
      }
    }

    private void take(ByteBuffer buffer) {
      byte[] part = new byte[Math.min(buffer.remaining(), limit - collected.size())];
      buffer.get(part);
      collected.writeBytes(part);
      if (buffer.hasRemaining()) {
        finish(true);
      }
    }

    private void finish(boolean tooLarge) {
      // Nothing arrives before the subscription did.
      Objects.requireNonNull(upstream).cancel();
      body.complete(new BoundedBody(collected.toByteArray(), tooLarge));
    }

    @Override
    public void onError(Throwable failure) {
      body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      body.complete(new BoundedBody(collected.toByteArray(), false));
    }
  }
}
