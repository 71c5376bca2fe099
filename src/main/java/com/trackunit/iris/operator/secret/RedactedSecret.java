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

  private RedactedSecret() {}

  /** A copy with fingerprints instead of values, and one more entry for the token. */
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

  /** A copy with salted fingerprints instead of values, which only this process can compare. */
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
