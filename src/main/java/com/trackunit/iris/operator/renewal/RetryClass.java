package com.trackunit.iris.operator.renewal;

/** The class of a failure, which decides how long to wait. */
public enum RetryClass {
  /** The exchange failed, or its response was invalid: retry soon. */
  TRANSIENT,
  /** HTTP 429: wait as long as the server requests, and longer after each failure. */
  LIMITED,
  /** The login was refused: retry rarely, because each wrong try may lock the account. */
  REJECTED,
  /** The login was corrected after refusals, and may not be sent yet. */
  HELD_BACK,
  /** Only a change of the spec or of the operator's configuration helps. */
  CONFIGURATION,
  /** The server's certificate is not trusted: a rotation may fix it soon. */
  UNTRUSTED,
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
  public boolean asked() {
    return switch (this) {
      case TRANSIENT, LIMITED, REJECTED, HELD_BACK, CONFIGURATION, UNTRUSTED, RESTRICTED -> true;
      case KUBERNETES, KUBERNETES_DENIED, WAITING -> false;
    };
  }

  /** Whether the wait is the operator's own, so that a requested renewal may skip it. */
  boolean isOurOwnWait() {
    return switch (this) {
      case TRANSIENT, CONFIGURATION, UNTRUSTED, RESTRICTED -> true;
      case LIMITED, REJECTED, HELD_BACK, KUBERNETES, KUBERNETES_DENIED, WAITING -> false;
    };
  }

  /** Whether the wait is that of a login which was refused, for this or another credential. */
  public boolean isOfARefusedLogin() {
    return this == REJECTED || this == HELD_BACK;
  }

  /** Whether a change of the spec, or of the operator's configuration, allows a retry at once. */
  public boolean isRetriedWhenSpecChanges() {
    return switch (this) {
      case REJECTED, HELD_BACK, CONFIGURATION, UNTRUSTED -> true;
      case TRANSIENT, LIMITED, RESTRICTED, KUBERNETES, KUBERNETES_DENIED, WAITING -> false;
    };
  }
}
