package com.trackunit.iris.operator.oauth;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a response body, up to a limit. They may contain a token, so they are never shown.
 */
final class BoundedBody {
  /** Enough for any response with a token of 64 KiB. */
  static final int LIMIT = 128 * 1024;

  /** The wait for a body that matters for the words of a sentence only. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  static final BoundedBody NONE = new BoundedBody(new byte[0], false);

  private final byte[] bytes;
  private final boolean tooLarge;

  BoundedBody(byte[] bytes, boolean tooLarge) {
    this.bytes = bytes;
    this.tooLarge = tooLarge;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Whether the body was larger than {@link #LIMIT}; then the bytes are only its beginning. */
  boolean tooLarge() {
    return tooLarge;
  }

  /** The body after gzip decompression, up to the same limit; empty when it is not valid gzip. */
  Optional<BoundedBody> inflated() {
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      byte[] inflated = gzip.readNBytes(LIMIT + 1);
      return Optional.of(new BoundedBody(inflated, inflated.length > LIMIT));
    } catch (IOException notGzip) {
      return Optional.empty();
    }
  }

  /** Collects a body up to the limit; the exchange fails if it does not come whole. */
  static BodySubscriber<BoundedBody> whole() {
    return new Collector(LIMIT);
  }

  /** The same, but a body that does not come soon counts as empty. */
  static BodySubscriber<BoundedBody> ifItComes() {
    Collector collector = new Collector(LIMIT);
    collector.body.completeOnTimeout(NONE, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    return collector;
  }

  /** Cancels a body that does not matter at once. */
  static BodySubscriber<BoundedBody> none() {
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
      // Not null: onSubscribe comes before onNext.
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
