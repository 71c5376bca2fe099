package com.trackunit.iris.operator.secret;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.Fingerprint;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.StoredToken;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Writes and reads the annotations of a target Secret: the times of the token, what it was
 * requested for, and a checksum that detects edits.
 */
final class TokenAnnotations {
  /** The annotations that the checksum covers, besides the keys. */
  static final List<String> FACTS =
      List.of(
          SecretMetadata.CREDENTIALS_VERSION,
          SecretMetadata.EXPIRES_AT,
          SecretMetadata.ISSUED_AT,
          SecretMetadata.MANAGED,
          SecretMetadata.RENEW_AT,
          SecretMetadata.RENEW_REQUEST,
          SecretMetadata.SCOPE,
          SecretMetadata.SPEC_HASH,
          SecretMetadata.TEMPLATES_HASH,
          SecretMetadata.TOKEN_AT,
          SecretMetadata.TOKEN_HASH);

  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  private TokenAnnotations() {}

  /**
   * The annotations for a token.
   *
   * @param digests the fingerprints of the rendered keys
   */
  static SortedMap<String, String> of(
      EffectiveSpec spec,
      StoredToken token,
      TokenLocation place,
      SortedMap<String, String> digests) {
    SortedMap<String, String> facts = facts(token);
    place.note().ifPresent(note -> facts.put(SecretMetadata.TOKEN_AT, note));
    if (!spec.templates().isEmpty()) {
      facts.put(SecretMetadata.TEMPLATES_HASH, templatesHash(spec));
    }
    facts.put(SecretMetadata.MANAGED, managed(spec, digests));
    String checksum = checksum(facts, digests);
    SortedMap<String, String> annotations = new TreeMap<>(spec.annotations());
    annotations.putAll(facts);
    annotations.put(SecretMetadata.CHECKSUM, checksum);
    annotations.put(SecretMetadata.ORIGIN, origin(spec, checksum));
    return annotations;
  }

  /** Identifies the credential for which content with this checksum was written. */
  static String origin(EffectiveSpec spec, String checksum) {
    return Fingerprint.ofParts(
        List.of(checksum, spec.namespace(), spec.targetSecret(), spec.name()));
  }

  /** The fingerprint of our own annotations and keys. */
  static String checksum(SortedMap<String, String> facts, SortedMap<String, String> digests) {
    List<String> parts = new ArrayList<>();
    facts.forEach((name, value) -> parts.addAll(List.of(name, value)));
    digests.forEach((key, digest) -> parts.addAll(List.of(key, digest)));
    return Fingerprint.ofParts(parts);
  }

  private static SortedMap<String, String> facts(StoredToken token) {
    SortedMap<String, String> facts = new TreeMap<>();
    facts.put(SecretMetadata.ISSUED_AT, token.lifetime().issuedAt().toString());
    facts.put(SecretMetadata.EXPIRES_AT, token.lifetime().expiresAt().toString());
    facts.put(SecretMetadata.RENEW_AT, token.renewAt().toString());
    facts.put(SecretMetadata.SCOPE, token.scope());
    facts.put(SecretMetadata.SPEC_HASH, token.specHash());
    facts.put(SecretMetadata.TOKEN_HASH, token.tokenHash());
    if (token.loginVersion() != null) {
      facts.put(SecretMetadata.CREDENTIALS_VERSION, token.loginVersion());
    }
    if (token.renewRequest() != null) {
      facts.put(SecretMetadata.RENEW_REQUEST, token.renewRequest());
    }
    return facts;
  }

  private static String templatesHash(EffectiveSpec spec) {
    List<String> parts = new ArrayList<>();
    new TreeMap<>(spec.templates()).forEach((key, text) -> parts.addAll(List.of(key, text)));
    return Fingerprint.ofParts(parts);
  }

  private static String managed(EffectiveSpec spec, SortedMap<String, String> digests) {
    List<String> names = new ArrayList<>();
    spec.annotations().keySet().stream().sorted().forEach(name -> names.add("annotation:" + name));
    digests.keySet().forEach(key -> names.add("key:" + key));
    spec.labels().keySet().stream().sorted().forEach(name -> names.add("label:" + name));
    return String.join(" ", names);
  }

  /** The token of a Secret that was not edited; empty if its checksum does not match. */
  static Optional<StoredToken> intact(Secret redacted, SortedMap<String, String> digests) {
    Map<String, String> annotations = annotations(redacted);
    SortedMap<String, String> facts = new TreeMap<>();
    FACTS.forEach(
        name -> Optional.ofNullable(annotations.get(name)).ifPresent(v -> facts.put(name, v)));
    String checksum = checksum(facts, digests);
    return checksum.equals(annotations.get(SecretMetadata.CHECKSUM))
        ? parse(facts).filter(token -> token.lifetime().isCredible())
        : Optional.empty();
  }

  private static Optional<StoredToken> parse(Map<String, String> facts) {
    try {
      return Optional.of(
          new StoredToken(
              new Lifetime(
                  time(facts, SecretMetadata.ISSUED_AT), time(facts, SecretMetadata.EXPIRES_AT)),
              time(facts, SecretMetadata.RENEW_AT),
              fact(facts, SecretMetadata.SCOPE),
              fact(facts, SecretMetadata.SPEC_HASH),
              fact(facts, SecretMetadata.TOKEN_HASH),
              facts.get(SecretMetadata.CREDENTIALS_VERSION),
              facts.get(SecretMetadata.RENEW_REQUEST)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  // Anybody can also write a matching checksum. Reject times that no token has: calculations with
  // them could overflow.
  private static Instant time(Map<String, String> facts, String name) {
    String text = fact(facts, name);
    Instant time = Instant.parse(text);
    if (time.isBefore(Instant.EPOCH) || time.isAfter(LAST)) {
      throw new DateTimeParseException("not the time of a token", name, 0);
    }
    return time;
  }

  private static String fact(Map<String, String> facts, String name) {
    return Objects.requireNonNullElse(facts.get(name), "");
  }

  /** The names of one kind that the operator manages in this Secret. */
  static Stream<String> managed(Secret secret, String kind) {
    String names = annotations(secret).getOrDefault(SecretMetadata.MANAGED, "");
    return Stream.of(names.split(" "))
        .filter(name -> name.startsWith(kind))
        .map(name -> name.substring(kind.length()));
  }

  private static Map<String, String> annotations(Secret secret) {
    return Objects.requireNonNullElse(secret.getMetadata().getAnnotations(), Map.of());
  }
}
