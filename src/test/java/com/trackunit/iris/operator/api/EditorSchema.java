package com.trackunit.iris.operator.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The schema of the definition as JSON Schema, by which an editor completes and checks a manifest.
 * A field that the definition lacks is a mistake in it; rules across fields are the API server's
 * alone.
 */
final class EditorSchema {
  static final Path COMMITTED = Path.of("crds", "iriscredential-v1.schema.json");

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private EditorSchema() {}

  static String of(String definition) {
    try {
      JsonNode version = YAML.readTree(definition).at("/spec/versions/0");
      ObjectNode schema = JSON.createObjectNode();
      schema.put("$schema", "http://json-schema.org/draft-07/schema#");
      schema.put("title", IrisCredential.KIND + " " + version.get("name").textValue());
      schema.setAll((ObjectNode) closed(version.at("/schema/openAPIV3Schema")));
      ObjectNode fields = (ObjectNode) schema.get("properties");
      fields
          .putObject("apiVersion")
          .putArray("enum")
          .add(IrisCredential.GROUP + "/" + IrisCredential.VERSION);
      fields.putObject("kind").putArray("enum").add(IrisCredential.KIND);
      fields.putObject("metadata").put("type", "object");
      schema.putArray("required").add("apiVersion").add("kind").add("metadata").add("spec");
      return JSON.writeValueAsString(schema) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static JsonNode closed(JsonNode node) {
    node.forEach(EditorSchema::closed);
    if (node instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      names.stream().filter(name -> name.startsWith("x-kubernetes-")).forEach(object::remove);
      if (object.get("properties") instanceof ObjectNode && !object.has("additionalProperties")) {
        object.put("additionalProperties", false);
      }
    }
    return node;
  }
}
