package com.trackunit.iris.operator.demo;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of the target Secret: calls the IRIS API twice a second with what is mounted.
 *
 * <p>As with a mounted volume, the last value stays when the Secret is gone.
 */
final class Pod {
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();
  private final Cluster cluster;
  private final URI iris;
  private final Clock clock;
  private volatile String mounted = "";

  Pod(Cluster cluster, URI iris, Clock clock) {
    this.cluster = cluster;
    this.iris = iris;
    this.clock = clock;
  }

  void start() {
    Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory())
        .scheduleAtFixedRate(this::call, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  int calls() {
    return calls.get();
  }

  /** Whether this is the token that is mounted. */
  boolean holds(String token) {
    return mounted.endsWith(" " + token);
  }

  /** What went wrong first, if anything did. */
  Optional<String> trouble() {
    return Optional.ofNullable(trouble.get());
  }

  private void call() {
    try {
      cluster.target("authorization").ifPresent(fresh -> mounted = fresh);
      HttpRequest request =
          HttpRequest.newBuilder(iris).header("Authorization", mounted).timeout(PATIENCE).build();
      int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      calls.incrementAndGet();
      if (status != HttpURLConnection.HTTP_OK) {
        note("was refused with " + status);
      }
    } catch (IOException | RuntimeException e) {
      note("failed: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void note(String what) {
    String call =
        "the pod's call at %s %s".formatted(clock.instant().truncatedTo(ChronoUnit.SECONDS), what);
    trouble.compareAndSet(null, call);
  }
}
