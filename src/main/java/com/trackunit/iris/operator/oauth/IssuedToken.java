package com.trackunit.iris.operator.oauth;

import java.time.Duration;
import java.util.Optional;

/**
 * A bearer token as the endpoint issued it. It has no issue time: the caller takes the time before
 * the request.
 *
 * @param accessToken in the syntax of a bearer header (RFC 6750 section 2.1), at most 64 KiB
 * @param lifetime whole seconds, from one second to a day
 * @param scope the granted scopes; empty if the endpoint did not name them in the syntax of RFC
 *     6749 section 3.3
 * @param lifetimeAssumed whether the endpoint named no lifetime
 * @param refreshToken for the next token; empty if none was requested, or none was issued in the
 *     syntax of RFC 6749 appendix A.17; at most 64 KiB
 */
public record IssuedToken(
    String accessToken,
    Duration lifetime,
    Optional<String> scope,
    boolean lifetimeAssumed,
    Optional<String> refreshToken) {
  IssuedToken withoutRefreshToken() {
    return new IssuedToken(accessToken, lifetime, scope, lifetimeAssumed, Optional.empty());
  }

  /** Shows neither the tokens nor the scope: all are text from the server. */
  @Override
  public String toString() {
    return "IssuedToken[lifetime=%s, lifetimeAssumed=%s]".formatted(lifetime, lifetimeAssumed);
  }
}
