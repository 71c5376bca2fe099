package com.trackunit.iris.operator.oauth;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** The result of a token request: a valid token, or the reason why there is none. */
public sealed interface TokenResponse {
  /** The value of the metric label {@code outcome}. */
  default String outcome() {
    return switch (this) {
      case Granted _ -> "granted";
      case Refused refused -> refused.refusal().name().toLowerCase(Locale.ROOT);
    };
  }

  /** A copy without a refresh token, for a request that did not request one. */
  default TokenResponse withoutRefreshToken() {
    return switch (this) {
      case Granted(IssuedToken token) -> new Granted(token.withoutRefreshToken());
      case Refused refused -> refused;
    };
  }

  /** A token was issued. */
  record Granted(IssuedToken token) implements TokenResponse {}

  /**
   * No token was issued.
   *
   * @param cause our own phrase for the parentheses of a sentence, or a code of RFC 6749; never
   *     other text from the server
   * @param retryAfter the wait that an HTTP 429 requests, one second to an hour; empty if it names
   *     none
   */
  record Refused(TokenError refusal, String cause, Optional<Duration> retryAfter)
      implements TokenResponse {
    Refused(TokenError refusal, String cause) {
      this(refusal, cause, Optional.empty());
    }

    /**
     * Whether the body states an error of RFC 6749 section 5.2. Any other refusal may come from a
     * gateway in front of the authorization server.
     */
    public boolean isOAuthError() {
      return OAuthError.isCode(cause);
    }
  }
}
