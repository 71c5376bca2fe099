package com.trackunit.iris.operator.secret;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.Fingerprint;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which version of a credentials Secret brought the values that a credential sends; later versions
 * that changed something else do not count.
 *
 * @param values salted fingerprint of the values, which means nothing outside this process
 * @param version the first version that was seen with these values since a token was last issued
 * @param latest the last one
 */
public record LoginState(String values, String version, String latest) {
  /** The state of the Secret as it was just read. */
  public static LoginState in(Secret secret, EffectiveSpec spec) {
    return of(RedactedSecret.salted(secret), spec);
  }

  /**
   * The state of the Secret as it is now.
   *
   * @param salted the Secret as {@link RedactedSecret#salted} shows it
   */
  public static LoginState of(Secret salted, EffectiveSpec spec) {
    Map<String, String> digests = Objects.requireNonNullElse(salted.getData(), Map.of());
    List<String> values =
        spec.loginKeys().of(spec.grantType()).stream()
            .map(key -> digests.getOrDefault(key, ""))
            .toList();
    String version = CredentialsSecret.version(salted);
    return new LoginState(Fingerprint.ofParts(values), version, version);
  }

  /** This state, which keeps the version of the one before while the values are the same. */
  public LoginState after(@Nullable LoginState before) {
    return before != null && before.values.equals(values)
        ? new LoginState(values, before.version, latest)
        : this;
  }

  /** The same once a token was issued: it is noted with the latest version. */
  public LoginState issued() {
    return new LoginState(values, latest, latest);
  }
}
