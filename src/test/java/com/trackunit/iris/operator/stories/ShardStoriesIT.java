package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.MovableClock;
import com.trackunit.iris.operator.support.RunningOperator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two operators that share the credentials of a namespace: one of no shard, one of the north. */
class ShardStoriesIT {
  private static final String TO_THE_NORTH =
      "{metadata: {labels: {iris.trackunit.com/shard: north}}}";

  private final MovableClock clock = new MovableClock();

  @Test
  void eachServesItsOwnAndLeavesTheOthersAlone() {
    try (Story story = new Story()) {
      story.labelledLogin();
      story.apply(
          """
          apiVersion: iris.trackunit.com/v1
          kind: IrisCredential
          metadata: {name: harbour, labels: {iris.trackunit.com/shard: north}}
          spec: {credentialsSecretRef: {name: login}}
          """);
      story.createCredential();
      story.awaitEvent("TokenIssued");
      await().during(Story.A_WHILE).until(() -> story.events("harbour").isEmpty());

      story.stopOperator();
      story.createCredential("yard", Story.SPEC);
      try (RunningOperator north = north(story)) {
        await().until(() -> story.events("harbour").contains("TokenIssued"));
        await().during(Story.A_WHILE).until(() -> story.events("yard").isEmpty());
        assertThat(story.requests()).isEqualTo(2);
        assertThat(north.get("/metrics"))
            .contains("name=\"harbour\"")
            .doesNotContain("name=\"yard\"", "name=\"fleet\"");
      }
    }
  }

  @Test
  void handsACredentialOverWithItsToken() {
    try (Story story = new Story();
        RunningOperator north = north(story)) {
      story.issued();
      String token = story.token(Story.TARGET);

      story.patchCredential(TO_THE_NORTH);

      await().until(() -> north.get("/metrics").contains("name=\"fleet\""));
      await().until(() -> !story.metrics().contains("name=\"fleet\""));
      await().during(Story.A_WHILE).until(() -> story.requests() == 1);
      assertThat(story.token(Story.TARGET)).isEqualTo(token);
      assertThat(story.condition("Ready")).isEqualTo("True TokenValid");

      story.moveClock(Duration.ofMinutes(1));
      clock.move(Duration.ofMinutes(1));
      story.deleteSecret(Story.TARGET);
      story.awaitEvent("TargetSecretRestored");
      clock.move(Duration.ofMinutes(1));
      story.moveClock(Duration.ofMinutes(1));
      story.changesPasswordTo("another");
      await().until(() -> story.token(Story.TARGET).equals("token-3"));
      await().during(Story.A_WHILE).until(() -> story.requests() == 3);
    }
  }

  @Test
  void countsTheCredentialsWhoseShardHasNoOperator() {
    try (Story story = new Story()) {
      story.stopOperator();
      mayElect(story);
      story.labelledLogin();
      for (String label :
          List.of(
              "name: none",
              "name: a, labels: {iris.trackunit.com/shard: nrth}",
              "name: b, labels: {iris.trackunit.com/shard: nrth}",
              "name: c, labels: {iris.trackunit.com/shard: north}",
              "name: d, labels: {iris.trackunit.com/shard: ''}")) {
        story.apply(
            """
            apiVersion: iris.trackunit.com/v1
            kind: IrisCredential
            metadata: {%s}
            spec: {credentialsSecretRef: {name: login}}
            """
                .formatted(label));
      }
      try (RunningOperator _ = elected(story, "north");
          RunningOperator first = elected(story, "")) {
        await()
            .until(
                () ->
                    first
                        .get("/metrics")
                        .lines()
                        .filter(line -> line.startsWith("iris_credentials_unserved{"))
                        .toList(),
                List.of(
                        "iris_credentials_unserved{shard=\"\"} 1.0",
                        "iris_credentials_unserved{shard=\"nrth\"} 2.0")
                    ::equals);
        assertThat(typed(Docs.command("kubectl get iriscred -A -L"))).contains("nrth");
        assertThat(
                typed(Docs.command("kubectl get leases").replace("iris-system", story.namespace())))
            .contains("iris-credential-operator-north")
            .doesNotContain("nrth");
      }
    }
  }

  private static String typed(String command) {
    return ControlPlane.get().shell(command).stdout();
  }

  private static void mayElect(Story story) {
    story.apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: leases}
        rules: [{apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get, create, update]}]
        """);
    story.apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: leases}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: leases}
        subjects: [{kind: ServiceAccount, name: iris-credential-operator, namespace: iris-system}]
        """);
  }

  private RunningOperator elected(Story story, String shard) {
    return RunningOperator.start(
        ControlPlane.get(),
        Set.of(story.namespace()),
        story.server().url(),
        Map.of(
            "IRIS_SHARD",
            shard,
            "IRIS_LEADER_ELECTION",
            "true",
            "POD_NAMESPACE",
            story.namespace()),
        clock);
  }

  private RunningOperator north(Story story) {
    return RunningOperator.start(
        ControlPlane.get(),
        Set.of(story.namespace()),
        story.server().url(),
        Map.of("IRIS_SHARD", "north"),
        clock);
  }
}
