package com.trackunit.iris.operator.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.FailureStatus;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.RejectionStatus;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.LoginStanding;
import com.trackunit.iris.operator.renewal.RetryState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Failures in the form of a status, of this version and of an earlier one. */
class RetryTrackerTest {
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");

  @Test
  void readsWhatItWrote() {
    LoginStanding accepted = new LoginStanding(true, Duration.ZERO);
    LoginRejections twice = LoginRejections.first("login", accepted, NOW).tried(1, accepted, NOW);
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
        new RejectionStatus("login", 2, time, time.plusSeconds(600), null, null, null);
    FailureStatus later =
        new FailureStatus(
            2, time, time.plusSeconds(600), "Quarantined", null, "hash", "v", refused);

    assertThat(RetryStateFormat.read(status(later)).orElseThrow().rejections().count())
        .isEqualTo(2);
    assertThat(
            RetryStateFormat.read(
                status(new FailureStatus(2, time, time, "Quarantined", null, "hash", "v", null))))
        .isEmpty();
  }

  @Test
  void readsRefusalsOfAVersionThatToldOfTheLastTryAlone() {
    RejectionStatus told =
        new RejectionStatus("login", 2, NOW, NOW.plusSeconds(21_600), List.of(), null, null);
    FailureStatus status =
        new FailureStatus(
            2, NOW, NOW.plusSeconds(21_600), "Rejected", null, "request", "login/1", told);
    assertThat(RetryStateFormat.read(status(status)))
        .map(RetryState::rejections)
        .contains(
            new LoginRejections(
                "login", 2, NOW, NOW.plusSeconds(21_600), List.of(), List.of(NOW), false));
  }

  @ParameterizedTest
  @MethodSource("withoutReason")
  void takesTheReasonFromTheConditionWhenAnEarlierVersionDidNotStoreIt(
      String kind, String condition, String reason) {
    FailureStatus failure = new FailureStatus(1, NOW, NOW, kind, null, "request", null, null);
    Condition renewed = new Condition("Renewed", "False", condition, "", NOW, 1L);
    assertThat(RetryStateFormat.read(status(failure, renewed)).orElseThrow().reason())
        .isEqualTo(reason);
  }

  static Stream<Arguments> withoutReason() {
    return Stream.of(
        argumentSet("a refused scope", "Configuration", "ScopeRejected", "ScopeRejected"),
        argumentSet(
            "a refused scope, then Kubernetes failed",
            "Configuration",
            "KubernetesWriteFailed",
            "EndpointUnavailable"),
        argumentSet(
            "a missing login", "Waiting", "CredentialsSecretNotFound", "CredentialsSecretNotFound"),
        argumentSet(
            "Kubernetes failed after a refused scope",
            "Kubernetes",
            "ScopeRejected",
            "KubernetesWriteFailed"));
  }

  private static IrisCredentialStatus status(FailureStatus failure, Condition... conditions) {
    return new IrisCredentialStatus(1L, List.of(conditions), null, null, failure, null);
  }
}
