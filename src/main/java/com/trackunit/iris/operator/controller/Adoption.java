package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.acquire.CredentialContext;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.DesiredSecret;
import com.trackunit.iris.operator.secret.RedactedSecret;
import com.trackunit.iris.operator.secret.SecretInspector;
import com.trackunit.iris.operator.secret.SecretStore;
import com.trackunit.iris.operator.secret.TokenLocation;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes a credential the owner of a Secret that the operator wrote for it earlier, for example
 * after a restore from a backup or a {@code kubectl delete --cascade=orphan}. Executes the plan;
 * {@code RenewalPlanner} decides.
 */
public final class Adoption {
  private final SecretStore secrets;
  private final Predicate<EffectiveSpec> deleted;

  /**
   * Creates the executor of adoptions.
   *
   * @param deleted whether the API server reports the credential as deleted or marked for deletion;
   *     throws a {@link KubernetesClientException} if it does not answer
   */
  public Adoption(SecretStore secrets, Predicate<EffectiveSpec> deleted) {
    this.secrets = secrets;
    this.deleted = deleted;
  }

  SecretStore.Rewrite make(CredentialContext context) {
    EffectiveSpec spec = context.spec();
    return switch (secrets.read(spec.namespace(), spec.targetSecret())) {
      case SecretStore.Read.Found(Secret secret) -> adopt(context, secret);
      case SecretStore.Read.Missing _ -> new SecretStore.Rewrite.Overtaken();
      case SecretStore.Read.Failed(RetryClass kind, int code) -> new SecretStore.Failed(kind, code);
    };
  }

  private SecretStore.Rewrite adopt(CredentialContext context, Secret secret) {
    EffectiveSpec spec = context.spec();
    Optional<StoredToken> token = SecretInspector.adoptable(RedactedSecret.of(secret), spec);
    if (token.isEmpty() || isChanged(context, secret)) {
      return new SecretStore.Rewrite.Overtaken();
    }
    try {
      // The watch of Secrets may be ahead of the watch of credentials, which then still lacks the
      // deletion.
      return deleted.test(spec)
          ? new SecretStore.Rewrite.Overtaken()
          : secrets.adopt(spec, content(context, token.get(), secret), secret);
    } catch (KubernetesClientException e) {
      return new SecretStore.Failed(RetryClass.KUBERNETES, e.getCode());
    }
  }

  // The plan holds only for this version of the Secret: a later one may have another owner.
  private static boolean isChanged(CredentialContext context, Secret secret) {
    Secret seen = context.target();
    return seen == null
        || !secret
            .getMetadata()
            .getResourceVersion()
            .equals(seen.getMetadata().getResourceVersion());
  }

  private static DesiredSecret content(
      CredentialContext context, StoredToken token, Secret secret) {
    byte[] accessToken = TokenLocation.token(secret).orElseThrow();
    return DesiredSecret.render(
        context.spec(),
        isOfThisLogin(token, context.seen().loginVersion()) ? token : token.ofUnknownLogin(),
        new String(accessToken, StandardCharsets.UTF_8));
  }

  // A restored credentials Secret has another version even if its values are the same, so another
  // version does not prove another login.
  private static boolean isOfThisLogin(StoredToken token, @Nullable String watched) {
    return watched == null || watched.equals(token.loginVersion());
  }
}
