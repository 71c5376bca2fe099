package com.trackunit.iris.operator.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.Map;
import java.util.Set;

/**
 * Adds descriptions to metrics that have none, and drops two metrics whose names break the naming
 * conventions of Prometheus.
 */
public final class MetricDescriptions implements MeterFilter {
  // The first counts nanoseconds instead of seconds; the second is a gauge with the suffix _count.
  private static final Set<String> LEFT_OUT = Set.of("process.cpu.time", "system.cpu.count");

  private static final Map<String, String> MEANINGS =
      Map.ofEntries(
          Map.entry("custom_resources", "Credentials that are watched."),
          Map.entry(
              "events.received",
              "Events by kind: changes of credentials, of Secrets, and wake-ups."),
          Map.entry("reconciliations.active", "Reconciliations that are running."),
          Map.entry("reconciliations.execution.duration", "How long a reconciliation took."),
          Map.entry("reconciliations.queue", "Credentials that wait for a reconciliation."),
          Map.entry("reconciliations.started.total", "Reconciliations that were started."),
          Map.entry("reconciliations.success.total", "Reconciliations that succeeded."),
          Map.entry(
              "reconciliations.failure.total",
              "Reconciliations that failed with an unexpected exception."),
          Map.entry(
              "reconciliations.retries.total",
              "Reconciliations that were retried after an unexpected exception."));

  @Override
  public MeterFilterReply accept(Meter.Id id) {
    return LEFT_OUT.contains(id.getName()) ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
  }

  @Override
  public Meter.Id map(Meter.Id id) {
    String meaning = MEANINGS.get(id.getName());
    return meaning == null || id.getDescription() != null
        ? id
        : new Meter.Id(
            id.getName(), Tags.of(id.getTagsAsIterable()), id.getBaseUnit(), meaning, id.getType());
  }
}
