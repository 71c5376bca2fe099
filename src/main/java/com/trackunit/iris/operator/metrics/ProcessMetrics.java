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
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
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

  /** Exports which build runs. */
  public static void describe(PrometheusMeterRegistry registry, String version, String revision) {
    // Micrometer would drop the suffix "info" of a gauge's name.
    InfoSnapshot build =
        InfoSnapshot.builder()
            .name("iris_build")
            .help("1, with the version and the revision of the operator as labels.")
            .dataPoint(
                InfoDataPointSnapshot.builder()
                    .labels(Labels.of("version", version, "revision", revision))
                    .build())
            .build();
    registry.getPrometheusRegistry().register(() -> build);
  }
}
