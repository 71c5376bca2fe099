package com.trackunit.iris.operator.support;

import com.trackunit.iris.operator.controller.Configuration;
import com.trackunit.iris.operator.controller.CredentialOperator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.slf4j.event.Level;

/** The operator as it is shipped, with the shipped rights. */
public final class RunningOperator implements AutoCloseable {
  private final CredentialOperator operator;

  private RunningOperator(CredentialOperator operator) {
    this.operator = operator;
  }

  /** Starts one that watches one namespace, and returns when it is ready. */
  public static RunningOperator start(
      ControlPlane plane, String namespace, URI tokenUrl, InstantSource clock) {
    return start(plane, Set.of(namespace), tokenUrl, clock);
  }

  /** Starts one that watches these namespaces, all when empty, and returns when it is ready. */
  public static RunningOperator start(
      ControlPlane plane, Set<String> namespaces, URI tokenUrl, InstantSource clock) {
    return start(plane, namespaces, "", tokenUrl, clock);
  }

  /** Starts one for the credentials of a shard, and returns when it is ready. */
  public static RunningOperator start(
      ControlPlane plane, Set<String> namespaces, String shard, URI tokenUrl, InstantSource clock) {
    Configuration configuration =
        new Configuration(
            tokenUrl,
            namespaces,
            Optional.empty(),
            Optional.empty(),
            Duration.ofSeconds(2),
            shard,
            false,
            "",
            "",
            0,
            Configuration.LogFormat.TEXT,
            Level.INFO);
    CredentialOperator operator =
        new CredentialOperator(configuration, plane.operatorConfig(), clock);
    operator.start();
    return new RunningOperator(operator);
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
  }
}
