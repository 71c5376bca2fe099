package com.trackunit.iris.operator.secret;

/** Names of the labels and annotations that the operator sets on a target Secret. */
public final class SecretMetadata {
  public static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";
  public static final String MANAGED_BY = "iris-credential-operator";
  public static final String NAME_LABEL = "app.kubernetes.io/name";
  public static final String NAME = "iris-token";

  /** Selects every target Secret, and nothing else that is ours. */
  public static final String SELECTOR =
      MANAGED_BY_LABEL + "=" + MANAGED_BY + "," + NAME_LABEL + "=" + NAME;

  static final String ISSUED_AT = "iris.trackunit.com/issued-at";
  static final String EXPIRES_AT = "iris.trackunit.com/expires-at";
  static final String RENEW_AT = "iris.trackunit.com/renew-at";
  static final String SCOPE = "iris.trackunit.com/scope";
  static final String SPEC_HASH = "iris.trackunit.com/spec-hash";
  static final String TOKEN_HASH = "iris.trackunit.com/token-sha256";
  static final String CREDENTIALS_VERSION = "iris.trackunit.com/credentials-version";
  static final String RENEW_REQUEST = "iris.trackunit.com/renew-request";

  /** Fingerprint of the templates, absent while the default keys are written. */
  static final String TEMPLATES_HASH = "iris.trackunit.com/templates-sha256";

  /** See {@link TokenLocation}. */
  static final String TOKEN_AT = "iris.trackunit.com/token-at";

  /**
   * Which keys, labels and annotations are ours, so that one that is no longer wanted can be taken
   * away again.
   */
  static final String MANAGED = "iris.trackunit.com/managed";

  /** Fingerprint of all the others and of every key of ours: tells whether anybody edited them. */
  static final String CHECKSUM = "iris.trackunit.com/checksum";

  /**
   * Fingerprint of the checksum, the namespace, the Secret and the credential: tells for whom the
   * Secret was written, so that a copy elsewhere is not taken for the original. Not part of the
   * checksum: an operator of an earlier version neither writes nor misses it.
   */
  static final String ORIGIN = "iris.trackunit.com/origin";

  private SecretMetadata() {}
}
