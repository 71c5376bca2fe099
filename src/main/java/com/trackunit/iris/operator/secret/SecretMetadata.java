package com.trackunit.iris.operator.secret;

/**
 * Names of the labels and annotations of Secrets: those that the operator sets on a target Secret,
 * and the label of a login.
 */
public final class SecretMetadata {
  public static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";
  public static final String MANAGED_BY = "iris-credential-operator";
  public static final String NAME_LABEL = "app.kubernetes.io/name";
  public static final String NAME = "iris-token";

  public static final String LOGIN_LABEL = "iris.trackunit.com/credentials";
  public static final String LOGIN = "true";

  /** Selects all labelled logins. */
  public static final String LOGIN_SELECTOR = LOGIN_LABEL + "=" + LOGIN;

  /** Selects all target Secrets, and no other Secret of the operator. */
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

  /** Fingerprint of the templates, absent for the default keys. */
  static final String TEMPLATES_HASH = "iris.trackunit.com/templates-sha256";

  /** See {@link TokenLocation}. */
  static final String TOKEN_AT = "iris.trackunit.com/token-at";

  /**
   * Names of the managed keys, labels and annotations, so that those no longer wanted can be
   * removed.
   */
  static final String MANAGED = "iris.trackunit.com/managed";

  /**
   * Fingerprint of the annotations in {@link TokenAnnotations#FACTS} and of all managed keys, to
   * detect edits.
   */
  static final String CHECKSUM = "iris.trackunit.com/checksum";

  /**
   * Fingerprint of the checksum, the namespace, the Secret and the credential. It shows for which
   * credential the Secret was written, so that a copy elsewhere is not adopted. It is not part of
   * the checksum, so that an operator of an earlier version, which does not write it, accepts the
   * Secret.
   */
  static final String ORIGIN = "iris.trackunit.com/origin";

  private SecretMetadata() {}
}
