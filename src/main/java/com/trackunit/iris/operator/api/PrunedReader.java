package com.trackunit.iris.operator.api;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record from JSON and leaves out what does not fit it, instead of failing.
 *
 * <p>The API server stores whatever the schema of its day allows, and that may be a later schema
 * than ours. Never throws for what a tree contains.
 */
final class PrunedReader {
  private final ObjectMapper mapper;

  private PrunedReader(boolean refusesUnknownFields) {
    mapper =
        JsonMapper.builder()
            .addModule(new SimpleModule().addDeserializer(Instant.class, new InstantReader()))
            .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, refusesUnknownFields)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .withCoercionConfig(LogicalType.Textual, PrunedReader::textAlone)
            .withCoercionConfig(LogicalType.Enum, PrunedReader::textAlone)
            .defaultSetterInfo(JsonSetter.Value.construct(Nulls.SET, Nulls.FAIL))
            .build();
  }

  /** A field that is not known may change what the others mean. */
  static PrunedReader strict() {
    return new PrunedReader(true);
  }

  /** A field that is not known is passed over. */
  static PrunedReader lenient() {
    return new PrunedReader(false);
  }

  private static void textAlone(MutableCoercionConfig config) {
    config
        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
  }

  /**
   * What was read.
   *
   * @param value without what does not fit; null when nothing is left
   * @param unreadable where the first thing stands that does not fit, as {@code a.b}; null when
   *     everything fits
   */
  record Read<T>(@Nullable T value, @Nullable String unreadable) {}

  <T> Read<T> read(JsonNode tree, Class<T> type) {
    JsonNode rest = tree.deepCopy();
    String unreadable = null;
    while (true) {
      try {
        return new Read<>(mapper.treeToValue(rest, type), unreadable);
      } catch (JsonMappingException e) {
        unreadable = unreadable == null ? path(e) : unreadable;
        if (!remove(rest, e.getPath())) {
          return new Read<>(null, unreadable);
        }
      } catch (JsonProcessingException e) {
        return new Read<>(null, unreadable == null ? "" : unreadable);
      }
    }
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(JsonMappingException.Reference::getFieldName)
        .filter(name -> name != null)
        .collect(Collectors.joining("."));
  }

  // Removes the deepest part of the path that is there; so each round makes the tree smaller.
  private static boolean remove(JsonNode tree, List<JsonMappingException.Reference> path) {
    JsonNode parent = tree;
    for (int depth = 0; depth < path.size(); depth++) {
      JsonNode child = child(parent, path.get(depth));
      boolean last = depth == path.size() - 1;
      if (child == null) {
        return false;
      }
      if (last || child(child, path.get(depth + 1)) == null) {
        return removeChild(parent, path.get(depth));
      }
      parent = child;
    }
    return false;
  }

  private static @Nullable JsonNode child(JsonNode parent, JsonMappingException.Reference at) {
    return at.getFieldName() == null ? parent.get(at.getIndex()) : parent.get(at.getFieldName());
  }

  private static boolean removeChild(JsonNode parent, JsonMappingException.Reference at) {
    return switch (parent) {
      case ObjectNode object -> object.remove(at.getFieldName()) != null;
      case ArrayNode array -> array.remove(at.getIndex()) != null;
      default -> false;
    };
  }
}
