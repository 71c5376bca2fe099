package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.StandingOrder;
import com.trackunit.iris.operator.renewal.FailureClass;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.SecretClient;
import com.trackunit.iris.operator.secret.SecretDigest;
import com.trackunit.iris.operator.secret.TargetContent;
import com.trackunit.iris.operator.secret.TargetReader;
import com.trackunit.iris.operator.secret.TokenPlace;
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
final class Adoption {
  private final KubernetesClient client;
  private final SecretClient secrets;

  Adoption(KubernetesClient client, SecretClient secrets) {
    this.client = client;
    this.secrets = secrets;
  }

  SecretClient.Rewrite make(Situation situation) {
    StandingOrder order = situation.order();
    return switch (secrets.read(order.namespace(), order.targetSecret())) {
      case SecretClient.Read.Found(Secret secret) -> adopt(situation, secret);
      case SecretClient.Read.Missing _ -> new SecretClient.Rewrite.Overtaken();
      case SecretClient.Read.Failed(FailureClass kind, int code) ->
          new SecretClient.Failed(kind, code);
    };
  }

  private SecretClient.Rewrite adopt(Situation situation, Secret secret) {
    StandingOrder order = situation.order();
    Optional<StoredToken> token = TargetReader.adoptable(SecretDigest.of(secret), order);
    if (token.isEmpty() || isChanged(situation, secret)) {
      return new SecretClient.Rewrite.Overtaken();
    }
    try {
      return isDeleted(order)
          ? new SecretClient.Rewrite.Overtaken()
          : secrets.adopt(order, content(situation, token.get(), secret), secret);
    } catch (KubernetesClientException e) {
      return new SecretClient.Failed(FailureClass.KUBERNETES, e.getCode());
    }
  }

  // The plan was made for this very Secret: another one may have another owner.
  private static boolean isChanged(Situation situation, Secret secret) {
    Secret seen = situation.target();
    return seen == null
        || !secret
            .getMetadata()
            .getResourceVersion()
            .equals(seen.getMetadata().getResourceVersion());
  }

  // An orphaning deletion strips the Secret before the credential is gone, and the watch of Secrets
  // may be faster than that of credentials. A list of one, because the role has no get.
  private boolean isDeleted(StandingOrder order) {
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

  private static TargetContent content(Situation situation, StoredToken token, Secret secret) {
    byte[] accessToken = TokenPlace.token(secret).orElseThrow();
    return TargetContent.render(
        situation.order(),
        isOfThisLogin(token, situation.seen().loginVersion()) ? token : token.ofUnknownLogin(),
        new String(accessToken, StandardCharsets.UTF_8));
  }

  // A login that was restored as well has another version, whether its values changed or not.
  private static boolean isOfThisLogin(StoredToken token, @Nullable String watched) {
    return watched == null || watched.equals(token.loginVersion());
  }
}
