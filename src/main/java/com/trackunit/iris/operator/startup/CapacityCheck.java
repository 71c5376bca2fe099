package com.trackunit.iris.operator.startup;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.TokenStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.gate.CapacityEstimate;
import com.trackunit.iris.operator.gate.RateLimits;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns at the start when the rate limit is too low for the number of credentials. */
public final class CapacityCheck {
  private static final Logger log = LoggerFactory.getLogger(CapacityCheck.class);

  private CapacityCheck() {}

  public static void warn(List<IrisCredential> credentials, RateLimits limits) {
    for (GrantType grantType : GrantType.values()) {
      List<Duration> lives =
          credentials.stream()
              .filter(credential -> EffectiveSpec.of(credential).grantType() == grantType)
              .map(credential -> life(credential, grantType))
              .toList();
      CapacityEstimate.of(lives, limits)
          .warning()
          .ifPresent(
              sentence -> log.atWarn().addKeyValue("grantType", grantType.text()).log(sentence));
    }
  }

  // A credential without a token will get one with the documented life.
  private static Duration life(IrisCredential credential, GrantType grantType) {
    return Stream.ofNullable(credential.statusOrNone().token())
        .map(CapacityCheck::life)
        .filter(Duration::isPositive)
        .findFirst()
        .orElse(grantType.lifetime());
  }

  private static Duration life(TokenStatus token) {
    return Duration.between(token.issuedAt(), token.expiresAt());
  }
}
