package com.trackunit.iris.operator.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The known members of the JSON object in a response, not checked yet.
 *
 * <p>Numbers stay text: a few bytes can write a number of any size.
 */
final class JsonFields {
  private static final Set<String> KNOWN =
      Set.of("error", "access_token", "token_type", "expires_in", "scope", "refresh_token");

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(64)
                  .maxNumberLength(ExpiresIn.MAX_DIGITS)
                  .maxNameLength(BoundedBody.LIMIT)
                  .maxStringLength(BoundedBody.LIMIT)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // The table of names lives longer than a response: it would keep every name that a server
          // sends.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  private final Map<String, Member> members = new HashMap<>();

  private JsonFields() {}

  /** One value: its kind, and the text of a string or a number. Shows only the kind. */
  record Member(JsonToken kind, String text) {
    boolean isNull() {
      return kind == JsonToken.VALUE_NULL;
    }

    boolean isString() {
      return kind == JsonToken.VALUE_STRING;
    }

    boolean isNumber() {
      return kind == JsonToken.VALUE_NUMBER_INT || kind == JsonToken.VALUE_NUMBER_FLOAT;
    }

    @Override
    public String toString() {
      return "Member[" + kind + "]";
    }
  }

  /** Empty unless the body is exactly one JSON object in UTF-8 without duplicate names. */
  static Optional<JsonFields> in(BoundedBody body) {
    try (JsonParser parser = JSON.createParser(text(body))) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      JsonFields members = new JsonFields();
      members.collect(parser);
      return parser.nextToken() == null ? Optional.of(members) : Optional.empty();
    } catch (IOException quotesTheBody) {
      return Optional.empty();
    }
  }

  Optional<Member> get(String name) {
    return Optional.ofNullable(members.get(name));
  }

  /** Decodes strictly: {@code new String} would replace invalid bytes with U+FFFD. */
  private static String text(BoundedBody body) throws IOException {
    String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(body.bytes())).toString();
    // A byte order mark may be ignored (RFC 8259 section 8.1); some servers send one.
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private void collect(JsonParser parser) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken kind = parser.nextToken();
      if (KNOWN.contains(name)) {
        members.put(name, new Member(kind, kind.isScalarValue() ? parser.getText() : ""));
      }
      parser.skipChildren();
    }
  }
}
