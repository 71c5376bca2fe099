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
 * @param unsupported the first field that this version cannot read, for example {@code
 *     spec.grantType}; null when it can read all of them
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
    @Nullable String unsupported) {

  /** Each new value of this annotation requests one renewal. */
  public static final String RENEW_REQUESTED_AT = "iris.trackunit.com/renew-requested-at";

  private static final int LONGEST_REQUEST = 256;
  private static final List<String> DEFAULT_SCOPES = List.of("api");

  /** The effective spec of a credential that was read from the API server. */
  public static EffectiveSpec of(IrisCredential credential) {
    IrisCredentialSpec spec = credential.getSpec();
    CredentialsSecretKeys keys = spec.credentialsSecretRef().keys();
    TargetSecretSpec target =
        Objects.requireNonNullElse(spec.targetSecret(), TargetSecretSpec.DEFAULT);
    String name = credential.getMetadata().getName();
    return new EffectiveSpec(
        credential.getMetadata().getNamespace(),
        name,
        credential.getMetadata().getUid(),
        Objects.requireNonNullElse(credential.getMetadata().getGeneration(), 0L),
        spec.credentialsSecretRef().name(),
        Objects.requireNonNullElse(keys, CredentialsSecretKeys.DEFAULT),
        Objects.requireNonNullElse(spec.grantType(), GrantType.PASSWORD),
        Objects.requireNonNullElse(spec.scopes(), DEFAULT_SCOPES),
        Objects.requireNonNullElse(target.name(), name + "-token"),
        orEmpty(target.labels()),
        orEmpty(target.annotations()),
        renewBefore(spec),
        orEmpty(target.data()),
        Boolean.TRUE.equals(spec.suspend()),
        renewRequest(credential),
        credential.unreadableField().or(() -> UnsupportedValues.in(spec)).orElse(null));
  }

  /**
   * The renewal that was requested last, null when there was none. A long value is replaced by its
   * fingerprint, which is enough to compare requests.
   */
  private static @Nullable String renewRequest(IrisCredential credential) {
    Map<String, String> annotations = credential.getMetadata().getAnnotations();
    String value = annotations == null ? null : annotations.get(RENEW_REQUESTED_AT);
    if (value == null || value.isEmpty()) {
      return null;
    }
    return value.length() > LONGEST_REQUEST ? "sha256:" + Fingerprint.of(value) : value;
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
