package com.trackunit.iris.operator.metrics;

import com.trackunit.iris.operator.acquire.GatedEndpoint;
import com.trackunit.iris.operator.acquire.PendingRequest;
import com.trackunit.iris.operator.acquire.RequestObserver;
import com.trackunit.iris.operator.gate.RateLimits;
import com.trackunit.iris.operator.oauth.TokenResponse;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * Counts and times token requests, and exports the state of the gate. No label ever contains a
 * user, a client id or a URL.
 */
public final class RequestMetrics implements RequestObserver {
  private static final Duration[] BUCKETS =
      Stream.of(50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 15_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final Timer duration;

  public RequestMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.duration =
        Timer.builder("iris.token.request.duration")
            .description("How long token exchanges took, bodies included.")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
  }

  /** Exports the state of the gate in front of a token endpoint. */
  public void show(GatedEndpoint endpoint) {
    Gauge.builder("iris.endpoint.circuit.open", endpoint.gate(), gate -> gate.isOpen() ? 1 : 0)
        .description("1 while the authorization server seems to be out and is only probed.")
        .tag("grant_type", endpoint.grantType())
        .register(registry);
    Gauge.builder("iris.token.requests.waiting", endpoint, GatedEndpoint::waiting)
        .description("Credentials that wait for a request slot.")
        .tag("grant_type", endpoint.grantType())
        .register(registry);
  }

  /** Exports the cap on the rate, which an alert compares with the rate. */
  public void show(RateLimits limits) {
    Gauge.builder("iris.token.requests.per.second.limit", limits::perSecond)
        .description("The cap on token requests a second of each token endpoint.")
        .register(registry);
  }

  @Override
  public void observed(PendingRequest request, TokenResponse answer, Duration took) {
    duration.record(took);
    Counter.builder("iris.token.requests")
        .description("Token requests by outcome.")
        .tag("grant_type", request.label())
        .tag("outcome", answer.outcome())
        .register(registry)
        .increment();
  }
}
