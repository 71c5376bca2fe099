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
 * What a credential orders, with every default filled in.
 *
 * <p>The one place that knows the defaults; everything behind it reads this record and not the
 * resource.
 *
 * @param uid of the credential, which owns the target Secret
 * @param scopes asked for, in the order they were written
 * @param labels of the user, for the target Secret
 * @param annotations of the user, for the target Secret
 * @param templates of the user, by key of the target Secret; empty: the default keys
 * @param suspended whether nobody is to be asked
 * @param renewRequest names the renewal that was requested last, null when none was
 * @param unsupported the first field that this version cannot read, as {@code spec.grantType}; null
 *     when it reads all
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

  /** Any new value of this annotation asks for one renewal. */
  public static final String RENEW_REQUESTED_AT = "iris.trackunit.com/renew-requested-at";

  private static final int LONGEST_REQUEST = 256;
  private static final List<String> DEFAULT_SCOPES = List.of("api");

  /** The order of a credential as it was read from the API server. */
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
   * The renewal that was requested last, null when none was; the fingerprint of a long one, which
   * is as good for telling one from another.
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
   * The granted scopes when the answer names none (RFC 6749 section 5.1): those that were asked
   * for.
   */
  public String requestedScope() {
    return String.join(" ", scopes);
  }

  /** When a token of this life is renewed: the same whenever it is asked for again. */
  public RenewalSchedule.Renewal renewalOf(Lifetime life) {
    return RenewalSchedule.of(life, renewBefore, Jitter.of(uid, life.issuedAt()));
  }

  /** Fingerprint of the fields that matter to a token: another one asks for another token. */
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
