package com.trackunit.iris.operator.secret;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.secret.CredentialsSecret.Unfit;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Map;
import java.util.Objects;

/**
 * Reads logins, from such Secrets only that may be one: the content of a target Secret is chosen by
 * the author of a credential, who need not have any right on Secrets.
 *
 * @param labelRequired whether a login must carry the label of a login
 */
public record LoginReader(boolean labelRequired) {
  /**
   * Reads a login, or says why this Secret is not one.
   *
   * @param version the version of the login: see {@link CredentialsVersion}
   */
  public CredentialsSecret read(Secret secret, EffectiveSpec spec, String version) {
    Map<String, String> labels =
        Objects.requireNonNullElse(secret.getMetadata().getLabels(), Map.of());
    if (SecretMetadata.NAME.equals(labels.get(SecretMetadata.NAME_LABEL))) {
      return new Unfit(Unfit.Ground.TARGET_SECRET);
    }
    if (labelRequired && !SecretMetadata.LOGIN.equals(labels.get(SecretMetadata.LOGIN_LABEL))) {
      return new Unfit(Unfit.Ground.NO_LABEL);
    }
    return CredentialsSecret.read(secret, spec, version);
  }
}
