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

/** Creates the registry behind {@code /metrics}, with the metrics of the JVM and the process. */
public final class ProcessMetrics {
  private ProcessMetrics() {}

  /**
   * Creates the registry.
   *
   * @param alive the result of {@code /livez}
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
