package com.trackunit.iris.operator.status;

/** The closed list of reasons that a condition can have. */
public enum Reason {
  TOKEN_VALID("TokenValid", false),
  TOKEN_EXPIRED("TokenExpired", false),
  TOKEN_OUTDATED("TokenOutdated", false),
  NO_TOKEN("NoToken", false),

  SUCCEEDED("Succeeded", false),
  CREDENTIALS_SECRET_NOT_FOUND("CredentialsSecretNotFound", false),
  CREDENTIALS_SECRET_INVALID("CredentialsSecretInvalid", true),
  CREDENTIALS_REJECTED("CredentialsRejected", true),
  SCOPE_REJECTED("ScopeRejected", true),
  REQUEST_REJECTED("RequestRejected", true),
  ACCESS_RESTRICTED("AccessRestricted", false),
  RATE_LIMITED("RateLimited", false),
  ENDPOINT_UNAVAILABLE("EndpointUnavailable", false),
  ENDPOINT_MISCONFIGURED("EndpointMisconfigured", true),
  MALFORMED_RESPONSE("MalformedResponse", false),
  TARGET_SECRET_CONFLICT("TargetSecretConflict", true),
  KUBERNETES_WRITE_FAILED("KubernetesWriteFailed", false),
  WAITING_FOR_SLOT("WaitingForSlot", false),
  SUSPENDED("Suspended", false),
  UNSUPPORTED_SPEC("UnsupportedSpec", true);

  private final String text;
  private final boolean stalls;

  Reason(String text, boolean stalls) {
    this.text = text;
    this.stalls = stalls;
  }

  /** The value in a condition. */
  public String text() {
    return text;
  }

  /** Whether a condition with this reason is stalled: only a person can help. */
  public static boolean stalls(String text) {
    for (Reason reason : values()) {
      if (reason.text.equals(text)) {
        return reason.stalls;
      }
    }
    return false;
  }
}
