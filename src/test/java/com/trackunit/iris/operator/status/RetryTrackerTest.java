package com.trackunit.iris.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.FailureStatus;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.RejectionStatus;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.LoginRejections.Verdict;
import com.trackunit.iris.operator.renewal.LoginStanding;
import com.trackunit.iris.operator.renewal.RetryState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Failures in the form of a status. */
class RetryTrackerTest {
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");

  @Test
  void readsWhatItWrote() {
    LoginStanding accepted = new LoginStanding(true, Duration.ZERO);
    LoginRejections twice =
        LoginRejections.first("login", accepted, Verdict.REFUSED, NOW).tried(accepted, NOW);
    RetryState failure = RetryState.during(twice, "CredentialsRejected", "request", "login/1");
    assertThat(RetryStateFormat.read(status(RetryStateFormat.write(failure)))).contains(failure);
    RetryState unproven =
        RetryState.during(
            LoginRejections.first("login", NOW), "CredentialsRejected", "request", "login/1");
    assertThat(RetryStateFormat.read(status(RetryStateFormat.write(unproven)))).contains(unproven);
  }

  @Test
  void keepsTheRefusalsOfAClassThatALaterVersionWrote() {
    Instant time = Instant.parse("2026-05-04T12:00:00Z");
    RejectionStatus refused =
        new RejectionStatus("login", 2, time, time.plusSeconds(600), List.of(time), null);
    FailureStatus later =
        new FailureStatus(
            2, time, time.plusSeconds(600), "Quarantined", "Reason", "hash", "v", refused);

    assertThat(RetryStateFormat.read(status(later)).orElseThrow().rejections().count())
        .isEqualTo(2);
    assertThat(
            RetryStateFormat.read(
                status(
                    new FailureStatus(2, time, time, "Quarantined", "Reason", "hash", "v", null))))
        .isEmpty();
  }

  private static IrisCredentialStatus status(FailureStatus failure, Condition... conditions) {
    return new IrisCredentialStatus(1L, List.of(conditions), null, null, failure, null);
  }
}
