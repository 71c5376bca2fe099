package com.trackunit.iris.operator.health;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lists and watches of which only the HTTP status, the names and the resource versions are read.
 * The rest is skipped while it arrives, so that large objects cost no memory.
 */
public final class MetadataReader {
  private static final String METADATA_ONLY =
      "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v1,application/json";
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final int PAGE = 500;
  private static final JsonFactory JSON = ClusterJson.factory();

  private final KubernetesClient client;

  public MetadataReader(KubernetesClient client) {
    this.client = client;
  }

  /**
   * A list of objects.
   *
   * @param code the HTTP status, 0 if there was no response
   * @param version the resource version of the list, empty unless the status is 200
   * @param versions the resource version of each object
   */
  record Listed(int code, String version, Map<ResourceID, String> versions) {
    static Listed failed(int code) {
      return new Listed(code, "", Map.of());
    }
  }

  /** The first page of a list, or the HTTP status of a watch, which is closed again. */
  Listed probe(String path, String query) {
    Page page = page(path, query);
    return new Listed(page.code, page.version, page.versions);
  }

  /** All objects that a label selector matches, as they are stored now. */
  Listed list(String path, String selector) {
    String query = "limit=" + PAGE + "&labelSelector=" + encoded(selector);
    Map<ResourceID, String> versions = new HashMap<>();
    Page page = page(path, query);
    String version = page.version;
    while (page.code == HttpURLConnection.HTTP_OK) {
      versions.putAll(page.versions);
      if (page.next.isEmpty()) {
        return new Listed(page.code, version, versions);
      }
      page = page(path, query + "&continue=" + encoded(page.next));
    }
    return Listed.failed(page.code);
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private Page page(String path, String query) {
    CompletableFuture<HttpResponse<InputStream>> sent =
        client.getHttpClient().sendAsync(request(path, query), InputStream.class);
    try {
      HttpResponse<InputStream> response = sent.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
      Page page = new Page(response.code());
      try (InputStream body = response.body()) {
        if (response.code() == HttpURLConnection.HTTP_OK && !query.contains(WatchRequest.WATCH)) {
          readInTime(page, body);
        }
      }
      return page;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Page(0);
    } catch (ExecutionException | TimeoutException | IOException e) {
      sent.cancel(true);
      return new Page(0);
    }
  }

  private HttpRequest request(String path, String query) {
    return client
        .getHttpClient()
        .newHttpRequestBuilder()
        .uri(URI.create(client.getMasterUrl() + path + "?" + query))
        .header("Accept", METADATA_ONLY)
        .build();
  }

  // The client bounds the time until the headers, not that of the body.
  private static void readInTime(Page page, InputStream body) throws IOException {
    Executor late = CompletableFuture.delayedExecutor(LONGEST.toSeconds(), TimeUnit.SECONDS);
    CompletableFuture<Void> limit = CompletableFuture.runAsync(() -> close(body), late);
    try (JsonParser json = JSON.createParser(body)) {
      page.read(json);
    } finally {
      limit.cancel(false);
    }
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One page of a list, filled from its JSON. */
  static final class Page {
    private final int code;
    private final Map<ResourceID, String> versions = new HashMap<>();
    private String version = "";
    private String next = "";

    Page(int code) {
      this.code = code;
    }

    void read(JsonParser json) throws IOException {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new JsonParseException(json, "no list");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        if (field.equals("metadata")) {
          Map<String, String> metadata = texts(json);
          version = metadata.getOrDefault("resourceVersion", "");
          next = metadata.getOrDefault("continue", "");
        } else if (field.equals("items") && json.currentToken() == JsonToken.START_ARRAY) {
          readItems(json);
        } else {
          json.skipChildren();
        }
      }
    }

    private void readItems(JsonParser json) throws IOException {
      while (json.nextToken() == JsonToken.START_OBJECT) {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          boolean metadata = json.currentName().equals("metadata");
          json.nextToken();
          if (metadata) {
            add(texts(json));
          } else {
            json.skipChildren();
          }
        }
      }
    }

    private void add(Map<String, String> metadata) {
      ResourceID id = new ResourceID(metadata.get("name"), metadata.get("namespace"));
      versions.put(id, metadata.getOrDefault("resourceVersion", ""));
    }

    private static final Set<String> READ =
        Set.of("name", "namespace", "resourceVersion", "continue");

    private static Map<String, String> texts(JsonParser json) throws IOException {
      Map<String, String> texts = new HashMap<>();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        if (READ.contains(field)) {
          Optional.ofNullable(json.getText()).ifPresent(text -> texts.put(field, text));
        } else {
          json.skipChildren();
        }
      }
      return texts;
    }
  }
}
