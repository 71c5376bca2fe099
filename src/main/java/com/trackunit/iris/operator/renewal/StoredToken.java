package com.trackunit.iris.operator.renewal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a target Secret says of the token in it; never the token itself.
 *
 * @param scope the granted scopes, separated by spaces
 * @param specHash fingerprint of the spec fields that matter to the token
 * @param tokenHash SHA-256 of the token
 * @param loginVersion which version of the credentials Secret was used, null when that is unknown
 * @param renewRequest the renewal request that it answers, null when nobody had asked
 */
public record StoredToken(
    Lifetime lifetime,
    Instant renewAt,
    String scope,
    String specHash,
    String tokenHash,
    @Nullable String loginVersion,
    @Nullable String renewRequest) {

  /** The same, as if nobody knew which version of the credentials Secret was used. */
  public StoredToken ofUnknownLogin() {
    return new StoredToken(lifetime, renewAt, scope, specHash, tokenHash, null, renewRequest);
  }

  /** Whether it was issued at this time, which the status keeps. */
  public boolean isIssuedAt(@Nullable Instant time) {
    return lifetime.issuedAt().equals(time);
  }
}
