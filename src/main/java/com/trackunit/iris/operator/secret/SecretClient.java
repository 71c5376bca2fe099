package com.trackunit.iris.operator.secret;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.TargetState;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The calls to the API server for Secrets; nothing else writes Secrets.
 *
 * <p>Never writes a Secret of another owner. A new Secret is created; an existing one is only
 * patched, at the {@code resourceVersion} at which it was seen to be ours or adoptable.
 */
public final class SecretClient implements SecretStore {
  private static final int UNPROCESSABLE = 422;
  private static final int ATTEMPTS = 3;
  private static final Pattern DENIAL =
      Pattern.compile(
          "admission webhook \"[^\"]*\" denied the request"
              + "|(?:.*: )?ValidatingAdmissionPolicy '[^']*' with binding '[^']*' denied request");

  private final KubernetesClient client;

  public SecretClient(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Read read(String namespace, String name) {
    try {
      Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
      return secret == null ? new Read.Missing() : new Read.Found(secret);
    } catch (KubernetesClientException e) {
      return new Read.Failed(classify(e), e.getCode());
    }
  }

  @Override
  public Write write(EffectiveSpec spec, DesiredSecret content, @Nullable Secret seen) {
    return write(spec, content, seen, ATTEMPTS);
  }

  @Override
  public Rewrite rewrite(DesiredSecret content, Secret seen) {
    try {
      return new Written(RedactedSecret.of(patch(seen, content.mergePatch(seen))));
    } catch (KubernetesClientException e) {
      return isOvertaken(e) ? new Rewrite.Overtaken() : new Failed(classify(e), e.getCode());
    }
  }

  @Override
  public Rewrite adopt(EffectiveSpec spec, DesiredSecret content, Secret seen) {
    try {
      return new Written(RedactedSecret.of(patch(seen, adopting(spec, content, seen))));
    } catch (KubernetesClientException e) {
      return isOvertaken(e) ? new Rewrite.Overtaken() : new Failed(classify(e), e.getCode());
    }
  }

  // A merge patch (RFC 7386) replaces the whole list, so it must contain the other owners, too.
  private static Map<String, Object> adopting(
      EffectiveSpec spec, DesiredSecret content, Secret seen) {
    List<OwnerReference> owners =
        Stream.concat(
                Stream.ofNullable(seen.getMetadata().getOwnerReferences())
                    .flatMap(Collection::stream)
                    .filter(known -> !known.getUid().equals(spec.uid()))
                    .filter(known -> !SecretInspector.isPredecessor(known, spec)),
                Stream.of(DesiredSecret.owner(spec)))
            .toList();
    return content.mergePatch(seen, Map.of("ownerReferences", owners));
  }

  private Write write(
      EffectiveSpec spec, DesiredSecret content, @Nullable Secret seen, int attempts) {
    try {
      Secret written = seen == null ? create(spec, content) : patch(seen, content.mergePatch(seen));
      return new Written(RedactedSecret.of(written));
    } catch (KubernetesClientException e) {
      return isOvertaken(e) && attempts > 1
          ? retryWrite(spec, content, seen, attempts - 1)
          : new Failed(classify(e), e.getCode());
    }
  }

  // Another writer was first, or the response to our own write was lost: check the owner again.
  private Write retryWrite(
      EffectiveSpec spec, DesiredSecret content, @Nullable Secret seen, int attempts) {
    return switch (read(spec.namespace(), spec.targetSecret())) {
      case Read.Found(Secret found) ->
          switch (SecretInspector.read(RedactedSecret.of(found), spec, null)) {
            case TargetState.Foreign foreign -> new Write.Conflict(foreign);
            case TargetState.Predecessor predecessor -> new Write.Conflict(predecessor);
            // It was restored in the meantime: the next reconciliation adopts it.
            case TargetState.Orphaned orphaned -> new Write.Conflict(orphaned);
            // Another replica has renewed it: a token must not be replaced by one that expires
            // earlier.
            case TargetState.Held held
                when content.isOlderThan(held.token()) && isOther(held, seen) ->
                new Written(RedactedSecret.of(found));
            case TargetState.Held _,
                TargetState.Damaged _,
                TargetState.Absent _,
                TargetState.Unseen _ ->
                write(spec, content, found, attempts);
          };
      case Read.Missing _ -> write(spec, content, null, attempts);
      case Read.Failed(RetryClass kind, int code) -> new Failed(kind, code);
    };
  }

  private static boolean isOther(TargetState.Held held, @Nullable Secret seen) {
    return seen == null
        || !held.token()
            .tokenHash()
            .equals(seen.getMetadata().getAnnotations().get(SecretMetadata.TOKEN_HASH));
  }

  private Secret create(EffectiveSpec spec, DesiredSecret content) {
    return client.secrets().resource(content.created(spec)).create();
  }

  // The client copies the object that it is given, so it gets a name only.
  private Secret patch(Secret current, Map<String, Object> mergePatch) {
    Secret named =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(current.getMetadata().getNamespace())
            .withName(current.getMetadata().getName())
            .endMetadata()
            .build();
    return client
        .secrets()
        .resource(named)
        .patch(PatchContext.of(PatchType.JSON_MERGE), Serialization.asJson(mergePatch));
  }

  private static boolean isOvertaken(KubernetesClientException e) {
    boolean changed =
        e.getCode() == HttpURLConnection.HTTP_CONFLICT
            || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
    return changed && !isDeniedByAdmission(e);
  }

  private static RetryClass classify(KubernetesClientException e) {
    if (isDeniedByAdmission(e)) {
      return RetryClass.KUBERNETES_DENIED;
    }
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_FORBIDDEN, UNPROCESSABLE -> RetryClass.KUBERNETES_DENIED;
      default -> RetryClass.KUBERNETES;
    };
  }

  // A webhook chooses the HTTP status of its denial, and many choose 400. The text matched here is
  // written by the API server.
  private static boolean isDeniedByAdmission(KubernetesClientException e) {
    Status status = e.getStatus();
    return status != null
        && status.getMessage() != null
        && DENIAL.matcher(status.getMessage()).lookingAt();
  }
}
