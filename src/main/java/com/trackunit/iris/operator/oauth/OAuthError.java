package com.trackunit.iris.operator.oauth;

import com.trackunit.iris.operator.oauth.JsonFields.Member;
import com.trackunit.iris.operator.oauth.TokenResponse.Refused;
import java.util.Map;
import java.util.Optional;

/**
 * The error codes of a token endpoint in RFC 6749 section 5.2. Other codes are not repeated,
 * because their text may contain anything.
 */
final class OAuthError {
  private static final Map<String, Refused> KNOWN =
      Map.of(
          "invalid_grant", new Refused(TokenError.CREDENTIALS_REJECTED, "invalid_grant"),
          "invalid_client", new Refused(TokenError.CREDENTIALS_REJECTED, "invalid_client"),
          "unauthorized_client",
              new Refused(TokenError.CREDENTIALS_REJECTED, "unauthorized_client"),
          "invalid_scope", new Refused(TokenError.SCOPE_REJECTED, "invalid_scope"),
          "invalid_request", new Refused(TokenError.REQUEST_REJECTED, "invalid_request"),
          "unsupported_grant_type",
              new Refused(TokenError.REQUEST_REJECTED, "unsupported_grant_type"));

  private OAuthError() {}

  /** Whether the cause of a failed request is one of these errors. */
  static boolean isCode(String cause) {
    return KNOWN.containsKey(cause);
  }

  static Optional<Refused> in(Member error) {
    return error.isString() ? Optional.ofNullable(KNOWN.get(error.text())) : Optional.empty();
  }
}
