package com.trackunit.iris.operator.oauth;

import java.time.Duration;
import java.util.Optional;

/**
 * A bearer token as the endpoint granted it. It does not know when: the caller took the time before
 * asking.
 *
 * @param accessToken fits a bearer header as it is (RFC 6750 section 2.1), at most 64 KiB
 * @param lifetime whole seconds, from one to a day
 * @param scope what the endpoint says it granted, if it said so in a form RFC 6749 section 3.3
 *     allows
 * @param lifetimeAssumed the endpoint named no lifetime
 * @param refreshToken for the next token, if one was asked for and given in a form RFC 6749
 *     appendix A.17 allows; at most 64 KiB
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

  /** Shows neither the tokens nor the scope, which are the server's words. */
  @Override
  public String toString() {
    return "GrantedToken[lifetime=%s, lifetimeAssumed=%s]".formatted(lifetime, lifetimeAssumed);
  }
}
