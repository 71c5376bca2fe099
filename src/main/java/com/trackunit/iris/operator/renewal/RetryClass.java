package com.trackunit.iris.operator.renewal;

/** The class of a failure, which decides how long to wait. */
public enum RetryClass {
  /** The exchange failed: retry soon. */
  TRANSIENT,
  /** A whole response that is not valid: retry soon, and rarely when it stays so. */
  MALFORMED,
  /** HTTP 429: wait as long as the server requests, and longer after each failure. */
  LIMITED,
  /** The login was refused: retry rarely, because each wrong try may lock the account. */
  REJECTED,
  /**
   * A login that was never accepted, or was refused last, got no answer in time: the server may
   * have counted a failed login.
   */
  NO_VERDICT,
  /** Values of the login that were not sent yet may not be sent yet. */
  HELD_BACK,
  /** Only a change of the spec or of the operator's configuration helps. */
  CONFIGURATION,
  /**
   * Not the answer of a token endpoint, or its certificate is not trusted: a gateway may recover.
   */
  NOT_OAUTH,
  /** The account was restricted without warning (fair use). */
  RESTRICTED,
  /** The Kubernetes API failed. */
  KUBERNETES,
  /** The Kubernetes API denied a call: rights, quota or admission, which a person must fix. */
  KUBERNETES_DENIED,
  /** Something is missing or wrong in the cluster; a check costs one read. */
  WAITING;

  /**
   * Whether the authorization server caused the failure. Such a failure is kept until the result of
   * a newer request.
   */
  public boolean isOfARequest() {
    return switch (this) {
      case TRANSIENT,
          MALFORMED,
          LIMITED,
          REJECTED,
          NO_VERDICT,
          HELD_BACK,
          CONFIGURATION,
          NOT_OAUTH,
          RESTRICTED ->
          true;
      case KUBERNETES, KUBERNETES_DENIED, WAITING -> false;
    };
  }

  /** Whether the exchange broke, or brought a response that is not valid. */
  public boolean isBroken() {
    return this == TRANSIENT || this == MALFORMED;
  }

  /** Whether the wait is the operator's own, so that a requested renewal may skip it. */
  boolean isOurOwnWait() {
    return switch (this) {
      case TRANSIENT, MALFORMED, CONFIGURATION, NOT_OAUTH, RESTRICTED -> true;
      case LIMITED, REJECTED, NO_VERDICT, HELD_BACK, KUBERNETES, KUBERNETES_DENIED, WAITING ->
          false;
    };
  }

  /** Whether the wait protects the login, for this or another credential. */
  public boolean isOfARefusedLogin() {
    return this == REJECTED || this == NO_VERDICT || this == HELD_BACK;
  }

  /** Whether all credentials with the login wait together. */
  public boolean isOfTheLogin() {
    return switch (this) {
      case TRANSIENT, MALFORMED, LIMITED, NOT_OAUTH, RESTRICTED -> true;
      case REJECTED, NO_VERDICT, HELD_BACK, CONFIGURATION, KUBERNETES, KUBERNETES_DENIED, WAITING ->
          false;
    };
  }

  /** Whether a change of the spec, or of the operator's configuration, allows a retry at once. */
  public boolean isRetriedWhenSpecChanges() {
    return switch (this) {
      case REJECTED, NO_VERDICT, HELD_BACK, CONFIGURATION, NOT_OAUTH -> true;
      case TRANSIENT, MALFORMED, LIMITED, RESTRICTED, KUBERNETES, KUBERNETES_DENIED, WAITING ->
          false;
    };
  }
}
