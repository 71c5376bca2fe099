package com.trackunit.iris.operator.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The Helm chart as its files, and manifests as objects that can be compared. */
public final class Chart {
  public static final Path FOLDER = Path.of("deploy/helm/iris-credential-operator");
  public static final String RELEASE = "iris-credential-operator";

  private Chart() {}

  /** Copies folders into a new one, where a test may change them. */
  public static Path copy(Path... folders) {
    try {
      Path copy = Files.createTempDirectory(Path.of("target"), "copy");
      for (Path folder : folders) {
        try (Stream<Path> files = Files.walk(folder)) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            Path target = copy.resolve(file.toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
          }
        }
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Replaces a text in a file; the text must be there. */
  public static void change(Path file, String before, String after) {
    try {
      String text = Files.readString(file);
      if (!text.contains(before)) {
        throw new IllegalArgumentException(file + " does not contain: " + before);
      }
      Files.writeString(file, text.replace(before, after));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The objects of a manifest by kind, namespace and name, with variables in one order. */
  public static Map<String, JsonNode> objects(String manifest) {
    Map<String, JsonNode> objects = new TreeMap<>();
    for (String document : manifest.split("(?m)^---.*$")) {
      JsonNode object = parse(document);
      if (!object.isObject()) {
        continue;
      }
      String key =
          String.join(
              "/",
              object.path("kind").asText(),
              object.at("/metadata/namespace").asText(),
              object.at("/metadata/name").asText());
      if (objects.put(key, withSortedVariables(object)) != null) {
        throw new IllegalArgumentException("twice: " + key);
      }
    }
    return objects;
  }

  private static JsonNode parse(String document) {
    return document.isBlank()
        ? new ObjectMapper().missingNode()
        : Serialization.unmarshal(document, JsonNode.class);
  }

  private static JsonNode withSortedVariables(JsonNode object) {
    for (JsonNode container : object.at("/spec/template/spec/containers")) {
      List<JsonNode> variables =
          new ArrayList<>(
              StreamSupport.stream(container.path("env").spliterator(), false).toList());
      variables.sort(Comparator.comparing(variable -> variable.path("name").asText()));
      ArrayNode sorted = ((ObjectNode) container).putArray("env");
      sorted.addAll(variables);
    }
    return object;
  }
}
