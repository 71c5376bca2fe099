package com.trackunit.iris.operator.metrics;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.api.FailureStatus;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.TokenStatus;
import com.trackunit.iris.operator.status.StatusCalculator;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds the metrics of all credentials from the cache at each scrape, so that the series of a
 * deleted credential end at once.
 */
public final class CredentialCollector implements MultiCollector {
  private final Map<ResourceID, Gap> gaps = new ConcurrentHashMap<>();
  private final Supplier<Stream<IrisCredential>> credentials;
  private final InstantSource clock;

  public CredentialCollector(Supplier<Stream<IrisCredential>> credentials, InstantSource clock) {
    this.credentials = credentials;
    this.clock = clock;
  }

  /**
   * The time that a credential was without a valid token, counted until {@code upTo}; later time is
   * added at the scrape.
   *
   * @param uid UID of the credential: a new credential with the same name starts from zero
   * @param validUntil when the valid token expires, null when there is none
   */
  private record Gap(String uid, Duration total, Instant upTo, @Nullable Instant validUntil) {
    Duration totalAt(Instant now) {
      Instant from = validUntil == null || validUntil.isBefore(upTo) ? upTo : validUntil;
      return now.isAfter(from) ? total.plus(Duration.between(from, now)) : total;
    }
  }

  /** Records the status of a credential after a step. */
  public void report(ResourceID id, String uid, IrisCredentialStatus status, Instant now) {
    gaps.compute(
        id,
        (key, gap) -> {
          boolean same = gap != null && gap.uid().equals(uid);
          return new Gap(uid, same ? gap.totalAt(now) : Duration.ZERO, now, validUntil(status));
        });
  }

  public void forget(ResourceID id) {
    gaps.remove(id);
  }

  @Override
  public MetricSnapshots collect() {
    Scrape scrape = new Scrape(clock.instant());
    credentials
        .get()
        .forEach(
            credential -> scrape.add(credential, gaps.get(ResourceID.fromResource(credential))));
    return scrape.snapshots();
  }

  private static @Nullable Instant validUntil(IrisCredentialStatus status) {
    boolean ready = status.condition("Ready").filter(Condition::holds).isPresent();
    TokenStatus token = status.token();
    return ready && token != null ? token.expiresAt() : null;
  }

  /** Collects the metrics of one scrape. */
  private static final class Scrape {
    private final Instant now;
    private final GaugeSnapshot.Builder ready =
        gauge(
            "iris_credential_ready",
            "1 while the target Secret holds an unexpired token for the current spec.");
    private final GaugeSnapshot.Builder expiry =
        gauge("iris_credential_token_expiry_timestamp_seconds", "When the token expires.");
    private final GaugeSnapshot.Builder renewal =
        gauge(
            "iris_credential_token_renewal_timestamp_seconds",
            "When the next token is asked for; after a failure, the next try.");
    private final GaugeSnapshot.Builder rejections =
        gauge(
            "iris_credential_login_rejections",
            "How often in a row the login was refused; absent when it was not.");
    private final GaugeSnapshot.Builder failing =
        gauge(
            "iris_credential_renewal_failing",
            "1 while the condition Renewed is False because of a failure, with its reason as label; absent otherwise.");
    private final CounterSnapshot.Builder without =
        CounterSnapshot.builder()
            .name("iris_credential_seconds_without_valid_token")
            .help("Seconds without a valid token in the target Secret since the operator started.");

    Scrape(Instant now) {
      this.now = now;
    }

    void add(IrisCredential credential, @Nullable Gap gap) {
      Labels labels = labels(credential);
      IrisCredentialStatus status = credential.statusOrNone();
      Instant validUntil = validUntil(status);
      ready.dataPoint(point(labels, validUntil != null && now.isBefore(validUntil) ? 1 : 0));
      TokenStatus token = status.token();
      if (token != null) {
        expiry.dataPoint(point(labels, seconds(token.expiresAt())));
      }
      if (!isSuspended(status)) {
        addPlans(labels, token, status.failures());
      }
      StatusCalculator.failing(status)
          .ifPresent(
              renewed -> failing.dataPoint(point(labels.add("reason", renewed.reason()), 1)));
      if (gap != null) {
        without.dataPoint(
            CounterSnapshot.CounterDataPointSnapshot.builder()
                .labels(labels)
                .value(gap.totalAt(now).toMillis() / 1000.0)
                .build());
      }
    }

    // A scraper may own the label namespace, and overwrite it with that of the operator.
    private static Labels labels(IrisCredential credential) {
      String namespace = credential.getMetadata().getNamespace();
      return Labels.of(
          "namespace",
          namespace,
          "credential_namespace",
          namespace,
          "name",
          credential.getMetadata().getName());
    }

    // A suspended credential sends no requests, so it has neither a renewal time nor rejections.
    private void addPlans(
        Labels labels, @Nullable TokenStatus token, @Nullable FailureStatus failures) {
      if (token != null) {
        renewal.dataPoint(point(labels, seconds(nextRequest(token, failures))));
      }
      if (failures != null && failures.rejections() != null) {
        rejections.dataPoint(point(labels, failures.rejections().count()));
      }
    }

    MetricSnapshots snapshots() {
      return new MetricSnapshots(
          Stream.of(ready, expiry, renewal, rejections, failing, without)
              .map(MetricSnapshot.Builder::build)
              .toArray(MetricSnapshot[]::new));
    }

    private static boolean isSuspended(IrisCredentialStatus status) {
      return status
          .condition("Renewed")
          .filter(condition -> condition.reason().equals("Suspended"))
          .isPresent();
    }

    private static Instant nextRequest(TokenStatus token, @Nullable FailureStatus failures) {
      return failures != null && failures.nextAttemptTime().isAfter(token.renewAt())
          ? failures.nextAttemptTime()
          : token.renewAt();
    }

    private static double seconds(Instant instant) {
      return (double) instant.getEpochSecond();
    }

    private static GaugeSnapshot.Builder gauge(String name, String help) {
      return GaugeSnapshot.builder().name(name).help(help);
    }

    private static GaugeSnapshot.GaugeDataPointSnapshot point(Labels labels, double value) {
      return GaugeSnapshot.GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
    }
  }
}
