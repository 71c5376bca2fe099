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
 * Reads a record from JSON, and omits what does not fit instead of failing.
 *
 * <p>The API server may hold objects of a later schema version than this one. Never throws because
 * of the content of a tree.
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

  /**
   * A reader that reports an unknown field as unreadable: it may change the meaning of the others.
   */
  static PrunedReader strict() {
    return new PrunedReader(true);
  }

  /** A reader that ignores unknown fields. */
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
   * Result of a read.
   *
   * @param value the record without what does not fit; null when nothing is left
   * @param unreadable path of the first element that does not fit, for example {@code a.b}; null
   *     when everything fits
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

  // Removes the deepest existing element of the path. Each round makes the tree smaller, so the
  // loop ends.
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
