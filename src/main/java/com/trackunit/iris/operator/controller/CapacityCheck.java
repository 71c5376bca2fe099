package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.StandingOrder;
import com.trackunit.iris.operator.api.TokenStatus;
import com.trackunit.iris.operator.gate.Capacity;
import com.trackunit.iris.operator.gate.Limits;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns at the start when there are more credentials than the rate of requests can carry. */
final class CapacityCheck {
  private static final Logger log = LoggerFactory.getLogger(CapacityCheck.class);

  private CapacityCheck() {}

  static void warn(List<IrisCredential> credentials, Limits limits) {
    for (GrantType grantType : GrantType.values()) {
      List<Duration> lives =
          credentials.stream()
              .filter(credential -> StandingOrder.of(credential).grantType() == grantType)
              .map(credential -> life(credential, grantType))
              .toList();
      Capacity.of(lives, limits)
          .warning()
          .ifPresent(
              sentence -> log.atWarn().addKeyValue("grantType", grantType.text()).log(sentence));
    }
  }

  // Who has no token yet will get one of the life that is documented.
  private static Duration life(IrisCredential credential, GrantType grantType) {
    return Stream.ofNullable(credential.statusOrNone().token())
        .map(CapacityCheck::life)
        .filter(Duration::isPositive)
        .findFirst()
        .orElseGet(
            () ->
                switch (grantType) {
                  case PASSWORD -> Duration.ofHours(1);
                  case CLIENT_CREDENTIALS -> Duration.ofMinutes(20);
                });
  }

  private static Duration life(TokenStatus token) {
    return Duration.between(token.issuedAt(), token.expiresAt());
  }
}
