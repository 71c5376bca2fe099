package com.trackunit.iris.operator.secret;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.TargetState;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
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
 * The calls to the API server that concern Secrets; the only writer of them.
 *
 * <p>Never writes a Secret that another owns: a new one is created, and an existing one is only
 * patched at the {@code resourceVersion} at which it was seen to be ours, or seen to be adoptable.
 */
public final class SecretClient {
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

  /** What came of reading a Secret. */
  public sealed interface Read {
    record Found(Secret secret) implements Read {
      /** Shows no secret. */
      @Override
      public String toString() {
        return "Found";
      }
    }

    record Missing() implements Read {}

    record Failed(RetryClass kind, int code) implements Read {}
  }

  /** What came of writing a target Secret. */
  public sealed interface Write {
    /** Somebody else has a Secret of this name. */
    record Conflict(TargetState target) implements Write {}
  }

  /** What came of writing a target Secret again from what is stored in it. */
  public sealed interface Rewrite {
    /** Somebody was faster: what is there now was not looked at yet. */
    record Overtaken() implements Rewrite {}
  }

  /** Written; the Secret as it is now, without its secrets. */
  public record Written(Secret digested) implements Write, Rewrite {}

  /**
   * Not written, as far as is known.
   *
   * @param code the HTTP status, 0 or less when there was no answer
   */
  public record Failed(RetryClass kind, int code) implements Write, Rewrite {}

  /** Reads one Secret from the API server, never from a cache. */
  public Read read(String namespace, String name) {
    try {
      Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
      return secret == null ? new Read.Missing() : new Read.Found(secret);
    } catch (KubernetesClientException e) {
      return new Read.Failed(classify(e), e.getCode());
    }
  }

  /**
   * Writes a target Secret in one call; in a second one when somebody was faster.
   *
   * @param seen the Secret as it was seen last, null when there was none
   */
  public Write write(EffectiveSpec order, DesiredSecret content, @Nullable Secret seen) {
    return write(order, content, seen, ATTEMPTS);
  }

  /** Writes content that was made from this very version of the Secret; whoever was faster wins. */
  public Rewrite rewrite(DesiredSecret content, Secret seen) {
    try {
      return new Written(RedactedSecret.of(patch(seen, content.mergePatch(seen))));
    } catch (KubernetesClientException e) {
      return isOvertaken(e) ? new Rewrite.Overtaken() : new Failed(classify(e), e.getCode());
    }
  }

  /**
   * Makes a credential the controller of a Secret, and writes the content that was made from this
   * very version of it, in one call.
   */
  public Rewrite adopt(EffectiveSpec order, DesiredSecret content, Secret seen) {
    try {
      return new Written(RedactedSecret.of(patch(seen, adopting(order, content, seen))));
    } catch (KubernetesClientException e) {
      return isOvertaken(e) ? new Rewrite.Overtaken() : new Failed(classify(e), e.getCode());
    }
  }

  // Owners that are no controllers stay: a merge patch (RFC 7386) replaces the whole list.
  private static Map<String, Object> adopting(
      EffectiveSpec order, DesiredSecret content, Secret seen) {
    List<OwnerReference> owners =
        Stream.concat(
                Stream.ofNullable(seen.getMetadata().getOwnerReferences())
                    .flatMap(Collection::stream)
                    .filter(known -> !known.getUid().equals(order.uid()))
                    .filter(known -> !SecretInspector.isPredecessor(known, order)),
                Stream.of(owner(order)))
            .toList();
    return content.mergePatch(seen, Map.of("ownerReferences", owners));
  }

  private Write write(
      EffectiveSpec order, DesiredSecret content, @Nullable Secret seen, int attempts) {
    try {
      Secret written =
          seen == null ? create(order, content) : patch(seen, content.mergePatch(seen));
      return new Written(RedactedSecret.of(written));
    } catch (KubernetesClientException e) {
      return isOvertaken(e) && attempts > 1
          ? writeAnew(order, content, seen, attempts - 1)
          : new Failed(classify(e), e.getCode());
    }
  }

  // Somebody was faster, or the answer to our own write was lost: look whose the Secret is now.
  private Write writeAnew(
      EffectiveSpec order, DesiredSecret content, @Nullable Secret seen, int attempts) {
    return switch (read(order.namespace(), order.targetSecret())) {
      case Read.Found(Secret found) ->
          switch (SecretInspector.read(RedactedSecret.of(found), order, null)) {
            case TargetState.Foreign foreign -> new Write.Conflict(foreign);
            case TargetState.Predecessor predecessor -> new Write.Conflict(predecessor);
            // Restored meanwhile: the next look adopts it.
            case TargetState.Orphaned orphaned -> new Write.Conflict(orphaned);
            // Another replica renewed it meanwhile: an expiry never goes backwards.
            case TargetState.Held held
                when content.isOlderThan(held.token()) && isOther(held, seen) ->
                new Written(RedactedSecret.of(found));
            case TargetState.Held _,
                TargetState.Damaged _,
                TargetState.Absent _,
                TargetState.Unseen _ ->
                write(order, content, found, attempts);
          };
      case Read.Missing _ -> write(order, content, null, attempts);
      case Read.Failed(RetryClass kind, int code) -> new Failed(kind, code);
    };
  }

  private static boolean isOther(TargetState.Held held, @Nullable Secret seen) {
    return seen == null
        || !held.token()
            .tokenHash()
            .equals(seen.getMetadata().getAnnotations().get(SecretMetadata.TOKEN_HASH));
  }

  private Secret create(EffectiveSpec order, DesiredSecret content) {
    Secret secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(order.namespace())
            .withName(order.targetSecret())
            .withLabels(content.labels())
            .withAnnotations(content.annotations())
            .addToOwnerReferences(owner(order))
            .endMetadata()
            .withType("Opaque")
            .withData(content.encodedData())
            .build();
    return client.secrets().resource(secret).create();
  }

  private static OwnerReference owner(EffectiveSpec order) {
    return new OwnerReferenceBuilder()
        .withApiVersion(IrisCredential.GROUP + "/" + IrisCredential.VERSION)
        .withKind(IrisCredential.KIND)
        .withName(order.name())
        .withUid(order.uid())
        .withController(true)
        .withBlockOwnerDeletion(false)
        .build();
  }

  private Secret patch(Secret current, Map<String, Object> mergePatch) {
    return client
        .secrets()
        .resource(current)
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

  // A webhook chooses the status of its denial, and many choose 400. These words are the API
  // server's own.
  private static boolean isDeniedByAdmission(KubernetesClientException e) {
    Status status = e.getStatus();
    return status != null
        && status.getMessage() != null
        && DENIAL.matcher(status.getMessage()).lookingAt();
  }
}
