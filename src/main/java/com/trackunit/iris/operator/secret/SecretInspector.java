package com.trackunit.iris.operator.secret;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.Printable;
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
 * Reads the state of a target Secret: its owner, its token, and whether it was edited.
 *
 * <p>Works on fingerprints ({@link RedactedSecret}) and never sees a token.
 */
public final class SecretInspector {
  private static final int LONGEST_NAME = 253;

  private SecretInspector() {}

  /**
   * The state of this Secret for this spec.
   *
   * @param remembered the token that was last seen in this Secret, in case its annotations were
   *     edited since; or null
   */
  public static TargetState read(
      Secret redacted, EffectiveSpec spec, @Nullable StoredToken remembered) {
    Optional<OwnerReference> owner = controller(redacted);
    if (owner.isEmpty()) {
      return isProvable(redacted, spec)
          ? new TargetState.Orphaned()
          : new TargetState.Foreign("no IrisCredential");
    }
    if (!owner.get().getUid().equals(spec.uid())) {
      return ofAnother(owner.get(), redacted, spec);
    }
    return ofItsOwn(redacted, spec, remembered);
  }

  /**
   * The token of a Secret that may be adopted; empty when the operator did not write it for this
   * credential.
   */
  public static Optional<StoredToken> adoptable(Secret redacted, EffectiveSpec spec) {
    SortedMap<String, String> digests = managedDigests(redacted);
    return TokenAnnotations.intact(redacted, digests)
        .filter(token -> token.tokenHash().equals(data(redacted).get(RedactedSecret.TOKEN)))
        .filter(token -> isMadeFor(redacted, spec))
        .map(token -> planned(spec, token));
  }

  private static boolean isProvable(Secret redacted, EffectiveSpec spec) {
    return adoptable(redacted, spec).isPresent();
  }

  private static boolean isMadeFor(Secret redacted, EffectiveSpec spec) {
    Map<String, String> labels = labels(redacted);
    Map<String, String> annotations = annotations(redacted);
    String checksum = annotations.getOrDefault(SecretMetadata.CHECKSUM, "");
    return SecretMetadata.MANAGED_BY.equals(labels.get(SecretMetadata.MANAGED_BY_LABEL))
        && SecretMetadata.NAME.equals(labels.get(SecretMetadata.NAME_LABEL))
        && TokenAnnotations.origin(spec, checksum).equals(annotations.get(SecretMetadata.ORIGIN));
  }

  private static TargetState ofItsOwn(
      Secret redacted, EffectiveSpec spec, @Nullable StoredToken remembered) {
    SortedMap<String, String> digests = managedDigests(redacted);
    Optional<StoredToken> intact = TokenAnnotations.intact(redacted, digests);
    return intact
        .or(() -> Optional.ofNullable(remembered))
        .filter(token -> token.tokenHash().equals(data(redacted).get(RedactedSecret.TOKEN)))
        .<TargetState>map(token -> held(redacted, spec, token, digests, intact.isPresent()))
        .orElseGet(TargetState.Damaged::new);
  }

  private static TargetState ofAnother(OwnerReference owner, Secret redacted, EffectiveSpec spec) {
    return isPredecessor(owner, spec)
        ? new TargetState.Predecessor(
            isProvable(redacted, spec),
            Instant.parse(
                Objects.requireNonNullElse(
                    redacted.getMetadata().getCreationTimestamp(), Instant.EPOCH.toString())))
        : new TargetState.Foreign(shown(owner.getKind()) + " " + shown(owner.getName()));
  }

  // The API server takes any text for the kind and the name of an owner.
  private static String shown(String text) {
    return Printable.of(text, LONGEST_NAME);
  }

  /** Whether this owner is an earlier credential with the same name. */
  static boolean isPredecessor(OwnerReference owner, EffectiveSpec spec) {
    return owner.getKind().equals(IrisCredential.KIND)
        && owner.getApiVersion().startsWith(IrisCredential.GROUP + "/")
        && owner.getName().equals(spec.name())
        && !owner.getUid().equals(spec.uid());
  }

  private static TargetState held(
      Secret redacted,
      EffectiveSpec spec,
      StoredToken token,
      SortedMap<String, String> digests,
      boolean intact) {
    StoredToken planned = planned(spec, token);
    SortedMap<String, String> wanted =
        TokenAnnotations.of(spec, planned, TokenLocation.noted(redacted), digests);
    // Earlier versions did not write this annotation. That is no drift, so that an upgrade does not
    // rewrite every Secret.
    if (!annotations(redacted).containsKey(SecretMetadata.ORIGIN)) {
      wanted.remove(SecretMetadata.ORIGIN);
    }
    boolean complete =
        intact
            && digests.keySet().equals(DesiredSecret.keys(spec))
            && annotations(redacted).entrySet().containsAll(wanted.entrySet())
            && labels(redacted).entrySet().containsAll(DesiredSecret.labels(spec).entrySet());
    return new TargetState.Held(planned, !complete, Boolean.TRUE.equals(redacted.getImmutable()));
  }

  /** The token with the renewal time by the current spec. */
  private static StoredToken planned(EffectiveSpec spec, StoredToken token) {
    Lifetime life = token.lifetime();
    return new StoredToken(
        life,
        spec.renewalOf(life).at(),
        token.scope(),
        token.specHash(),
        token.tokenHash(),
        token.loginVersion(),
        token.renewRequest());
  }

  private static SortedMap<String, String> managedDigests(Secret redacted) {
    SortedMap<String, String> digests = new TreeMap<>(data(redacted));
    digests.keySet().retainAll(TokenAnnotations.managed(redacted, "key:").toList());
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
