package com.trackunit.iris.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A throwing metric ends nothing: it is called from the timer thread that wakes everybody. */
class FrameworkMetricsTest {
  private static final ResourceID FLEET = new ResourceID("fleet", "team-a");

  private static final class Broken implements Metrics {
    @Override
    public void eventReceived(Event event, Map<String, Object> metadata) {
      throw new IllegalStateException("broken");
    }

    @Override
    public void cleanupDone(ResourceID resourceID, Map<String, Object> metadata) {
      throw new IllegalStateException("broken");
    }
  }

  @Test
  void passesTheNewsOnEvenWhenAMetricThrows() {
    List<ResourceID> woken = new ArrayList<>();
    List<ResourceID> deleted = new ArrayList<>();
    Metrics metrics = new FrameworkMetrics(new Broken(), woken::add, deleted::add);
    metrics.eventReceived(new Event(FLEET), Map.of());
    metrics.cleanupDone(FLEET, Map.of());
    assertThat(woken).containsExactly(FLEET);
    assertThat(deleted).containsExactly(FLEET);
  }
}
