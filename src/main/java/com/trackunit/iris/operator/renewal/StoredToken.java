package com.trackunit.iris.operator.renewal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The data about the token in a target Secret; never the token itself.
 *
 * @param scope the granted scopes, separated by spaces
 * @param specHash fingerprint of the spec fields that matter to the token
 * @param tokenHash SHA-256 of the token
 * @param loginVersion the version of the credentials Secret that was used, null when it is unknown
 * @param renewRequest the renewal request that this token answers, null when there was none
 */
public record StoredToken(
    Lifetime lifetime,
    Instant renewAt,
    String scope,
    String specHash,
    String tokenHash,
    @Nullable String loginVersion,
    @Nullable String renewRequest) {

  /** A copy with an unknown version of the credentials Secret. */
  public StoredToken ofUnknownLogin() {
    return new StoredToken(lifetime, renewAt, scope, specHash, tokenHash, null, renewRequest);
  }

  /** Whether it was issued at this time, which the status stores. */
  public boolean isIssuedAt(@Nullable Instant time) {
    return lifetime.issuedAt().equals(time);
  }
}
