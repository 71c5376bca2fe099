package com.trackunit.iris.operator.credential;

import com.trackunit.iris.operator.api.CredentialsSecretKeys;
import com.trackunit.iris.operator.api.DurationFormat;
import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialSpec;
import com.trackunit.iris.operator.api.TargetSecretSpec;
import com.trackunit.iris.operator.renewal.Fingerprint;
import com.trackunit.iris.operator.renewal.Jitter;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.RenewBefore;
import com.trackunit.iris.operator.renewal.RenewalSchedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The spec of a credential, with every default filled in.
 *
 * <p>All later code reads this record instead of the resource, so it need not know the defaults.
 *
 * @param uid UID of the credential, which owns the target Secret
 * @param scopes the requested scopes, in the order of the spec
 * @param labels the user's labels for the target Secret
 * @param annotations the user's annotations for the target Secret
 * @param templates the user's templates by key of the target Secret; empty: the default keys
 * @param suspended whether token requests are suspended
 * @param renewRequest identifies the renewal that was requested last, null when there was none
 * @param endpoint URL that a token is asked from; empty where it does not matter
 * @param unsupported the first field that this version cannot read, for example {@code
 *     spec.grantType}; null when it can read all of them
 * @param beingDeleted whether the credential is deleted and a finalizer holds it
 */
public record EffectiveSpec(
    String namespace,
    String name,
    String uid,
    long generation,
    String loginSecret,
    CredentialsSecretKeys loginKeys,
    GrantType grantType,
    List<String> scopes,
    String targetSecret,
    Map<String, String> labels,
    Map<String, String> annotations,
    RenewBefore renewBefore,
    Map<String, String> templates,
    boolean suspended,
    @Nullable String renewRequest,
    String endpoint,
    @Nullable String unsupported,
    boolean beingDeleted) {

  private static final List<String> DEFAULT_SCOPES = List.of("api");

  /** The effective spec of a credential, where the endpoint does not matter. */
  public static EffectiveSpec of(IrisCredential credential) {
    return of(credential, _ -> "");
  }

  /**
   * The effective spec of a credential that was read from the API server.
   *
   * @param endpoints the URL that a token is asked from, by grant type
   */
  public static EffectiveSpec of(IrisCredential credential, Function<GrantType, String> endpoints) {
    IrisCredentialSpec spec = credential.getSpec();
    CredentialsSecretKeys keys = spec.credentialsSecretRef().keys();
    TargetSecretSpec target =
        Objects.requireNonNullElse(spec.targetSecret(), TargetSecretSpec.DEFAULT);
    String name = credential.getMetadata().getName();
    GrantType grantType = Objects.requireNonNullElse(spec.grantType(), GrantType.PASSWORD);
    return new EffectiveSpec(
        credential.getMetadata().getNamespace(),
        name,
        credential.getMetadata().getUid(),
        Objects.requireNonNullElse(credential.getMetadata().getGeneration(), 0L),
        spec.credentialsSecretRef().name(),
        Objects.requireNonNullElse(keys, CredentialsSecretKeys.DEFAULT),
        grantType,
        Objects.requireNonNullElse(spec.scopes(), DEFAULT_SCOPES),
        targetName(target, name),
        orEmpty(target.labels()),
        orEmpty(target.annotations()),
        renewBefore(spec),
        orEmpty(target.data()),
        Boolean.TRUE.equals(spec.suspend()),
        renewRequest(credential),
        endpoints.apply(grantType),
        credential.unreadableField().or(() -> UnsupportedValues.in(spec)).orElse(null),
        credential.isBeingDeleted());
  }

  // A name that no Secret can have makes the spec unsupported, and is used nowhere.
  private static String targetName(TargetSecretSpec target, String name) {
    return target.name() != null && UnsupportedValues.isName(target.name())
        ? target.name()
        : name + "-token";
  }

  private static @Nullable String renewRequest(IrisCredential credential) {
    Map<String, String> annotations = credential.getMetadata().getAnnotations();
    String value = annotations == null ? null : annotations.get(IrisCredential.RENEW_REQUESTED_AT);
    return value == null || value.isEmpty() ? null : value;
  }

  /**
   * The requested scopes. They are also the granted scopes when the response contains none (RFC
   * 6749 section 5.1).
   */
  public String requestedScope() {
    return String.join(" ", scopes);
  }

  /** When a token with this lifetime is renewed. Every call returns the same time. */
  public RenewalSchedule.Renewal renewalOf(Lifetime life) {
    return RenewalSchedule.of(life, renewBefore, Jitter.of(uid, life.issuedAt()));
  }

  /** Fingerprint of the fields that determine the token. Another value requires a new token. */
  public String specHash() {
    List<String> parts = new ArrayList<>(List.of(grantType.text(), loginSecret));
    parts.addAll(loginKeys.of(grantType));
    // The order of scopes has no meaning (RFC 6749 section 3.3).
    parts.addAll(scopes.stream().sorted().toList());
    if (!endpoint.isEmpty()) {
      parts.add(endpoint);
    }
    return Fingerprint.ofParts(parts);
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : Map.copyOf(map);
  }

  private static RenewBefore renewBefore(IrisCredentialSpec spec) {
    if (spec.renewBeforePercentage() != null) {
      return new RenewBefore.Percentage(spec.renewBeforePercentage());
    }
    String margin = spec.renewBefore();
    if (margin == null) {
      return new RenewBefore.ByDefault();
    }
    return DurationFormat.parse(margin)
        .<RenewBefore>map(RenewBefore.Margin::new)
        .orElseGet(RenewBefore.ByDefault::new);
  }
}
