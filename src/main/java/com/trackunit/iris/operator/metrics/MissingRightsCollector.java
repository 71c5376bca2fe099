package com.trackunit.iris.operator.metrics;

import com.trackunit.iris.operator.health.Right;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Builds a series for each right that the operator lacks in a namespace. */
public final class MissingRightsCollector implements Collector {
  private final Supplier<Map<String, Set<Right>>> missing;

  public MissingRightsCollector(Supplier<Map<String, Set<Right>>> missing) {
    this.missing = missing;
  }

  @Override
  public MetricSnapshot collect() {
    GaugeSnapshot.Builder gauge =
        GaugeSnapshot.builder()
            .name("iris_missing_right")
            .help("1 for each right that the operator lacks in a watched namespace.");
    missing
        .get()
        .forEach(
            (namespace, rights) ->
                rights.forEach(right -> gauge.dataPoint(point(namespace, right))));
    return gauge.build();
  }

  private static GaugeSnapshot.GaugeDataPointSnapshot point(String namespace, Right right) {
    String shown = namespace.equals(Constants.WATCH_ALL_NAMESPACES) ? "" : namespace;
    return GaugeSnapshot.GaugeDataPointSnapshot.builder()
        .labels(
            Labels.of(
                "credential_namespace", shown, "verb", right.verb(), "resource", right.resource()))
        .value(1)
        .build();
  }
}
