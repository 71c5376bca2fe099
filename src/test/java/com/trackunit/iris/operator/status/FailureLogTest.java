package com.trackunit.iris.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.api.FailureStatus;
import com.trackunit.iris.operator.api.RejectionStatus;
import com.trackunit.iris.operator.renewal.Failure;
import com.trackunit.iris.operator.renewal.LoginStanding;
import com.trackunit.iris.operator.renewal.Rejections;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Failures in the form of a status, of this version and of an earlier one. */
class FailureLogTest {
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");

  @Test
  void readsWhatItWrote() {
    LoginStanding accepted = new LoginStanding(true, Duration.ZERO);
    Rejections twice = Rejections.first("login", accepted, NOW).tried(1, accepted, NOW);
    Failure failure = Failure.during(twice, "request", "login/1");
    assertThat(FailureLog.read(FailureLog.write(failure))).contains(failure);
    Failure unproven = Failure.during(Rejections.first("login", NOW), "request", "login/1");
    assertThat(FailureLog.read(FailureLog.write(unproven))).contains(unproven);
  }

  @Test
  void readsRefusalsOfAVersionThatToldOfTheLastTryAlone() {
    RejectionStatus told =
        new RejectionStatus("login", 2, NOW, NOW.plusSeconds(21_600), List.of(), null, null);
    FailureStatus status =
        new FailureStatus(2, NOW, NOW.plusSeconds(21_600), "Rejected", "request", "login/1", told);
    assertThat(FailureLog.read(status))
        .map(Failure::rejections)
        .contains(
            new Rejections(
                "login", 2, NOW, NOW.plusSeconds(21_600), List.of(), List.of(NOW), false));
  }
}
