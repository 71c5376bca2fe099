package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.trackunit.iris.operator.nudge.PodNudger;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.RunningOperator;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** Pods that hold an expired token see its successor at once, where the operator may touch them. */
class NudgeStoriesIT {
  private static final Path ROLE = Path.of("deploy/components/nudge/clusterrole.yaml");
  private static final Duration OUTAGE = Duration.ofHours(2);
  private static final String SECRET = "{name: token, secret: {secretName: fleet-token}}";
  private static final String OTHER = "{name: token, secret: {secretName: other}}";
  private static final String PROJECTED =
      "{name: token, projected: {sources: [{secret: {name: fleet-token}}]}}";

  @RegisterExtension private final Story story = new Story();
  private final ListAppender<ILoggingEvent> told = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(PodNudger.class);

  @BeforeEach
  void listen() {
    story.stopOperator();
    told.start();
    logger.addAppender(told);
  }

  @AfterEach
  void end() {
    logger.detachAppender(told);
  }

  @Test
  void nudgesTheRunningPodsWhoseTokenHadExpired() throws IOException {
    grant();
    try (RunningOperator operator = nudging()) {
      pod("reader", SECRET, "Running");
      pod("projected", PROJECTED, "Running");
      pod("other", OTHER, "Running");
      pod("waiting", SECRET, "Pending");
      long mark = story.mark();
      story.issued();
      story.pass(Duration.ofMinutes(45));
      await().until(() -> story.token(Story.TARGET), "token-2"::equals);
      await().during(Story.A_WHILE).until(() -> callsAboutPods(mark).isEmpty());

      story.pass(OUTAGE);

      await().until(() -> Objects.equals(nudge("reader"), issuedAt()));
      await().until(() -> Objects.equals(nudge("projected"), issuedAt()));
      assertThat(story.token(Story.TARGET)).isEqualTo("token-3");
      assertThat(nudge("other")).isNull();
      assertThat(nudge("waiting")).isNull();
      assertThat(callsAboutPods(mark))
          .containsExactlyInAnyOrder("list pods/", "patch pods/projected", "patch pods/reader");
      await().until(() -> operator.get("/metrics").contains(counted("nudged", 2)));
      assertThat(told.list).isEmpty();
    }
  }

  @Test
  void renewsAllTheSameWithoutTheRightAndSaysSoOnce() {
    try (RunningOperator operator = nudging()) {
      story.issued();
      for (int outage = 1; outage <= 2; outage++) {
        String next = "token-" + (outage + 1);
        String counted = counted("forbidden", outage);
        story.pass(OUTAGE);
        await().until(() -> story.token(Story.TARGET), next::equals);
        await().until(() -> operator.get("/metrics").contains(counted));
      }
      await().until(() -> story.condition("Ready"), "True TokenValid"::equals);
      assertThat(told.list)
          .singleElement()
          .extracting(ILoggingEvent::getFormattedMessage)
          .asString()
          .startsWith("The operator may not list and patch pods");
    }
  }

  private RunningOperator nudging() {
    return RunningOperator.start(
        ControlPlane.get(),
        Set.of(story.namespace()),
        story.server().url(),
        Map.of("IRIS_NUDGE_PODS", "true"),
        story.clock());
  }

  // In this namespace alone, so that other tests see the shipped rights without it.
  private void grant() throws IOException {
    try (InputStream yaml = Files.newInputStream(ROLE)) {
      story.admin().load(yaml).serverSideApply();
    }
    story.apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: nudge}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: iris-credential-operator-nudge}
        subjects: [{kind: ServiceAccount, name: iris-credential-operator, namespace: iris-system}]
        """);
  }

  private void pod(String name, String volume, String phase) {
    Pod pod =
        (Pod)
            story.apply(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  volumes: [%s]
                  containers:
                    - {name: main, image: none, volumeMounts: [{name: token, mountPath: /token}]}
                """
                    .formatted(name, volume));
    story
        .admin()
        .resource(pod)
        .editStatus(
            seen -> new PodBuilder(seen).withNewStatus().withPhase(phase).endStatus().build());
  }

  private @Nullable String nudge(String pod) {
    var pods = story.admin().pods().inNamespace(story.namespace());
    return pods.withName(pod)
        .get()
        .getMetadata()
        .getAnnotations()
        .get("iris.trackunit.com/token-issued-at");
  }

  private @Nullable String issuedAt() {
    return Objects.requireNonNull(story.secret(Story.TARGET))
        .getMetadata()
        .getAnnotations()
        .get("iris.trackunit.com/issued-at");
  }

  private List<String> callsAboutPods(long mark) {
    return story.calls(mark).stream().filter(call -> call.contains(" pods/")).toList();
  }

  private static String counted(String outcome, int times) {
    return "iris_pod_nudges_total{outcome=\"%s\"} %d.0".formatted(outcome, times);
  }
}
