package com.trackunit.iris.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.metrics.GuardedMetrics;
import io.javaoperatorsdk.operator.api.monitoring.AggregatedMetrics;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The framework calls metrics from the timer thread that wakes every credential. */
class LifecycleListenerTest {
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
  void hearsOfWakeUpsAndDeletionsBesideAMetricThatThrows() {
    List<ResourceID> woken = new ArrayList<>();
    List<ResourceID> deleted = new ArrayList<>();
    Metrics metrics =
        new AggregatedMetrics(
            List.of(
                new GuardedMetrics(new Broken()), new LifecycleListener(woken::add, deleted::add)));

    metrics.eventReceived(new Event(FLEET), Map.of());
    metrics.cleanupDone(FLEET, Map.of());

    assertThat(woken).containsExactly(FLEET);
    assertThat(deleted).containsExactly(FLEET);
  }
}
