package com.trackunit.iris.operator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.LoginStanding;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.renewal.UserRequest;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the cluster tells of a login that was just read. */
class AttemptTest {
  private static final Instant NOW = GateFixture.START;
  private static final Lifetime LIFE = Lifetime.of(NOW.minusSeconds(60), Duration.ofHours(1));

  private static Attempt attempt(TargetState target, @Nullable RetryState failure) {
    Observation seen =
        new Observation(
            NOW, "spec", "request", target, failure, null, null, null, UserRequest.NONE);
    return Attempt.of("uid", "team", "login", "values", "secret/2", seen);
  }

  private static TargetState held(String version, String spec) {
    return new TargetState.Held(
        new StoredToken(LIFE, NOW, "api", spec, "hash", version, null), false, false);
  }

  private static RetryState refused(String version, boolean accepted) {
    LoginRejections once =
        LoginRejections.first(
            "login",
            new LoginStanding(accepted, Duration.ZERO),
            LoginRejections.Verdict.REFUSED,
            NOW);
    return RetryState.during(once, "CredentialsRejected", "request", version);
  }

  @Test
  void aTokenOfTheseValuesProvesThem() {
    Attempt attempt = attempt(held("secret/2", "spec"), null);
    assertThat(attempt.proven()).isTrue();
    assertThat(attempt.acceptedAt()).isEqualTo(LIFE.issuedAt());
    assertThat(attempt.tokenEnd()).isEqualTo(LIFE.expiresAt());
    assertThat(attempt.recorded()).isNull();
    assertThat(attempt.refreshable().acceptedAt()).as("perhaps of a refresh token").isNull();
    assertThat(attempt.refreshable().proven()).isTrue();
  }

  @Test
  void aTokenOfOtherValuesOrOfAnotherSpecDoesNot() {
    for (TargetState other :
        new TargetState[] {held("secret/1", "spec"), held("secret/2", "another")}) {
      Attempt attempt = attempt(other, null);
      assertThat(attempt.proven()).isFalse();
      assertThat(attempt.acceptedAt()).isNull();
      assertThat(attempt.tokenEnd()).isEqualTo(LIFE.expiresAt());
    }
  }

  @Test
  void withoutATokenThereIsNoEnd() {
    Attempt attempt = attempt(new TargetState.Absent(), null);
    assertThat(attempt.proven()).isFalse();
    assertThat(attempt.tokenEnd()).isNull();
  }

  @Test
  void refusalsOfTheseValuesAreTheirOwn() {
    RetryState failure = refused("secret/2", false);
    Attempt attempt = attempt(new TargetState.Absent(), failure);
    assertThat(attempt.recorded()).isEqualTo(failure.rejections());
    assertThat(attempt.own()).isEqualTo(failure.rejections());
    assertThat(attempt.corrected()).isFalse();
    assertThat(attempt.proven()).isFalse();
  }

  @Test
  void valuesThatWereAcceptedBeforeTheyWereRefusedAreProven() {
    assertThat(attempt(new TargetState.Absent(), refused("secret/2", true)).proven()).isTrue();
  }

  @Test
  void refusalsOfEarlierValuesSayNothingOfTheseOnes() {
    RetryState failure = refused("secret/1", true);
    Attempt attempt = attempt(new TargetState.Absent(), failure);
    assertThat(attempt.corrected()).isTrue();
    assertThat(attempt.own()).isNull();
    assertThat(attempt.recorded()).as("they count for the account").isNotNull();
    assertThat(attempt.proven()).isFalse();
  }
}
