package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.FaultyApiServer;
import com.trackunit.iris.operator.support.MovableClock;
import com.trackunit.iris.operator.support.RunningOperator;
import com.trackunit.iris.operator.support.Specs;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Config;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code /livez} says while a watch does not come back. */
@Execution(ExecutionMode.CONCURRENT)
class LivenessStoriesIT {
  private static final Duration STEP = Duration.ofSeconds(20);
  private static final int WRITES_AFTER_THE_BACKUP = 60;
  private static final Duration NOTICED = Duration.ofMinutes(5);

  // Five seconds in the shipped operator, as RestoredClusterIT has it.
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

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
  void saysYesWhenTheRoleLostTheRightToWatch(String resource) {
    try (RunningOperator operator = start(Set.of())) {
      takeTheRightToWatch(resource);
      breakConnections();

      String lost =
          "iris_missing_right{credential_namespace=\"\",resource=\"%s\",verb=\"watch\"}"
              .formatted(resource);
      await().atMost(NOTICED).until(() -> operator.get("/metrics").contains(lost));
      moveOnAndExpect(operator, "200");

      giveEverything();
      await().atMost(NOTICED).until(() -> !operator.get("/metrics").contains(lost));
    }
  }

  @Test
  void saysNoWhenAWatchStaysAwayThoughTheApiServerAnswersANewOne() {
    try (FaultyApiServer api = FaultyApiServer.before(plane);
        RunningOperator operator = start(api.config(), Set.of())) {
      api.refuseWatches("secrets");
      breakConnections();

      await()
          .atMost(NOTICED)
          .pollInterval(Duration.ofSeconds(1))
          .until(
              () -> {
                clock.move(STEP);
                return operator.get("/livez").startsWith("503");
              });
      assertThat(operator.get("/metrics")).contains("iris_operator_alive 0");

      api.refuseWatches("none");
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

      assertRestarts(operator);
      assertThat(operator.get("/livez")).startsWith("503");
    }
  }

  @Test
  void saysNoOnceARestoredClusterHasPassedTheVersionsOfBefore() {
    String namespace = plane.newNamespace();
    try (RunningOperator operator = start(Set.of(namespace))) {
      createCredential(namespace);
      plane.backUp();
      clock.move(Story.UNTIL_DUE);
      touch(namespace);
      await().atMost(NOTICED).until(() -> token(namespace).equals("token-2"));

      plane.restore();
      for (int write = 0; write < WRITES_AFTER_THE_BACKUP; write++) {
        plane.newNamespace();
      }

      assertThat(token(namespace)).isEqualTo("token-1");
      assertRestarts(operator);
    }
    assertThat(server.questions()).hasSize(2);
  }

  @Test
  void saysYesWhenTheApiServerStartsAgain() {
    String namespace = plane.newNamespace();
    try (RunningOperator operator = start(Set.of(namespace))) {
      createCredential(namespace);
      long mark = plane.audit().mark();

      plane.restartApiServer();

      // Every watch came back and was compared with a list of its own.
      await().atMost(NOTICED).until(() -> plane.audit().listsOfCredentials(mark) >= 2);
      clock.move(Duration.ofMinutes(2));
      await()
          .atMost(NOTICED)
          .during(BETWEEN_LOOKS.multipliedBy(4))
          .until(() -> operator.get("/livez").startsWith("200"));
    }
  }

  @Test
  void saysNoOnceAnotherAuthorityIsTrustedByItsFileAlready() {
    try (RunningOperator operator = start(Set.of())) {
      plane.rotateAuthority();

      assertRestarts(operator);
      assertThat(operator.get("/livez")).startsWith("503");
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
    List.of(kept, lost).forEach(this::allow);
    plane.kubectl("delete", "clusterrole,clusterrolebinding", "iris-credential-operator");
    try (RunningOperator operator = start(Set.of(kept, lost))) {
      plane.kubectl("delete", "role,rolebinding", "--all", "-n", lost);
      breakConnections();

      moveOnAndExpect(operator, "200");
    }
  }

  // What is looked at twice is looked at again when the operator's time has passed.
  private void assertRestarts(RunningOperator operator) {
    await()
        .atMost(NOTICED)
        .until(
            () -> {
              clock.move(STEP);
              return operator.awaitRestart(BETWEEN_LOOKS.multipliedBy(2));
            });
  }

  // More than three minutes, for the operator.
  private void moveOnAndExpect(RunningOperator operator, String code) {
    await()
        .atMost(NOTICED)
        .pollInterval(BETWEEN_LOOKS)
        .during(BETWEEN_LOOKS.multipliedBy(20))
        .until(
            () -> {
              clock.move(STEP);
              return operator.get("/livez").startsWith(code);
            });
  }

  private void createCredential(String namespace) {
    plane.apply(namespace, Specs.withLogin("fleet"));
    await().atMost(NOTICED).until(() -> token(namespace).equals("token-1"));
  }

  private void touch(String namespace) {
    plane.kubectl("annotate", "secret", "fleet-token", "-n", namespace, "touched=now");
  }

  private String token(String namespace) {
    Secret target = plane.admin().secrets().inNamespace(namespace).withName("fleet-token").get();
    return target == null ? "" : Story.token(target);
  }

  @Test
  void servesTheOthersWhenARoleIsTakenAwayWhileItsNamespaceIsAdded() {
    String kept = plane.newNamespace();
    String late = plane.newNamespace();
    plane.kubectl("delete", "clusterrole,clusterrolebinding", "iris-credential-operator");
    allow(kept);
    try (FaultyApiServer api = FaultyApiServer.before(plane);
        RunningOperator operator = start(api.config(), Set.of(kept, late))) {
      createCredential(kept);
      // The probe may, and the informer that begins a moment later may not.
      api.denyPages("/namespaces/" + late + "/iriscredentials");
      allow(late);
      await().atMost(NOTICED).until(() -> api.denials() > 0);
      clock.move(Story.UNTIL_DUE);
      touch(kept);
      await().atMost(NOTICED).until(() -> token(kept).equals("token-2"));
      assertThat(operator.get("/livez")).startsWith("200");

      api.denyPages("none");
      plane.apply(late, Specs.withLogin("fleet"));
      await().atMost(NOTICED).until(() -> token(late).equals("token-3"));
    }
  }

  private void allow(String namespace) {
    String role = plane.kubectl("kustomize", "deploy/overlays/namespaced/watched").stdout();
    plane.apply(namespace, role);
  }

  // The operator knows a version that is newer than the backup.
  private void awaitACheck(long mark) {
    // After a watch came back, it is compared with one list or two, whose version is not kept.
    await().atMost(NOTICED).until(() -> plane.audit().listsOfCredentials(mark) >= 3);
  }

  private RunningOperator start(Set<String> namespaces) {
    return start(plane.operatorConfig(), namespaces);
  }

  private RunningOperator start(Config kubernetes, Set<String> namespaces) {
    return RunningOperator.start(
        kubernetes, namespaces, server.url(), Map.of(), clock, BETWEEN_LOOKS);
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
