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

  /** How far a request came that brought no token. */
  enum Delivery {
    /** No connection was made, handshake included, so the server cannot have counted a login. */
    NOT_SENT,
    /**
     * The request was sent, and the server's verdict is unknown: the answer did not come, not in
     * time, or not whole, or a gateway did not wait for it (HTTP 504). The server may have counted
     * a failed login.
     */
    NO_VERDICT,
    /** The server, or a gateway in front of it, answered. */
    ANSWERED
  }

  /** A token was issued. */
  record Granted(IssuedToken token) implements TokenResponse {}

  /**
   * No token was issued.
   *
   * @param cause our own words for the parentheses of a sentence, or the error code alone; never
   *     other text from the server
   * @param retryAfter the wait that an HTTP 429 or 503 requests, one second to an hour; empty if it
   *     names none
   * @param delivery whether the request was sent, and whether the server's verdict is known
   */
  record Refused(TokenError refusal, String cause, Optional<Duration> retryAfter, Delivery delivery)
      implements TokenResponse {
    /** A refusal that the server, or a gateway in front of it, answered. */
    public Refused(TokenError refusal, String cause, Optional<Duration> retryAfter) {
      this(refusal, cause, retryAfter, Delivery.ANSWERED);
    }

    Refused(TokenError refusal, String cause) {
      this(refusal, cause, Optional.empty());
    }

    /** Whether the login was sent and may have been counted, although no verdict came in time. */
    public boolean isWithoutVerdict() {
      return delivery == Delivery.NO_VERDICT;
    }

    /**
     * Whether the body states a known OAuth error about what was sent. Any other refusal may come
     * from a gateway in front of the authorization server, or end by itself.
     */
    public boolean isOAuthError() {
      return refusal != TokenError.ENDPOINT_UNAVAILABLE && OAuthError.isKnown(cause);
    }

    /** The error code that the body states about this request; empty if there is none. */
    public Optional<String> code() {
      return Optional.of(cause).filter(OAuthError::isCode);
    }
  }
}
