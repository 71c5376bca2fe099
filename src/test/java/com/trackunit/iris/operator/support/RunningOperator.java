package com.trackunit.iris.operator.support;

import com.trackunit.iris.operator.OperatorRuntime;
import com.trackunit.iris.operator.config.OperatorConfig;
import com.trackunit.iris.operator.config.OperatorConfig.Reading;
import com.trackunit.iris.operator.health.ClusterProbe;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The operator as it is shipped, with the shipped rights. One that wants its process to be
 * restarted fails the test that closes it, unless that test {@linkplain #awaitRestart waited} for
 * it.
 */
public final class RunningOperator implements AutoCloseable {
  private final OperatorRuntime operator;
  private final CountDownLatch restart;
  private volatile boolean expected;

  private RunningOperator(OperatorRuntime operator, CountDownLatch restart) {
    this.operator = operator;
    this.restart = restart;
  }

  /** Starts one that watches one namespace, and returns when it is ready. */
  public static RunningOperator start(
      ControlPlane plane, String namespace, URI tokenUrl, MovableClock clock) {
    return start(plane, Set.of(namespace), tokenUrl, clock);
  }

  /** Starts one that watches these namespaces, all when empty, and returns when it is ready. */
  public static RunningOperator start(
      ControlPlane plane, Set<String> namespaces, URI tokenUrl, MovableClock clock) {
    return start(plane, namespaces, tokenUrl, Map.of(), clock);
  }

  /** Starts one that is told more by its environment, and returns when it is ready. */
  public static RunningOperator start(
      ControlPlane plane,
      Set<String> namespaces,
      URI tokenUrl,
      Map<String, String> more,
      MovableClock clock) {
    return start(plane.operatorConfig(), namespaces, tokenUrl, more, clock);
  }

  /** Starts one that reaches its API server so, and returns when it is ready. */
  public static RunningOperator start(
      Config kubernetes,
      Set<String> namespaces,
      URI tokenUrl,
      Map<String, String> more,
      MovableClock clock) {
    return start(kubernetes, namespaces, tokenUrl, more, clock, ClusterProbe.BETWEEN_LOOKS);
  }

  /** Starts one that checks its watches so often, and returns when it is ready. */
  public static RunningOperator start(
      Config kubernetes,
      Set<String> namespaces,
      URI tokenUrl,
      Map<String, String> more,
      MovableClock clock,
      Duration betweenLooks) {
    Map<String, String> environment = new HashMap<>(FakeAuthorizationServer.environment(tokenUrl));
    environment.put("IRIS_TOKEN_URL", tokenUrl.toString());
    environment.put("IRIS_NAMESPACES", String.join(",", namespaces));
    environment.put("IRIS_REQUEST_TIMEOUT", "2s");
    environment.put("IRIS_PORT", "0");
    environment.putAll(more);
    if (!(OperatorConfig.read(environment)
        instanceof Reading.Good(OperatorConfig configuration, List<String> _))) {
      throw new IllegalArgumentException("not a configuration: " + environment.keySet());
    }
    OperatorRuntime operator = new OperatorRuntime(configuration, kubernetes, clock, betweenLooks);
    CountDownLatch restart = new CountDownLatch(1);
    operator.start(restart::countDown);
    return new RunningOperator(operator, restart);
  }

  /** Whether it asks for its process to be restarted within this time, as this test expects. */
  public boolean awaitRestart(Duration time) {
    expected = true;
    try {
      return restart.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What it answers, as status and body. */
  public String get(String path) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + operator.port() + path);
      HttpResponse<String> response =
          http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      return response.statusCode() + " " + response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    operator.close();
    if (restart.getCount() == 0 && !expected) {
      throw new AssertionError("The operator ended its process, and nobody expected it.");
    }
  }
}
