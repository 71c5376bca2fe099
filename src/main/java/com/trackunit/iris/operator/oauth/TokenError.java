package com.trackunit.iris.operator.oauth;

/** Why there is no token, by what can be done about it. */
public enum TokenError {
  /** The exchange broke: nothing, or not all of an answer, arrived. Another try may do. */
  ENDPOINT_UNAVAILABLE,
  /** A whole answer arrived that promises success and is no good. Another try may do. */
  MALFORMED_RESPONSE,
  /** The endpoint wants fewer requests. */
  RATE_LIMITED,
  /** The login is wrong, and trying it again may lock it. */
  CREDENTIALS_REJECTED,
  /** The endpoint knows the request and does not want to serve it. */
  ACCESS_RESTRICTED,
  /** A scope does not exist or is not for this login. */
  SCOPE_REJECTED,
  /** The endpoint finds the request itself wrong. */
  REQUEST_REJECTED,
  /** Whatever answered is not the token endpoint. */
  ENDPOINT_MISCONFIGURED,
  /**
   * The server's certificate is not one to send a login to: untrusted, for another host, or out of
   * its time.
   */
  ENDPOINT_UNTRUSTED;

  /** Whether it blames what was sent, so that another grant may do where this one did not. */
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
