package com.trackunit.iris.operator.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.BooleanSupplier;

/** The registry behind {@code /metrics}, with what is measured of the process itself. */
public final class ProcessMetrics {
  private ProcessMetrics() {}

  /**
   * Makes the registry of a process.
   *
   * @param alive what {@code /livez} says
   */
  public static PrometheusMeterRegistry registry(
      CredentialCollector credentials, BooleanSupplier alive) {
    PrometheusMeterRegistry registry =
        new PrometheusMeterRegistry(
            PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM);
    registry.config().meterFilter(new MetricDescriptions());
    registry.getPrometheusRegistry().register(credentials);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    Gauge.builder("iris.operator.alive", () -> alive.getAsBoolean() ? 1 : 0)
        .description("1 while every watch is alive and no wake-up is overdue, as /livez says.")
        .register(registry);
    return registry;
  }
}
