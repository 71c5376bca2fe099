package com.trackunit.iris.operator.renewal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What counts as a correction, and what is written down before a try. */
class RetryStateTest {
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");
  private static final LoginRejections ONCE = LoginRejections.first("login", NOW);
  private static final RetryState REJECTED = failure(RetryClass.REJECTED);

  @Test
  void theSameRequestWithTheSameSecretIsNoCorrection() {
    assertThat(REJECTED.isCorrected("request", "login/1")).isFalse();
  }

  @Test
  void anotherRequestIsACorrection() {
    assertThat(REJECTED.isCorrected("other", "login/1")).isTrue();
  }

  @Test
  void anotherVersionOfTheSecretIsACorrection() {
    assertThat(REJECTED.isCorrected("request", "login/2")).isTrue();
  }

  @Test
  void aTryThatBrokeSaysNothingAgainstItsLogin() {
    assertThat(failure(RetryClass.TRANSIENT).isCorrected("request", "login/1")).isTrue();
  }

  @Test
  void aCorrectionThatWasHeldBackIsStillOne() {
    assertThat(failure(RetryClass.HELD_BACK).isCorrected("request", "login/1")).isTrue();
  }

  @Test
  void aTryOnItsWayStandsForARefusal() {
    LoginRejections tried = ONCE.tried(LoginStanding.UNPROVEN, NOW.plusSeconds(600));
    assertThat(RetryState.during(tried, "Reason", "request", "login/1"))
        .isEqualTo(
            new RetryState(
                RetryClass.REJECTED,
                "Reason",
                2,
                NOW.plusSeconds(600),
                tried.nextTry(),
                "request",
                "login/1",
                tried));
  }

  private static RetryState failure(RetryClass kind) {
    return new RetryState(kind, "Reason", 1, NOW, NOW.plusSeconds(600), "request", "login/1", ONCE);
  }
}
