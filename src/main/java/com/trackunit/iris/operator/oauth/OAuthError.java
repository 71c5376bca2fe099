package com.trackunit.iris.operator.oauth;

import com.trackunit.iris.operator.oauth.JsonFields.Member;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The error codes of a token endpoint: what each means in a bad request, and which may be shown.
 * Never shows an {@code error_description}.
 */
final class OAuthError {
  /** RFC 6749 sections 5.2 and 4.1.2.1, and RFC 8628 section 3.5. */
  private static final Map<String, TokenError> MEANINGS =
      Map.of(
          "invalid_grant", TokenError.CREDENTIALS_REJECTED,
          "invalid_client", TokenError.CREDENTIALS_REJECTED,
          // This client may not use this grant: nobody looked at a password.
          "unauthorized_client", TokenError.REQUEST_REJECTED,
          "invalid_scope", TokenError.SCOPE_REJECTED,
          "invalid_request", TokenError.REQUEST_REJECTED,
          "unsupported_grant_type", TokenError.REQUEST_REJECTED,
          "temporarily_unavailable", TokenError.ENDPOINT_UNAVAILABLE,
          "server_error", TokenError.ENDPOINT_UNAVAILABLE,
          "slow_down", TokenError.ENDPOINT_UNAVAILABLE);

  /** Every registered code looks like this. Other text may be anything, so it is not repeated. */
  private static final Pattern CODE = Pattern.compile("[a-z_]{1,40}");

  private OAuthError() {}

  /** Whether this code is known, so that no gateway made it up. */
  static boolean isKnown(String code) {
    return MEANINGS.containsKey(code);
  }

  static boolean isCode(String text) {
    return CODE.matcher(text).matches();
  }

  /** The code that may be shown; empty if the body has none. */
  static Optional<String> code(JsonFields members) {
    return members
        .get("error")
        .filter(Member::isString)
        .map(Member::text)
        .filter(OAuthError::isCode);
  }

  /** What the code of a bad request means; an unknown one says no more than the status. */
  static TokenError meaning(String code) {
    return MEANINGS.getOrDefault(code, TokenError.REQUEST_REJECTED);
  }
}
