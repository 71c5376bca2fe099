package com.trackunit.iris.operator.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.api.FailureStatus;
import com.trackunit.iris.operator.api.RejectionStatus;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.LoginStanding;
import com.trackunit.iris.operator.renewal.RetryState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Failures in the form of a status, of this version and of an earlier one. */
class RetryTrackerTest {
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");

  @Test
  void readsWhatItWrote() {
    LoginStanding accepted = new LoginStanding(true, Duration.ZERO);
    LoginRejections twice = LoginRejections.first("login", accepted, NOW).tried(1, accepted, NOW);
    RetryState failure = RetryState.during(twice, "request", "login/1");
    assertThat(RetryTracker.read(RetryTracker.write(failure))).contains(failure);
    RetryState unproven =
        RetryState.during(LoginRejections.first("login", NOW), "request", "login/1");
    assertThat(RetryTracker.read(RetryTracker.write(unproven))).contains(unproven);
  }

  @Test
  void keepsTheRefusalsOfAClassThatALaterVersionWrote() {
    Instant time = Instant.parse("2026-05-04T12:00:00Z");
    RejectionStatus refused =
        new RejectionStatus("login", 2, time, time.plusSeconds(600), null, null, null);
    FailureStatus later =
        new FailureStatus(2, time, time.plusSeconds(600), "Quarantined", "hash", "v", refused);

    assertThat(RetryTracker.read(later).orElseThrow().rejections().count()).isEqualTo(2);
    assertThat(
            RetryTracker.read(new FailureStatus(2, time, time, "Quarantined", "hash", "v", null)))
        .isEmpty();
  }

  @Test
  void readsRefusalsOfAVersionThatToldOfTheLastTryAlone() {
    RejectionStatus told =
        new RejectionStatus("login", 2, NOW, NOW.plusSeconds(21_600), List.of(), null, null);
    FailureStatus status =
        new FailureStatus(2, NOW, NOW.plusSeconds(21_600), "Rejected", "request", "login/1", told);
    assertThat(RetryTracker.read(status))
        .map(RetryState::rejections)
        .contains(
            new LoginRejections(
                "login", 2, NOW, NOW.plusSeconds(21_600), List.of(), List.of(NOW), false));
  }
}
