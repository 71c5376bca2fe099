package com.trackunit.iris.operator.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.trackunit.iris.operator.api.IrisCredential;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;

/**
 * What the embedded API server stores; a merge patch does what RFC 7386 says.
 *
 * <p>The library's own appends to a list where it should replace it, so conditions would pile up.
 */
final class Store extends KubernetesCrudDispatcher {
  Store() {
    super(List.of(CustomResourceDefinitionContext.fromCustomResourceType(IrisCredential.class)));
  }

  @Override
  public JsonNode merge(JsonNode resource, String patch) {
    return merged(resource, Serialization.unmarshal(patch, JsonNode.class));
  }

  private static JsonNode merged(JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch;
    }
    ObjectNode result =
        target instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    patch
        .properties()
        .forEach(
            field -> {
              JsonNode value = merged(result.path(field.getKey()), field.getValue());
              result.set(field.getKey(), value);
              if (value.isNull()) {
                result.remove(field.getKey());
              }
            });
    return result;
  }
}
