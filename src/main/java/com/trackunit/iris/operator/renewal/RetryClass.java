package com.trackunit.iris.operator.renewal;

/** What kind of failure it was, as far as waiting is concerned. */
public enum RetryClass {
  /** The exchange broke or its answer was no good: soon again. */
  TRANSIENT,
  /** HTTP 429: as long as the server asks, and longer each time. */
  LIMITED,
  /** The login was refused: seldom, since every wrong try may lock the account. */
  REJECTED,
  /** The login was corrected after refusals, and may not be sent yet. */
  HELD_BACK,
  /** Nothing but a changed spec or a changed operator helps. */
  CONFIGURATION,
  /** The server's certificate is not trusted: a rotation may mend it soon. */
  UNTRUSTED,
  /** The account was restricted without warning (fair use). */
  RESTRICTED,
  /** The Kubernetes API failed. */
  KUBERNETES,
  /** The Kubernetes API refused: rights or quota, which a person mends. */
  KUBERNETES_DENIED,
  /** Something is not there or not right yet, and a look at it costs one read. */
  WAITING;

  /**
   * Whether the authorization server was asked. Such a failure is only forgotten for the outcome of
   * a newer request.
   */
  public boolean asked() {
    return switch (this) {
      case TRANSIENT, LIMITED, REJECTED, HELD_BACK, CONFIGURATION, UNTRUSTED, RESTRICTED -> true;
      case KUBERNETES, KUBERNETES_DENIED, WAITING -> false;
    };
  }

  /** Whether the wait is the operator's own, so that a person may cut it short by a request. */
  boolean isOurOwnWait() {
    return switch (this) {
      case TRANSIENT, CONFIGURATION, UNTRUSTED, RESTRICTED -> true;
      case LIMITED, REJECTED, HELD_BACK, KUBERNETES, KUBERNETES_DENIED, WAITING -> false;
    };
  }

  /** Whether the wait is that of a login which was refused, here or to another credential. */
  public boolean isOfARefusedLogin() {
    return this == REJECTED || this == HELD_BACK;
  }

  /** Whether a changed spec, or a changed operator, is a reason to try again at once. */
  public boolean isRetriedWhenSpecChanges() {
    return switch (this) {
      case REJECTED, HELD_BACK, CONFIGURATION, UNTRUSTED -> true;
      case TRANSIENT, LIMITED, RESTRICTED, KUBERNETES, KUBERNETES_DENIED, WAITING -> false;
    };
  }
}
