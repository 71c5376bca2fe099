package com.trackunit.iris.operator.oauth;

/** Why a request brought no token, grouped by what can be done about it. */
public enum TokenError {
  /** No complete response arrived, or HTTP 408, 425 or 5xx. A retry may help. */
  ENDPOINT_UNAVAILABLE,
  /** A complete response that is neither an error nor a valid token response. A retry may help. */
  MALFORMED_RESPONSE,
  /** HTTP 429: the endpoint wants fewer requests. */
  RATE_LIMITED,
  /** The login is wrong. Another try may lock the account. */
  CREDENTIALS_REJECTED,
  /** HTTP 402, 403 or 451: the endpoint understands the request and does not want to serve it. */
  ACCESS_RESTRICTED,
  /** A scope does not exist, or is not allowed for this login. */
  SCOPE_REJECTED,
  /** The endpoint rejects the request itself. */
  REQUEST_REJECTED,
  /** The response does not come from a usable token endpoint. */
  ENDPOINT_MISCONFIGURED,
  /**
   * The server's certificate is untrusted, for another host, expired or not valid yet, so no login
   * is sent.
   */
  ENDPOINT_UNTRUSTED;

  /** Whether the error is about the grant that was sent, so that another grant may succeed. */
  public boolean isOfTheGrant() {
    return switch (this) {
      case CREDENTIALS_REJECTED, SCOPE_REJECTED, REQUEST_REJECTED -> true;
      case ENDPOINT_UNAVAILABLE,
          MALFORMED_RESPONSE,
          RATE_LIMITED,
          ACCESS_RESTRICTED,
          ENDPOINT_MISCONFIGURED,
          ENDPOINT_UNTRUSTED ->
          false;
    };
  }
}
