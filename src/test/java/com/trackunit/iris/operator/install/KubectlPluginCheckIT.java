package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What {@code kubectl iris check} and {@code version} tell, in a cluster without other operators.
 */
class KubectlPluginCheckIT {
  private static final Path FOLDER = Path.of("deploy/kubectl").toAbsolutePath();

  /** What {@code MicroTime} takes: six digits, also where the last three of them are zero. */
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSX").withZone(ZoneOffset.UTC);

  private final ControlPlane plane = ControlPlane.another();
  private final String namespace = plane.newNamespace();

  @AfterEach
  void close() {
    plane.close();
  }

  @Test
  void checksWhoServes() {
    String apart = plane.newNamespace();
    deployment(apart, "one", "iris:0.1.0", "", 1);
    lease(apart, "iris-credential-operator", Duration.ZERO);

    assertThat(checked())
        .contains(
            "ok    Deployment %s/one of image iris:0.1.0: 1 of 1 replicas are ready."
                .formatted(apart))
        .contains("ok    Pod leader leads.")
        .contains(
            "ok    Namespace %s is watched, for credentials with no shard label."
                .formatted(namespace))
        .contains("ok    No two operators serve the same credentials.")
        .noneMatch(line -> line.startsWith("FAIL"));
    assertThat(iris("version").stdout())
        .contains("operator 0.1.0 (Deployment %s/one)".formatted(apart));

    deployment(apart, "two", "registry:5000/iris@sha256:abc", namespace + ",other", 0);
    lease(apart, "iris-credential-operator", Duration.ofMinutes(5));
    assertThat(checked())
        .anyMatch(
            line -> line.matches("FAIL  Deployment .*/two of image .*: 0 of 1 replicas are ready."))
        .anyMatch(
            line ->
                line.matches(
                    "FAIL  Lease .* was last renewed 30\\d seconds ago: no replica leads."))
        .contains(
            "FAIL  Two operators serve the same credentials and ask for each token twice: %1$s/one and %1$s/two."
                .formatted(apart));

    plane.kubectl("delete", "deployment", "one", "-n", apart);
    plane.kubectl("set", "env", "deployment/two", "IRIS_NAMESPACES=other", "-n", apart);
    assertThat(checked())
        .contains(
            "FAIL  No operator watches namespace %s: see IRIS_NAMESPACES.".formatted(namespace));
    plane.kubectl("delete", "deployment,lease", "--all", "-n", apart);
    assertThat(iris("check -n " + namespace).exitCode()).isEqualTo(1);
  }

  @Test
  void saysWhichRightsAreMissing() {
    List<String> told =
        iris("check -n " + namespace + " --as=system:serviceaccount:default:nobody")
            .stdout()
            .lines()
            .toList();

    assertThat(told)
        .anyMatch(line -> line.startsWith("FAIL  You may not see credentials (status, logins)"))
        .anyMatch(line -> line.startsWith("FAIL  You may not change credentials (renew, suspend)"))
        .contains("?     You may not list deployments, so it is not known which operator runs.")
        .contains("?     The credentials cannot be listed.");
  }

  private List<String> checked() {
    return iris("check -n " + namespace).stdout().lines().toList();
  }

  private void deployment(String in, String name, String image, String watched, int ready) {
    assertThat(
            plane
                .kubectlWithInput(
                    """
                    apiVersion: apps/v1
                    kind: Deployment
                    metadata: {name: %1$s, labels: {app.kubernetes.io/name: iris-credential-operator}}
                    spec:
                      selector: {matchLabels: {app: %1$s}}
                      template:
                        metadata: {labels: {app: %1$s}}
                        spec:
                          containers:
                            - name: operator
                              image: %2$s
                              env: [{name: IRIS_NAMESPACES, value: "%3$s"}]
                    """
                        .formatted(name, image, watched),
                    "create",
                    "-n",
                    in,
                    "-f",
                    "-")
                .stderr())
        .isEmpty();
    plane.kubectl(
        "patch",
        "deployment",
        name,
        "-n",
        in,
        "--subresource=status",
        "--type=merge",
        "-p",
        "{\"status\": {\"replicas\": 1, \"readyReplicas\": %d}}".formatted(ready));
  }

  private void lease(String in, String name, Duration age) {
    plane.apply(
        in,
        """
        apiVersion: coordination.k8s.io/v1
        kind: Lease
        metadata: {name: %s}
        spec: {holderIdentity: leader, renewTime: "%s"}
        """
            .formatted(name, MICRO_TIME.format(Instant.now().minus(age))));
  }

  private CommandResult iris(String arguments) {
    return plane.shell(FOLDER, "kubectl iris " + arguments);
  }
}
