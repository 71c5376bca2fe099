package com.trackunit.iris.operator.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.trackunit.iris.operator.api.IrisCredential;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.util.HashMap;
import java.util.List;

/**
 * An API server within this process: it stores, serves and tells watches; it knows no schema and no
 * rights.
 */
public final class InProcessApiServer implements AutoCloseable {
  private static final List<CustomResourceDefinitionContext> KNOWN =
      List.of(CustomResourceDefinitionContext.fromCustomResourceType(IrisCredential.class));

  private final KubernetesMockServer server;
  private final KubernetesClient client;

  private InProcessApiServer(KubernetesCrudDispatcher dispatcher) {
    server =
        new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), dispatcher, false);
    server.init();
    client = server.createClient();
  }

  public static InProcessApiServer start() {
    return new InProcessApiServer(new Store());
  }

  /** One whose watches on Secrets never tell of a change, as those of a slow server. */
  public static InProcessApiServer startWithSilentSecrets() {
    return new InProcessApiServer(new SilentStore());
  }

  private static class Store extends KubernetesCrudDispatcher {
    Store() {
      super(KNOWN);
    }

    // The mock's own serves WebSockets only.
    @Override
    public MockResponse handleWatch(String path) {
      return path.contains("watch=true&timeoutSeconds=1&")
          ? new MockResponse().setResponseCode(200).setBody("")
          : super.handleWatch(path);
    }

    // The mock's own keeps a null for what a patch takes away and was not there; the API server
    // does not (RFC 7386).
    @Override
    public JsonNode merge(JsonNode current, String patch) {
      return merged(current.deepCopy(), Serialization.unmarshal(patch, ObjectNode.class));
    }

    private static JsonNode merged(JsonNode current, JsonNode patch) {
      if (!patch.isObject()) {
        return patch;
      }
      ObjectNode target =
          current instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
      patch
          .properties()
          .forEach(
              change -> {
                JsonNode now = target.path(change.getKey());
                target.remove(change.getKey());
                if (!change.getValue().isNull()) {
                  target.set(change.getKey(), merged(now, change.getValue()));
                }
              });
      return target;
    }
  }

  private static final class SilentStore extends Store {
    @Override
    public MockResponse handleWatch(String path) {
      return path.contains("/secrets") && !path.contains("timeoutSeconds=1&")
          ? new MockResponse().withWebSocketUpgrade(new WebSocketListener() {})
          : super.handleWatch(path);
    }
  }

  /** A client that may do everything. Shared: do not close it. */
  public KubernetesClient client() {
    return client;
  }

  /** How to reach it; a copy that its reader may change. */
  public Config config() {
    return new ConfigBuilder(client.getConfiguration()).build();
  }

  @Override
  public void close() {
    client.close();
    server.destroy();
  }
}
