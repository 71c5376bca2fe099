package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.OperatorProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The shipped jar, in real time, when its role lost the right to watch. */
class ShippedJarLivenessIT {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration TOLERATED = Duration.ofMinutes(3);
  private static final Duration NOTICED = Duration.ofMinutes(6);

  private final ControlPlane plane = ControlPlane.another();

  @AfterEach
  void end() {
    plane.close();
  }

  @Test
  void warnsAtOnceAndIsUnhealthyAfterThreeMinutesUntilTheRightIsBack() {
    try (OperatorProcess jar =
        OperatorProcess.start(Map.of("KUBECONFIG", plane.operatorKubeconfig().toString()))) {
      await().atMost(START).until(jar::isReady);
      Instant lost = Instant.now();
      verbsOfSecrets("get", "list", "create", "patch");
      plane.restartApiServer();

      await().atMost(NOTICED).until(() -> jar.get("/livez").startsWith("503"));
      assertThat(Instant.now()).isAfter(lost.plus(TOLERATED));
      assertThat(jar.get("/metrics")).contains("iris_operator_alive 0");
      assertThat(jar.printed()).containsPattern("WARN .*secrets");

      verbsOfSecrets("get", "list", "watch", "create", "patch");
      await().atMost(TOLERATED).until(() -> jar.get("/livez").startsWith("200"));
    }
  }

  private void verbsOfSecrets(String... verbs) {
    plane.editOperatorRole(
        rule -> {
          if (rule.getResources().contains("secrets")) {
            rule.setVerbs(List.of(verbs));
          }
        });
  }
}
