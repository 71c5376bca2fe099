package com.trackunit.iris.operator.secret;

import com.trackunit.iris.operator.renewal.Fingerprint;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * A Secret without its secrets: every value is replaced by its fingerprint, so that it may be kept
 * in memory.
 */
public final class RedactedSecret {
  /** Where the fingerprint of the token itself is; no key of a Secret can be called so. */
  static final String TOKEN = Template.TOKEN;

  /**
   * Known to this process alone and never shown: a password is often short enough to be guessed
   * from its bare fingerprint.
   */
  private static final String SALT = UUID.randomUUID().toString();

  private RedactedSecret() {}

  /** A copy with fingerprints instead of values, and that of the token beside them. */
  public static Secret of(Secret secret) {
    Map<String, String> digests = new HashMap<>();
    Objects.requireNonNullElse(secret.getData(), Map.<String, String>of())
        .forEach((key, value) -> digests.put(key, digest(Objects.requireNonNullElse(value, ""))));
    TokenLocation.token(secret).ifPresent(token -> digests.put(TOKEN, Fingerprint.of(token)));
    return new SecretBuilder()
        .withMetadata(secret.getMetadata())
        .withType(secret.getType())
        .withImmutable(secret.getImmutable())
        .withData(digests)
        .build();
  }

  /** A copy with salted fingerprints instead of values, comparable in this process alone. */
  public static Secret salted(Secret secret) {
    Map<String, String> digests = new HashMap<>();
    Objects.requireNonNullElse(secret.getData(), Map.<String, String>of())
        .forEach((key, value) -> digests.put(key, Fingerprint.ofParts(List.of(SALT, value))));
    return new SecretBuilder().withMetadata(secret.getMetadata()).withData(digests).build();
  }

  private static String digest(String encoded) {
    return Fingerprint.of(Base64.getDecoder().decode(encoded));
  }
}
