package com.trackunit.iris.operator.nudge;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.status.Outcome;
import com.trackunit.iris.operator.time.TimeSource;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Annotates the pods that hold a token which expired before the next one was written. Kubelet syncs
 * an annotated pod at once, and other pods only every 60 to 90 s.
 *
 * <p>Never delays a renewal: it has its own thread, a bounded queue and a time limit. It lists pods
 * and does not watch them, because a token rarely expires, and a cache of all pods would need more
 * memory than the rest of the operator.
 */
public final class PodNudger {
  private static final Logger log = LoggerFactory.getLogger(PodNudger.class);
  private static final String ANNOTATION = "iris.trackunit.com/token-issued-at";
  private static final long PAGE = 200;
  private static final int WAITING = 1_000;
  private static final long IDLE_SECONDS = 10;

  /** After this time kubelet has probably synced the pod by itself. */
  private static final Duration USEFUL = Duration.ofSeconds(60);

  private final AtomicBoolean told = new AtomicBoolean();
  private final boolean enabled;
  private final KubernetesClient client;
  private final MeterRegistry registry;
  private final TimeSource time;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING),
          Thread.ofPlatform().daemon().name("nudges").factory(),
          (nudge, full) -> count("dropped"));

  public PodNudger(
      boolean enabled, KubernetesClient client, MeterRegistry registry, TimeSource time) {
    this.enabled = enabled;
    this.client = client;
    this.registry = registry;
    this.time = time;
    thread.allowCoreThreadTimeOut(true);
  }

  /**
   * Annotates the pods that hold an expired token, if this step replaced one; returns at once.
   *
   * @param before the token before the step, null when there was none
   */
  public void after(
      EffectiveSpec spec,
      @Nullable StoredToken before,
      Outcome outcome,
      TargetState after,
      Instant now) {
    boolean late = before != null && before.lifetime().isOver(now);
    if (enabled
        && late
        && outcome instanceof Outcome.Issued
        && after instanceof TargetState.Held held) {
      Instant until = time.steady().plus(USEFUL);
      thread.execute(() -> nudge(spec, held.token().lifetime().issuedAt(), until));
    }
  }

  private void nudge(EffectiveSpec spec, Instant issuedAt, Instant until) {
    String page = null;
    try {
      do {
        PodList pods =
            client
                .pods()
                .inNamespace(spec.namespace())
                .withField("status.phase", "Running")
                .list(options(page));
        MountingPods.of(pods.getItems(), spec.targetSecret())
            .forEach(pod -> annotate(pod, issuedAt, until));
        page = pods.getMetadata().getContinue();
      } while (page != null && !page.isEmpty() && isUseful(until));
    } catch (KubernetesClientException e) {
      failed(spec.namespace(), e.getCode());
    }
  }

  private static ListOptions options(@Nullable String page) {
    return new ListOptionsBuilder().withLimit(PAGE).withContinue(page).build();
  }

  private boolean isUseful(Instant until) {
    return time.steady().isBefore(until);
  }

  // A pod that cannot be patched, perhaps because it is gone, must not stop the loop.
  private void annotate(Pod pod, Instant issuedAt, Instant until) {
    if (!isUseful(until)) {
      count("dropped");
      return;
    }
    String patch =
        "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(ANNOTATION, issuedAt);
    try {
      client.pods().resource(pod).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
      count("nudged");
    } catch (KubernetesClientException e) {
      failed(pod.getMetadata().getNamespace(), e.getCode());
    }
  }

  private void failed(String namespace, int code) {
    boolean forbidden = code == HttpURLConnection.HTTP_FORBIDDEN;
    count(forbidden ? "forbidden" : "failed");
    if (forbidden && !told.getAndSet(true)) {
      log.atWarn()
          .addKeyValue("namespace", namespace)
          .log(
              "The operator may not list and patch pods, so none is nudged. Grant it as deploy/components/nudge does, or set IRIS_NUDGE_PODS=false.");
    }
    log.atDebug()
        .addKeyValue("namespace", namespace)
        .addKeyValue("code", code)
        .log("Pods could not be nudged.");
  }

  private void count(String outcome) {
    registry.counter("iris.pod.nudges", "outcome", outcome).increment();
  }
}
