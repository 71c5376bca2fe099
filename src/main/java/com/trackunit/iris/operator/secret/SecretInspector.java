package com.trackunit.iris.operator.secret;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a target Secret says of itself: whose it is, which token it holds, whether anybody
 * edited it.
 *
 * <p>Works on a Secret of fingerprints ({@link RedactedSecret}) and never sees a token.
 */
public final class SecretInspector {
  private SecretInspector() {}

  /**
   * What this Secret is to this order.
   *
   * @param remembered the token that was seen here last, for a Secret whose annotations were edited
   *     since; or null
   */
  public static TargetState read(
      Secret digested, EffectiveSpec order, @Nullable StoredToken remembered) {
    Optional<OwnerReference> owner = controller(digested);
    if (owner.isEmpty()) {
      return isProvable(digested, order)
          ? new TargetState.Orphaned()
          : new TargetState.Foreign("nobody this operator knows");
    }
    if (!owner.get().getUid().equals(order.uid())) {
      return ofAnother(owner.get(), digested, order);
    }
    return ofItsOwn(digested, order, remembered);
  }

  /** The token of a Secret that may be adopted; nothing when the operator did not write it. */
  public static Optional<StoredToken> adoptable(Secret digested, EffectiveSpec order) {
    SortedMap<String, String> digests = managedDigests(digested);
    return TokenAnnotations.intact(digested, digests)
        .filter(token -> token.tokenHash().equals(data(digested).get(RedactedSecret.TOKEN)))
        .filter(token -> isMadeFor(digested, order))
        .map(token -> planned(order, token));
  }

  private static boolean isProvable(Secret digested, EffectiveSpec order) {
    return adoptable(digested, order).isPresent();
  }

  private static boolean isMadeFor(Secret digested, EffectiveSpec order) {
    Map<String, String> labels = labels(digested);
    Map<String, String> annotations = annotations(digested);
    String checksum = annotations.getOrDefault(SecretMetadata.CHECKSUM, "");
    return SecretMetadata.MANAGED_BY.equals(labels.get(SecretMetadata.MANAGED_BY_LABEL))
        && SecretMetadata.NAME.equals(labels.get(SecretMetadata.NAME_LABEL))
        && TokenAnnotations.origin(order, checksum).equals(annotations.get(SecretMetadata.ORIGIN));
  }

  private static TargetState ofItsOwn(
      Secret digested, EffectiveSpec order, @Nullable StoredToken remembered) {
    SortedMap<String, String> digests = managedDigests(digested);
    Optional<StoredToken> intact = TokenAnnotations.intact(digested, digests);
    return intact
        .or(() -> Optional.ofNullable(remembered))
        .filter(token -> token.tokenHash().equals(data(digested).get(RedactedSecret.TOKEN)))
        .<TargetState>map(token -> held(digested, order, token, digests, intact.isPresent()))
        .orElseGet(TargetState.Damaged::new);
  }

  private static TargetState ofAnother(OwnerReference owner, Secret digested, EffectiveSpec order) {
    return isPredecessor(owner, order)
        ? new TargetState.Predecessor(
            isProvable(digested, order),
            Instant.parse(
                Objects.requireNonNullElse(
                    digested.getMetadata().getCreationTimestamp(), Instant.EPOCH.toString())))
        : new TargetState.Foreign(owner.getKind() + " " + owner.getName());
  }

  /** Whether this owner is an earlier credential of the same name. */
  static boolean isPredecessor(OwnerReference owner, EffectiveSpec order) {
    return owner.getKind().equals(IrisCredential.KIND)
        && owner.getApiVersion().startsWith(IrisCredential.GROUP + "/")
        && owner.getName().equals(order.name())
        && !owner.getUid().equals(order.uid());
  }

  private static TargetState held(
      Secret digested,
      EffectiveSpec order,
      StoredToken token,
      SortedMap<String, String> digests,
      boolean intact) {
    StoredToken planned = planned(order, token);
    SortedMap<String, String> wanted =
        TokenAnnotations.of(order, planned, TokenLocation.noted(digested), digests);
    // An earlier version wrote none: a rewrite of every Secret at an upgrade is not worth it.
    if (!annotations(digested).containsKey(SecretMetadata.ORIGIN)) {
      wanted.remove(SecretMetadata.ORIGIN);
    }
    boolean complete =
        intact
            && digests.keySet().equals(DesiredSecret.keys(order))
            && annotations(digested).entrySet().containsAll(wanted.entrySet())
            && labels(digested).entrySet().containsAll(DesiredSecret.labels(order).entrySet());
    return new TargetState.Held(planned, !complete, Boolean.TRUE.equals(digested.getImmutable()));
  }

  /** The token with the renewal time that the order asks for today. */
  private static StoredToken planned(EffectiveSpec order, StoredToken token) {
    Lifetime life = token.lifetime();
    return new StoredToken(
        life,
        order.renewalOf(life).at(),
        token.scope(),
        token.specHash(),
        token.tokenHash(),
        token.loginVersion(),
        token.renewRequest());
  }

  private static SortedMap<String, String> managedDigests(Secret digested) {
    SortedMap<String, String> digests = new TreeMap<>(data(digested));
    digests.keySet().retainAll(TokenAnnotations.managed(digested, "key:").toList());
    return digests;
  }

  private static Optional<OwnerReference> controller(Secret secret) {
    return Stream.ofNullable(secret.getMetadata().getOwnerReferences())
        .flatMap(Collection::stream)
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .findFirst();
  }

  private static Map<String, String> data(Secret secret) {
    return Objects.requireNonNullElse(secret.getData(), Map.of());
  }

  private static Map<String, String> annotations(Secret secret) {
    return Objects.requireNonNullElse(secret.getMetadata().getAnnotations(), Map.of());
  }

  private static Map<String, String> labels(Secret secret) {
    return Objects.requireNonNullElse(secret.getMetadata().getLabels(), Map.of());
  }
}
