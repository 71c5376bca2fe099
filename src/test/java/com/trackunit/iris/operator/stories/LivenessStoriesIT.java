package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.FaultyApiServer;
import com.trackunit.iris.operator.support.MovableClock;
import com.trackunit.iris.operator.support.RunningOperator;
import io.fabric8.kubernetes.client.Config;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code /livez} says while a watch does not come back. */
class LivenessStoriesIT {
  private static final Duration STEP = Duration.ofSeconds(20);
  private static final int WRITES_AFTER_THE_BACKUP = 60;
  private static final Duration NOTICED = Duration.ofMinutes(3);

  private final ControlPlane plane = ControlPlane.another();
  private final FakeAuthorizationServer server = FakeAuthorizationServer.start();
  private final MovableClock clock = new MovableClock();

  @AfterEach
  void end() {
    server.close();
    plane.close();
  }

  @ParameterizedTest
  @CsvSource({"iriscredentials", "secrets"})
  void saysNoWhenTheRoleLostTheRightToWatch(String resource) {
    try (RunningOperator operator = start(Set.of())) {
      takeTheRightToWatch(resource);
      breakConnections();

      AtomicInteger moved = new AtomicInteger();
      await()
          .atMost(NOTICED)
          .pollInterval(Duration.ofSeconds(1))
          .until(
              () -> {
                clock.move(STEP);
                moved.incrementAndGet();
                return operator.get("/livez").startsWith("503");
              });
      assertThat(STEP.multipliedBy(moved.get())).isGreaterThanOrEqualTo(Duration.ofMinutes(3));
      assertThat(operator.get("/metrics")).contains("iris_operator_alive 0");

      giveEverything();
      await().atMost(NOTICED).until(() -> operator.get("/livez").startsWith("200"));
    }
  }

  @Test
  void saysNoOnceTheClusterWasRestoredFromABackup() {
    plane.backUp();
    try (RunningOperator operator = start(Set.of())) {
      // The API server writes a little at each of its starts, which makes up for a little.
      for (int write = 0; write < WRITES_AFTER_THE_BACKUP; write++) {
        plane.newNamespace();
      }
      awaitACheck(plane.audit().mark());

      plane.restore();

      await().atMost(NOTICED).until(() -> operator.get("/livez").startsWith("503"));
    }
  }

  @Test
  void saysNoOnceAnotherAuthorityIsTrustedByItsFileAlready() {
    try (RunningOperator operator = start(Set.of())) {
      plane.rotateAuthority();

      await().atMost(NOTICED).until(() -> operator.get("/livez").startsWith("503"));
    }
  }

  @Test
  void saysYesWhileTheApiServerIsAway() {
    try (FaultyApiServer api = FaultyApiServer.before(plane);
        RunningOperator operator = start(api.config(), Set.of())) {
      api.goDown();

      for (int step = 0; step < 30; step++) {
        clock.move(STEP);
        assertThat(operator.get("/livez")).startsWith("200");
      }
      api.comeUp();

      await().during(Story.A_WHILE).until(() -> operator.get("/livez").startsWith("200"));
    }
  }

  @Test
  void saysYesWhenOneOfItsNamespacesLostItsRole() {
    String kept = plane.newNamespace();
    String lost = plane.newNamespace();
    for (String namespace : List.of(kept, lost)) {
      String role = plane.kubectl("kustomize", "deploy/overlays/namespaced/watched").stdout();
      plane.kubectlWithInput(role, "apply", "-n", namespace, "-f", "-");
    }
    plane.kubectl("delete", "clusterrole,clusterrolebinding", "iris-credential-operator");
    try (RunningOperator operator = start(Set.of(kept, lost))) {
      plane.kubectl("delete", "role,rolebinding", "--all", "-n", lost);
      breakConnections();

      await()
          .atMost(NOTICED)
          .pollInterval(Duration.ofSeconds(1))
          .during(Duration.ofSeconds(20))
          .until(
              () -> {
                clock.move(STEP);
                return operator.get("/livez").startsWith("200");
              });
    }
  }

  // The operator knows a version that is newer than the backup.
  private void awaitACheck(long mark) {
    // An informer that lost its watch lists once as well, and remembers no version.
    await().atMost(NOTICED).until(() -> plane.audit().listsOfCredentials(mark) >= 2);
  }

  private RunningOperator start(Set<String> namespaces) {
    return start(plane.operatorConfig(), namespaces);
  }

  private RunningOperator start(Config kubernetes, Set<String> namespaces) {
    return RunningOperator.start(kubernetes, namespaces, server.url(), Map.of(), clock);
  }

  private void breakConnections() {
    plane.restartApiServer();
  }

  private void takeTheRightToWatch(String resource) {
    plane.editOperatorRole(
        rule -> {
          if (rule.getResources().contains(resource)) {
            rule.getVerbs().remove("watch");
          }
        });
  }

  private void giveEverything() {
    plane.editOperatorRole(
        rule -> {
          if (rule.getVerbs().contains("list") && !rule.getVerbs().contains("watch")) {
            rule.getVerbs().add("watch");
          }
        });
  }
}
