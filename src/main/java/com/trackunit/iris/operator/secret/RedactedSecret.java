package com.trackunit.iris.operator.secret;

import com.trackunit.iris.operator.renewal.Fingerprint;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Replaces every value of a Secret by its fingerprint, so that the Secret may be cached. */
public final class RedactedSecret {
  /**
   * The entry with the fingerprint of the token itself; not a valid key of a Secret, so it cannot
   * clash.
   */
  static final String TOKEN = Template.TOKEN;

  /**
   * New in each process and never shown: a short password could be guessed from a fingerprint
   * without a salt.
   */
  private static final String SALT = UUID.randomUUID().toString();

  /** A Secret with more keys than this is compared as a whole. */
  private static final int MOST_KEYS = 64;

  /** The entry with the fingerprint of the whole content; not a valid key either. */
  private static final String ALL = "*";

  private RedactedSecret() {}

  /**
   * A copy with fingerprints instead of values, and one more entry for the token. Has only what the
   * operator manages: keys, labels and annotations of others are left out.
   */
  public static Secret of(Secret secret) {
    Map<String, String> data = Objects.requireNonNullElse(secret.getData(), Map.of());
    Map<String, String> digests = new HashMap<>();
    Set<String> managed = ReducedMetadata.names(secret, "key:");
    managed.retainAll(data.keySet());
    managed.forEach(key -> digests.put(key, digest(data.get(key))));
    TokenLocation.token(secret).ifPresent(token -> digests.put(TOKEN, Fingerprint.of(token)));
    return new SecretBuilder()
        .withMetadata(ReducedMetadata.managed(secret))
        .withType(secret.getType())
        .withImmutable(secret.getImmutable())
        .withData(digests)
        .build();
  }

  /** A copy with salted fingerprints instead of values, which only this process can compare. */
  public static Secret salted(Secret secret) {
    Map<String, String> data = Objects.requireNonNullElse(secret.getData(), Map.of());
    Map<String, String> digests = new HashMap<>();
    if (data.size() <= MOST_KEYS) {
      data.forEach((key, value) -> digests.put(key, salted(List.of(orEmpty(value)))));
    } else {
      digests.put(ALL, salted(parts(data)));
    }
    return new SecretBuilder()
        .withMetadata(ReducedMetadata.identity(secret.getMetadata()))
        .withData(digests)
        .build();
  }

  /** The salted fingerprint of a value; of all values, if the Secret has too many. */
  static String of(Secret salted, String key) {
    Map<String, String> digests = Objects.requireNonNullElse(salted.getData(), Map.of());
    return digests.getOrDefault(key, digests.getOrDefault(ALL, ""));
  }

  private static String salted(List<String> parts) {
    return Fingerprint.ofParts(Stream.concat(Stream.of(SALT), parts.stream()).toList());
  }

  private static List<String> parts(Map<String, String> data) {
    return new TreeMap<>(data)
        .entrySet().stream()
            .flatMap(entry -> Stream.of(entry.getKey(), orEmpty(entry.getValue())))
            .toList();
  }

  private static String orEmpty(@Nullable String value) {
    return Objects.requireNonNullElse(value, "");
  }

  private static String digest(@Nullable String encoded) {
    return Fingerprint.of(Base64.getDecoder().decode(orEmpty(encoded)));
  }
}
