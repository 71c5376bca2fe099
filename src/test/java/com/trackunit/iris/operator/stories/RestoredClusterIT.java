package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.OperatorProcess;
import com.trackunit.iris.operator.support.Specs;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped jar when etcd is restored from a backup, or the API server's authority changes. */
@Execution(ExecutionMode.CONCURRENT)
class RestoredClusterIT {
  private static final Duration NOTICED = Duration.ofMinutes(5);
  private static final int WRITES_AFTER_THE_BACKUP = 60;

  private final ControlPlane plane = ControlPlane.another();
  private final String namespace = plane.newNamespace();
  private final FakeAuthorizationServer server = FakeAuthorizationServer.start();

  @AfterEach
  void close() {
    server.close();
    plane.close();
  }

  @Test
  void endsWhenTimeWentBackAndStartsWithWhatIsThere() {
    try (OperatorProcess operator = started(Map.of())) {
      createCredential();
      plane.backUp();
      for (int write = 0; write < WRITES_AFTER_THE_BACKUP; write++) {
        plane.newNamespace();
      }
      awaitACheck(plane.audit().mark());

      plane.restore();

      assertThat(operator.isGoneWithin(NOTICED)).as(operator.get("/livez")).isTrue();
      assertThat(operator.exitCode()).isZero();
      assertThat(operator.printed()).contains("went back");
    }
    try (OperatorProcess _ = started(Map.of())) {
      await().until(this::isReady);
      assertThat(server.questions()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endsWhenAnotherAuthorityIsTrustedByItsFileAlready(boolean standby) {
    try (OperatorProcess first = started(standby ? leases("first") : Map.of());
        OperatorProcess second = standby ? started(leases("second")) : first) {
      createCredential();

      plane.rotateAuthority();

      assertThat(second.isGoneWithin(NOTICED)).as(second.get("/livez")).isTrue();
    }
    try (OperatorProcess _ = started(Map.of())) {
      await().until(this::isReady);
      assertThat(server.questions()).hasSize(1);
    }
  }

  // The operator knows a version that is newer than the backup.
  private void awaitACheck(long mark) {
    // After a watch came back, it is compared with one list or two, whose version is not kept.
    await().atMost(NOTICED).until(() -> plane.audit().listsOfCredentials(mark) >= 3);
  }

  private static Map<String, String> leases(String name) {
    return Map.of("IRIS_LEADER_ELECTION", "true", "POD_NAMESPACE", "iris-system", "POD_NAME", name);
  }

  private OperatorProcess started(Map<String, String> more) {
    Map<String, String> environment = plane.podVariables(more);
    environment.put("IRIS_TOKEN_URL", server.url().toString());
    environment.put("IRIS_NAMESPACES", namespace);
    return OperatorProcess.start(environment).awaitReady();
  }

  private void createCredential() {
    plane.apply(namespace, Specs.withLogin("fleet"));
    await().until(this::isReady);
  }

  private boolean isReady() {
    return plane
        .kubectl("get", "iriscred", "fleet", "-n", namespace, "--no-headers")
        .stdout()
        .contains("TokenValid");
  }
}
