package com.trackunit.iris.operator.secret;

import com.trackunit.iris.operator.renewal.StoredToken;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The position of the token in a target Secret. With it the token can be separated from the text
 * around it, and rendered again when the templates change.
 *
 * @param from the first byte of the token in the value of the key
 * @param to the byte after the token
 */
public record TokenLocation(String key, int from, int to) {
  /** The position without an annotation: the key {@code access_token} contains only the token. */
  private static final TokenLocation DEFAULT =
      new TokenLocation("access_token", 0, Integer.MAX_VALUE);

  private static final Pattern NOTE = Pattern.compile("([-._a-zA-Z0-9]+) (\\d{1,9}) (\\d{1,9})");

  /**
   * The position in the content of these templates: a key with only the token, else the first key
   * that contains it.
   */
  static TokenLocation in(
      SortedMap<String, Template> templates, StoredToken token, String accessToken) {
    return templates.entrySet().stream()
        .filter(entry -> entry.getValue().beforeToken().isPresent())
        .min(Comparator.comparing(entry -> !entry.getValue().isToken()))
        .map(entry -> of(entry.getKey(), entry.getValue(), token, accessToken))
        .orElse(DEFAULT);
  }

  private static TokenLocation of(
      String key, Template template, StoredToken token, String accessToken) {
    if (template.isToken() && key.equals(DEFAULT.key)) {
      return DEFAULT;
    }
    int from = template.beforeToken().map(t -> bytes(t.fill(token, accessToken))).orElse(0);
    return new TokenLocation(key, from, from + bytes(accessToken));
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** The position that the annotation of a Secret, or of its fingerprints, records. */
  static TokenLocation noted(Secret secret) {
    Map<String, String> annotations =
        Objects.requireNonNullElse(secret.getMetadata().getAnnotations(), Map.of());
    Matcher note = NOTE.matcher(annotations.getOrDefault(SecretMetadata.TOKEN_AT, ""));
    return note.matches()
        ? new TokenLocation(
            note.group(1), Integer.parseInt(note.group(2)), Integer.parseInt(note.group(3)))
        : DEFAULT;
  }

  /** The text of the annotation; empty for the default. */
  Optional<String> note() {
    return equals(DEFAULT) ? Optional.empty() : Optional.of(key + " " + from + " " + to);
  }

  /** The bytes at the position of the token in a Secret; empty when there is no such position. */
  public static Optional<byte[]> token(Secret secret) {
    TokenLocation place = noted(secret);
    return Optional.ofNullable(secret.getData())
        .map(data -> data.get(place.key))
        .map(Base64.getDecoder()::decode)
        .filter(value -> place.from <= Math.min(place.to, value.length))
        .map(value -> Arrays.copyOfRange(value, place.from, Math.min(place.to, value.length)));
  }
}
