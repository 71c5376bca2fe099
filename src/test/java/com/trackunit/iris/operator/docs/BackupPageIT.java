package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.MovableClock;
import com.trackunit.iris.operator.support.RunningOperator;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster is backed up as the page says, and another one takes over with the same token. */
class BackupPageIT {
  private static final String NAMESPACE = "integrations";

  private final List<String> steps =
      Docs.steps("## Back up and restore").map(Docs.Block::text).toList();
  private final MovableClock clock = new MovableClock();

  @Test
  void anotherClusterGoesOnWithTheTokenAndAsksForNone(@TempDir Path folder) {
    try (FakeAuthorizationServer server = FakeAuthorizationServer.start();
        ControlPlane first = withNamespace(ControlPlane.another());
        ControlPlane second = withNamespace(ControlPlane.empty())) {
      try (RunningOperator _ = RunningOperator.start(first, NAMESPACE, server.url(), clock)) {
        Docs.steps("## Use in a pod").limit(4).forEach(step -> follow(first, step));
      }

      type(first, folder, steps.getFirst());
      assertThat(withoutALabel(first, folder))
          .hasSameTextualContentAs(folder.resolve("logins.json"));
      type(first, Path.of("."), Docs.command("kubectl apply -k deploy"));
      type(first, Path.of("."), Docs.command("kubectl scale -n iris-system"));
      type(second, folder, steps.getLast().replace("-k crds", "-k " + absolute("crds")));

      type(second, Path.of("."), Docs.command("kubectl apply -k deploy"));
      try (RunningOperator _ = RunningOperator.start(second, NAMESPACE, server.url(), clock)) {
        await().until(() -> isReady(second));
        assertThat(token(second)).isNotEmpty().isEqualTo(token(first));
        assertThat(server.questions()).hasSize(1);
      }
    }
  }

  /** The same login, backed up by its name. */
  private Path withoutALabel(ControlPlane plane, Path folder) {
    String strip = steps.getFirst().lines().findFirst().orElseThrow();
    String backUp =
        Docs.command("kubectl get secrets -n NAMESPACE --field-selector")
            .replace("NAMESPACE", NAMESPACE)
            .replace("NAME", "fleet-api-user");
    type(plane, folder, strip + "\n" + backUp);
    return folder.resolve("login-%s-fleet-api-user.json".formatted(NAMESPACE));
  }

  private static Path absolute(String folder) {
    return Path.of(folder).toAbsolutePath();
  }

  private static ControlPlane withNamespace(ControlPlane plane) {
    type(plane, Path.of("."), "kubectl create namespace " + NAMESPACE);
    return plane;
  }

  private static void follow(ControlPlane plane, Docs.Block step) {
    String commands =
        step.language().equals("sh")
            ? step.text()
            : "kubectl apply -f - <<'YAML'\n" + step.text() + "YAML\n";
    CommandResult result = plane.shell(NAMESPACE, commands);
    assertThat(result.exitCode()).as(commands + "\n" + result.stderr()).isZero();
  }

  private static void type(ControlPlane plane, Path folder, String commands) {
    CommandResult result =
        plane.shell(
            Stream.of("set -e", "cd " + folder.toAbsolutePath(), commands)
                .reduce((a, b) -> a + "\n" + b)
                .orElseThrow());
    assertThat(result.exitCode()).as(commands + "\n" + result.stderr()).isZero();
  }

  private static boolean isReady(ControlPlane plane) {
    IrisCredential credential =
        plane
            .admin()
            .resources(IrisCredential.class)
            .inNamespace(NAMESPACE)
            .withName("fleet-sync")
            .get();
    return credential.getStatus() != null
        && credential
            .getStatus()
            .condition("Ready")
            .filter(ready -> ready.status().equals("True"))
            .isPresent();
  }

  private static String token(ControlPlane plane) {
    return plane
        .admin()
        .secrets()
        .inNamespace(NAMESPACE)
        .withName("fleet-sync-token")
        .get()
        .getData()
        .get("access_token");
  }
}
