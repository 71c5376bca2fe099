package com.trackunit.iris.operator.secret;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.StandingOrder;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.Target;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.time.format.DateTimeParseException;
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
 * <p>Works on a Secret of fingerprints ({@link SecretDigest}) and never sees a token.
 */
public final class TargetReader {
  private TargetReader() {}

  /**
   * What this Secret is to this order.
   *
   * @param remembered the token that was seen here last, for a Secret whose annotations were edited
   *     since; or null
   */
  public static Target read(
      Secret digested, StandingOrder order, @Nullable StoredToken remembered) {
    Optional<OwnerReference> owner = controller(digested);
    if (owner.isEmpty()) {
      return new Target.Foreign("nobody this operator knows");
    }
    if (!owner.get().getUid().equals(order.uid())) {
      return ofAnother(owner.get(), order);
    }
    SortedMap<String, String> digests = managedDigests(digested);
    Optional<StoredToken> intact = intact(digested, digests);
    return intact
        .or(() -> Optional.ofNullable(remembered))
        .filter(token -> token.tokenHash().equals(data(digested).get(SecretDigest.TOKEN)))
        .<Target>map(token -> held(digested, order, token, digests, intact.isPresent()))
        .orElseGet(Target.Damaged::new);
  }

  /** The token of a Secret that nobody edited. */
  static Optional<StoredToken> intact(Secret digested, SortedMap<String, String> digests) {
    Map<String, String> annotations = annotations(digested);
    SortedMap<String, String> facts = new TreeMap<>();
    TargetContent.FACTS.forEach(
        name -> Optional.ofNullable(annotations.get(name)).ifPresent(v -> facts.put(name, v)));
    String checksum = TargetContent.checksum(facts, digests);
    return checksum.equals(annotations.get(TargetMetadata.CHECKSUM))
        ? parse(facts)
        : Optional.empty();
  }

  private static Target ofAnother(OwnerReference owner, StandingOrder order) {
    boolean predecessor =
        owner.getKind().equals(IrisCredential.KIND)
            && owner.getApiVersion().startsWith(IrisCredential.GROUP + "/")
            && owner.getName().equals(order.name());
    return predecessor
        ? new Target.Predecessor()
        : new Target.Foreign(owner.getKind() + " " + owner.getName());
  }

  private static Target held(
      Secret digested,
      StandingOrder order,
      StoredToken token,
      SortedMap<String, String> digests,
      boolean intact) {
    StoredToken planned = planned(order, token);
    Map<String, String> wanted =
        TargetContent.annotations(order, planned, TokenPlace.noted(digested), digests);
    boolean complete =
        intact
            && digests.keySet().equals(TargetContent.keys(order))
            && annotations(digested).entrySet().containsAll(wanted.entrySet())
            && labels(digested).entrySet().containsAll(TargetContent.labels(order).entrySet());
    return new Target.Held(planned, !complete, Boolean.TRUE.equals(digested.getImmutable()));
  }

  /** The token with the renewal time that the order asks for today. */
  private static StoredToken planned(StandingOrder order, StoredToken token) {
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

  private static Optional<StoredToken> parse(Map<String, String> facts) {
    try {
      return Optional.of(
          new StoredToken(
              new Lifetime(
                  Instant.parse(fact(facts, TargetMetadata.ISSUED_AT)),
                  Instant.parse(fact(facts, TargetMetadata.EXPIRES_AT))),
              Instant.parse(fact(facts, TargetMetadata.RENEW_AT)),
              fact(facts, TargetMetadata.SCOPE),
              fact(facts, TargetMetadata.SPEC_HASH),
              fact(facts, TargetMetadata.TOKEN_HASH),
              facts.get(TargetMetadata.CREDENTIALS_VERSION),
              facts.get(TargetMetadata.RENEW_REQUEST)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static String fact(Map<String, String> facts, String name) {
    return Objects.requireNonNullElse(facts.get(name), "");
  }

  private static SortedMap<String, String> managedDigests(Secret digested) {
    SortedMap<String, String> digests = new TreeMap<>(data(digested));
    digests.keySet().retainAll(managed(digested, "key:").toList());
    return digests;
  }

  /** The names of one kind that are ours in this Secret. */
  static Stream<String> managed(Secret secret, String kind) {
    String names = annotations(secret).getOrDefault(TargetMetadata.MANAGED, "");
    return Stream.of(names.split(" "))
        .filter(name -> name.startsWith(kind))
        .map(name -> name.substring(kind.length()));
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
