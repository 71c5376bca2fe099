package com.trackunit.iris.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a scrape tells of the process itself. */
class ProcessMetricsTest {
  @Test
  void tellsTheBuild() {
    PrometheusMeterRegistry registry =
        ProcessMetrics.registry(
            new CredentialCollector(Stream::empty, Clock.systemUTC()), () -> true);

    ProcessMetrics.describe(registry, "1.2.3", "abc");

    assertThat(registry.scrape().lines())
        .contains("iris_build_info{revision=\"abc\",version=\"1.2.3\"} 1");
  }
}
