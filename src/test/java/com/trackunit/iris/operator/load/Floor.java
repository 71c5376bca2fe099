package com.trackunit.iris.operator.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.trackunit.iris.operator.secret.SecretMetadata;
import com.trackunit.iris.operator.support.ControlPlane;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * A plain client that does what no operator can avoid: it writes one Secret and one status for each
 * credential, with 32 workers, and lists credentials and Secrets by pages.
 */
final class Floor {
  private static final int WORKERS = 32;
  private static final String JSON = "application/json";
  private static final String SECRET =
      """
      {"apiVersion": "v1", "kind": "Secret", "type": "Opaque",
       "metadata": {"name": "c%05d-token", "labels": {"app.kubernetes.io/managed-by": "floor"},
        "annotations": {"floor/times": "2026-11-28T12:00:00Z 2026-11-28T13:00:00Z", "floor/hashes": "%s"}},
       "stringData": {"access_token": "token", "token_type": "Bearer", "authorization": "Bearer token"}}
      """;
  private static final String STATUS =
      """
      {"status": {"observedGeneration": 1,
       "token": {"issuedAt": "2026-11-28T12:00:00Z", "expiresAt": "2026-11-28T13:00:00Z", "renewAt": "2026-11-28T12:40:00Z", "scope": "api"},
       "conditions": [
        {"type": "Ready", "status": "True", "reason": "TokenValid", "observedGeneration": 1,
         "message": "The token is valid.", "lastTransitionTime": "2026-11-28T12:00:00Z"},
        {"type": "Renewed", "status": "True", "reason": "Renewed", "observedGeneration": 1,
         "message": "The token was renewed.", "lastTransitionTime": "2026-11-28T12:00:00Z"}]}}
      """;
  private static final String HASHES = "0123456789abcdef".repeat(20);

  private final Config server;
  private final HttpClient http;

  Floor(ControlPlane plane) {
    server = plane.admin().getConfiguration();
    try {
      http =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .sslContext(SSLUtils.sslContext(server))
              .build();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How long the writes for so many credentials of this namespace take. */
  Duration fill(String namespace, int number) {
    Instant began = Instant.now();
    try (ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
      IntStream.range(0, number).forEach(i -> workers.execute(() -> write(namespace, i)));
    }
    return Duration.between(began, Instant.now());
  }

  /** How long it takes to list and parse what an operator lists at its start in this namespace. */
  Duration list(String namespace) {
    Instant began = Instant.now();
    String secrets = "api/v1/namespaces/" + namespace + "/secrets?limit=500&labelSelector=";
    pages("apis/iris.trackunit.com/v1/namespaces/" + namespace + "/iriscredentials?limit=500");
    pages(secrets + encoded(SecretMetadata.SELECTOR));
    pages(secrets + encoded(SecretMetadata.LOGIN_SELECTOR));
    return Duration.between(began, Instant.now());
  }

  private void pages(String path) {
    String rest = "";
    do {
      try {
        JsonNode page = new ObjectMapper().readTree(send("GET", path + rest, JSON, ""));
        rest = "&continue=" + encoded(page.at("/metadata/continue").asText());
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    } while (!rest.endsWith("="));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private void write(String namespace, int i) {
    send("POST", "api/v1/namespaces/" + namespace + "/secrets", JSON, SECRET.formatted(i, HASHES));
    send(
        "PATCH",
        "apis/iris.trackunit.com/v1/namespaces/%s/iriscredentials/c%05d/status"
            .formatted(namespace, i),
        "application/merge-patch+json",
        STATUS);
  }

  private String send(String method, String path, String type, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.getMasterUrl() + path))
            .header("Authorization", "Bearer " + server.getAutoOAuthToken())
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() >= 300) {
        throw new IllegalStateException(answer.body());
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
