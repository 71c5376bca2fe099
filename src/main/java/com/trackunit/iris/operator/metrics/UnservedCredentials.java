package com.trackunit.iris.operator.metrics;

import com.trackunit.iris.operator.api.IrisCredential;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the credentials whose shard label names a shard without an operator. Nobody looks at them,
 * so their own series and conditions cannot tell.
 *
 * <p>Looks by lists of one credential that leave out the shards already known, so that thousands of
 * credentials that are served cost one call for each shard and no memory.
 */
public final class UnservedCredentials implements Collector, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(UnservedCredentials.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(2);
  private static final Duration UNTIL_IT_LEADS = Duration.ofSeconds(1);
  private static final long PAGE = 500;

  /** An author may write any label: more shards than this are not looked at. */
  static final int MOST_SHARDS = 100;

  private final CountDownLatch closing = new CountDownLatch(1);
  private final KubernetesClient client;
  private final String label;
  private final Predicate<String> served;
  private final BooleanSupplier leads;
  private volatile Map<String, Long> unserved = Map.of();

  /**
   * Creates the collector; it looks once it is started.
   *
   * @param label the label that names a credential's shard
   * @param served whether a shard has an operator; throws a {@link KubernetesClientException} if
   *     the API server does not answer
   * @param leads whether this replica is the leader, which alone counts
   */
  public UnservedCredentials(
      KubernetesClient client, String label, Predicate<String> served, BooleanSupplier leads) {
    this.client = client;
    this.label = label;
    this.served = served;
    this.leads = leads;
  }

  /**
   * Starts to look in the background.
   *
   * @param namespaces the namespaces to look at; empty: all
   */
  public void start(Set<String> namespaces) {
    Set<String> looked = namespaces.isEmpty() ? Set.of("") : namespaces;
    Thread.ofPlatform().daemon().name("unserved").start(() -> repeat(looked));
  }

  private void repeat(Set<String> namespaces) {
    try {
      Duration pause = UNTIL_IT_LEADS;
      while (!closing.await(pause.toSeconds(), TimeUnit.SECONDS)) {
        pause = UNTIL_IT_LEADS;
        if (leads.getAsBoolean()) {
          look(namespaces);
          pause = BETWEEN_LOOKS;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks once. */
  void look(Set<String> namespaces) {
    try {
      Map<String, Long> count = new TreeMap<>();
      for (String shard : shards(namespaces)) {
        if (!served.test(shard)) {
          namespaces.forEach(each -> count.merge(shard, count(each, shard), Long::sum));
        }
      }
      unserved = count;
    } catch (KubernetesClientException e) {
      log.atDebug()
          .addKeyValue("code", e.getCode())
          .log("It is not known which shards have no operator.");
    }
  }

  private Set<String> shards(Set<String> namespaces) {
    Set<String> shards = new TreeSet<>();
    for (String namespace : namespaces) {
      String shard = another(namespace, shards);
      while (shard != null && shards.size() < MOST_SHARDS) {
        shards.add(shard);
        shard = another(namespace, shards);
      }
    }
    return shards;
  }

  private @Nullable String another(String namespace, Set<String> known) {
    String others =
        known.isEmpty() ? label : label + "," + label + " notin (" + String.join(",", known) + ")";
    return list(namespace, others, 1, null).getItems().stream()
        .map(credential -> credential.getMetadata().getLabels().get(label))
        .findFirst()
        .orElse(null);
  }

  private long count(String namespace, String shard) {
    long count = 0;
    String next = null;
    do {
      var page = list(namespace, label + "=" + shard, PAGE, next);
      count += page.getItems().size();
      next = page.getMetadata().getContinue();
    } while (next != null && !next.isEmpty());
    return count;
  }

  private KubernetesResourceList<IrisCredential> list(
      String namespace, String selector, long limit, @Nullable String next) {
    var all = client.resources(IrisCredential.class);
    var options = new ListOptionsBuilder().withLimit(limit).withContinue(next).build();
    return namespace.isEmpty()
        ? all.inAnyNamespace().withLabelSelector(selector).list(options)
        : all.inNamespace(namespace).withLabelSelector(selector).list(options);
  }

  @Override
  public GaugeSnapshot collect() {
    GaugeSnapshot.Builder gauge =
        GaugeSnapshot.builder()
            .name("iris_credentials_unserved")
            .help("Credentials whose shard has no operator, by shard.");
    if (leads.getAsBoolean()) {
      unserved.forEach(
          (shard, count) ->
              gauge.dataPoint(
                  GaugeSnapshot.GaugeDataPointSnapshot.builder()
                      .labels(Labels.of("shard", shard))
                      .value(count)
                      .build()));
    }
    return gauge.build();
  }

  @Override
  public void close() {
    closing.countDown();
  }
}
