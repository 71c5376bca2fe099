package com.trackunit.iris.operator.secret;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.Fingerprint;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The version of a credentials Secret in which the values of a login appeared. A later version that
 * changes other data does not count.
 *
 * @param values salted fingerprint of the values, useless outside this process
 * @param version the first version that was seen with these values since a token was last issued
 * @param latest the last version that was seen with these values
 */
public record CredentialsVersion(String values, String version, String latest) {
  /** The state of a Secret that was just read. */
  public static CredentialsVersion in(Secret secret, EffectiveSpec spec) {
    return of(RedactedSecret.salted(secret), spec);
  }

  /**
   * The state of the Secret as it is now.
   *
   * @param salted a result of {@link RedactedSecret#salted}
   */
  public static CredentialsVersion of(Secret salted, EffectiveSpec spec) {
    List<String> values =
        spec.loginKeys().of(spec.grantType()).stream()
            .map(key -> RedactedSecret.of(salted, key))
            .toList();
    String version = CredentialsSecret.version(salted);
    return new CredentialsVersion(Fingerprint.ofParts(values), version, version);
  }

  /** This state, with the version of the state before if the values are the same. */
  public CredentialsVersion after(@Nullable CredentialsVersion before) {
    return before != null && before.values.equals(values)
        ? new CredentialsVersion(values, before.version, latest)
        : this;
  }

  /** A copy after a token was issued: the token is stored with the latest version. */
  public CredentialsVersion issued() {
    return new CredentialsVersion(values, latest, latest);
  }
}
