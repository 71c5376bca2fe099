package com.trackunit.iris.operator.secret;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.renewal.Fingerprint;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.RenewalSchedule;
import com.trackunit.iris.operator.renewal.StoredToken;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns a token response into the data that is stored with the token. */
public final class TokenIssuance {
  private TokenIssuance() {}

  /**
   * The data to store; empty when the response repeats the stored token and that one is about to
   * expire.
   *
   * @param asked the instant just before the request
   * @param stored the token that is stored now, or null
   */
  public static Optional<StoredToken> of(
      IssuedToken granted,
      Instant asked,
      EffectiveSpec spec,
      String loginVersion,
      @Nullable StoredToken stored) {
    String hash = Fingerprint.of(granted.accessToken());
    Lifetime life = Lifetime.of(asked, granted.lifetime());
    if (stored != null && stored.tokenHash().equals(hash)) {
      life = life.endingNoLaterThan(stored.lifetime().expiresAt());
      if (life.length().compareTo(RenewalSchedule.LEAST_USE) < 0) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new StoredToken(
            life,
            spec.renewalOf(life).at(),
            granted.scope().orElseGet(spec::requestedScope),
            spec.specHash(),
            hash,
            loginVersion,
            spec.renewRequest()));
  }
}
