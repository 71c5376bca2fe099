package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.acquire.CredentialContext;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.DesiredSecret;
import com.trackunit.iris.operator.secret.RedactedSecret;
import com.trackunit.iris.operator.secret.SecretClient;
import com.trackunit.iris.operator.secret.SecretInspector;
import com.trackunit.iris.operator.secret.TokenLocation;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a credential the owner of a Secret that the operator wrote for it, after a restore or a
 * {@code kubectl delete --cascade=orphan}; decides nothing by itself.
 */
public final class Adoption {
  private final KubernetesClient client;
  private final SecretClient secrets;

  public Adoption(KubernetesClient client, SecretClient secrets) {
    this.client = client;
    this.secrets = secrets;
  }

  SecretClient.Rewrite make(CredentialContext situation) {
    EffectiveSpec order = situation.order();
    return switch (secrets.read(order.namespace(), order.targetSecret())) {
      case SecretClient.Read.Found(Secret secret) -> adopt(situation, secret);
      case SecretClient.Read.Missing _ -> new SecretClient.Rewrite.Overtaken();
      case SecretClient.Read.Failed(RetryClass kind, int code) ->
          new SecretClient.Failed(kind, code);
    };
  }

  private SecretClient.Rewrite adopt(CredentialContext situation, Secret secret) {
    EffectiveSpec order = situation.order();
    Optional<StoredToken> token = SecretInspector.adoptable(RedactedSecret.of(secret), order);
    if (token.isEmpty() || isChanged(situation, secret)) {
      return new SecretClient.Rewrite.Overtaken();
    }
    try {
      return isDeleted(order)
          ? new SecretClient.Rewrite.Overtaken()
          : secrets.adopt(order, content(situation, token.get(), secret), secret);
    } catch (KubernetesClientException e) {
      return new SecretClient.Failed(RetryClass.KUBERNETES, e.getCode());
    }
  }

  // The plan was made for this very Secret: another one may have another owner.
  private static boolean isChanged(CredentialContext situation, Secret secret) {
    Secret seen = situation.target();
    return seen == null
        || !secret
            .getMetadata()
            .getResourceVersion()
            .equals(seen.getMetadata().getResourceVersion());
  }

  // An orphaning deletion strips the Secret before the credential is gone, and the watch of Secrets
  // may be faster than that of credentials. A list of one, because the role has no get.
  private boolean isDeleted(EffectiveSpec order) {
    return client
        .resources(IrisCredential.class)
        .inNamespace(order.namespace())
        .withField("metadata.name", order.name())
        .list()
        .getItems()
        .stream()
        .filter(credential -> credential.getMetadata().getUid().equals(order.uid()))
        .allMatch(IrisCredential::isMarkedForDeletion);
  }

  private static DesiredSecret content(
      CredentialContext situation, StoredToken token, Secret secret) {
    byte[] accessToken = TokenLocation.token(secret).orElseThrow();
    return DesiredSecret.render(
        situation.order(),
        isOfThisLogin(token, situation.seen().loginVersion()) ? token : token.ofUnknownLogin(),
        new String(accessToken, StandardCharsets.UTF_8));
  }

  // A login that was restored as well has another version, whether its values changed or not.
  private static boolean isOfThisLogin(StoredToken token, @Nullable String watched) {
    return watched == null || watched.equals(token.loginVersion());
  }
}
