package com.trackunit.iris.operator.oauth;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** What came of one token request: a token that is valid in every part, or none and why. */
public sealed interface TokenResponse {
  /** The answer in one word, as a metric counts it. */
  default String outcome() {
    return switch (this) {
      case Granted _ -> "granted";
      case Refused refused -> refused.refusal().name().toLowerCase(Locale.ROOT);
    };
  }

  /** The same without a refresh token that nobody asked for. */
  default TokenResponse withoutRefreshToken() {
    return switch (this) {
      case Granted(IssuedToken token) -> new Granted(token.withoutRefreshToken());
      case Refused refused -> refused;
    };
  }

  /** There is a token. */
  record Granted(IssuedToken token) implements TokenResponse {}

  /**
   * There is none.
   *
   * @param cause a phrase of our own for the parentheses of a sentence; never a word of the
   *     server's
   * @param retryAfter how long a rate limit asks to wait, one second to an hour, if it says
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
