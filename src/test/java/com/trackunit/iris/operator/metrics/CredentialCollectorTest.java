package com.trackunit.iris.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.FailureStatus;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.RejectionStatus;
import com.trackunit.iris.operator.api.TokenStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a scrape tells of one credential, by its status. */
class CredentialCollectorTest {
  private static final Instant NOW = Instant.ofEpochSecond(10_000);
  private static final TokenStatus TOKEN =
      new TokenStatus(
          Instant.ofEpochSecond(9_000),
          Instant.ofEpochSecond(12_600),
          Instant.ofEpochSecond(11_000),
          "api");

  static Stream<Arguments> statuses() {
    return Stream.of(
        argumentSet(
            "well: four series, and no refusal",
            status(ready(), TOKEN, null),
            Map.of("ready", 1, "expiry", 12_600, "renewal", 11_000)),
        argumentSet("nobody looked yet: not ready", IrisCredentialStatus.NONE, Map.of("ready", 0)),
        argumentSet(
            "a next try that is later than the renewal: the next try",
            status(ready(), TOKEN, failure(13_000, 0)),
            Map.of("ready", 1, "expiry", 12_600, "renewal", 13_000)),
        argumentSet(
            "a next try that is earlier: the renewal",
            status(ready(), TOKEN, failure(10_500, 0)),
            Map.of("ready", 1, "expiry", 12_600, "renewal", 11_000)),
        argumentSet(
            "refused twice: said so",
            status(ready(), TOKEN, failure(13_000, 2)),
            Map.of("ready", 1, "expiry", 12_600, "renewal", 13_000, "rejections", 2)),
        argumentSet(
            "refused before there was any token: said so",
            status(condition("Ready", "False", "NoToken"), null, failure(13_000, 1)),
            Map.of("ready", 0, "rejections", 1)),
        argumentSet(
            "suspended: no renewal is planned, and no failure",
            status(renewed("False", "Suspended"), TOKEN, null),
            Map.of("ready", 1, "expiry", 12_600)),
        argumentSet(
            "suspended after two refusals: the login is not sent any more",
            status(renewed("False", "Suspended"), TOKEN, failure(13_000, 2)),
            Map.of("ready", 1, "expiry", 12_600)),
        argumentSet(
            "renewed: no failure",
            status(renewed("True", "Succeeded"), TOKEN, null),
            Map.of("ready", 1, "expiry", 12_600, "renewal", 11_000)),
        argumentSet(
            "waits for its turn: no failure",
            status(renewed("False", "WaitingForSlot"), TOKEN, null),
            Map.of("ready", 1, "expiry", 12_600, "renewal", 11_000)),
        argumentSet(
            "the renewal fails: why",
            status(renewed("False", "EndpointUnavailable"), TOKEN, failure(13_000, 0)),
            Map.of(
                "ready",
                1,
                "expiry",
                12_600,
                "renewal",
                13_000,
                "renewal_failing EndpointUnavailable",
                1)),
        argumentSet(
            "fails before there was any token: why",
            status(
                List.of(
                    condition("Ready", "False", "NoToken"),
                    condition("Renewed", "False", "CredentialsSecretNotFound")),
                null,
                failure(10_000, 0)),
            Map.of("ready", 0, "renewal_failing CredentialsSecretNotFound", 1)));
  }

  @ParameterizedTest
  @MethodSource("statuses")
  void tells(IrisCredentialStatus status, Map<String, Integer> told) {
    IrisCredential credential = new IrisCredential();
    credential.setMetadata(new ObjectMetaBuilder().withNamespace("team").withName("fleet").build());
    credential.setStatus(status);
    CredentialCollector metrics = new CredentialCollector(() -> Stream.of(credential), () -> NOW);

    assertThat(gauges(metrics)).isEqualTo(told);
  }

  @Test
  void countsTheSecondsWithoutAValidToken() {
    IrisCredential credential = new IrisCredential();
    credential.setMetadata(new ObjectMetaBuilder().withNamespace("team").withName("fleet").build());
    ResourceID id = ResourceID.fromResource(credential);
    AtomicReference<Instant> clock = new AtomicReference<>(NOW);
    CredentialCollector metrics = new CredentialCollector(() -> Stream.of(credential), clock::get);
    metrics.report(id, "first", IrisCredentialStatus.NONE, NOW);

    clock.set(NOW.plusSeconds(100));
    assertThat(secondsWithout(metrics)).isEqualTo(100);

    TokenStatus token = new TokenStatus(NOW, NOW.plusSeconds(400), NOW.plusSeconds(200), "");
    metrics.report(id, "first", status(ready(), token, null), clock.get());
    clock.set(NOW.plusSeconds(400));
    assertThat(secondsWithout(metrics)).isEqualTo(100);

    clock.set(NOW.plusSeconds(450));
    assertThat(secondsWithout(metrics)).isEqualTo(150);

    metrics.report(id, "second", IrisCredentialStatus.NONE, clock.get());
    assertThat(secondsWithout(metrics)).isEqualTo(0);
  }

  private static double secondsWithout(CredentialCollector metrics) {
    return metrics
        .collect(name -> name.equals("iris_credential_seconds_without_valid_token"))
        .stream()
        .flatMap(snapshot -> snapshot.getDataPoints().stream())
        .map(CounterDataPointSnapshot.class::cast)
        .mapToDouble(CounterDataPointSnapshot::getValue)
        .sum();
  }

  private static Map<String, Integer> gauges(CredentialCollector metrics) {
    Map<String, Integer> values = new TreeMap<>();
    metrics
        .collect()
        .forEach(
            snapshot ->
                snapshot.getDataPoints().stream()
                    .filter(GaugeDataPointSnapshot.class::isInstance)
                    .map(GaugeDataPointSnapshot.class::cast)
                    .forEach(
                        point ->
                            values.put(
                                word(snapshot.getMetadata().getName(), point.getLabels()),
                                (int) point.getValue())));
    return values;
  }

  // iris_credential_token_expiry_timestamp_seconds becomes expiry.
  private static String word(String name, Labels labels) {
    String word = name.replaceAll("iris_credential_(token_|login_)?|_timestamp_seconds", "");
    String reason = labels.get("reason");
    return reason == null ? word : word + " " + reason;
  }

  private static IrisCredentialStatus status(
      Condition ready, @Nullable TokenStatus token, @Nullable FailureStatus failures) {
    return status(List.of(ready), token, failures);
  }

  private static IrisCredentialStatus status(
      List<Condition> conditions, @Nullable TokenStatus token, @Nullable FailureStatus failures) {
    return new IrisCredentialStatus(1L, conditions, token, null, failures, null);
  }

  private static List<Condition> renewed(String status, String reason) {
    return List.of(ready(), condition("Renewed", status, reason));
  }

  private static Condition ready() {
    return condition("Ready", "True", "TokenValid");
  }

  private static Condition condition(String type, String status, String reason) {
    return new Condition(type, status, reason, "", NOW, 1);
  }

  private static FailureStatus failure(long nextAttempt, int rejections) {
    Instant next = Instant.ofEpochSecond(nextAttempt);
    return new FailureStatus(
        1,
        NOW,
        next,
        rejections == 0 ? "Transient" : "Rejected",
        "EndpointUnavailable",
        "request",
        null,
        rejections == 0
            ? null
            : new RejectionStatus("login", rejections, NOW, next, List.of(NOW), null));
  }
}
