package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.Chart;
import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.HelmTools;
import com.trackunit.iris.operator.support.OperatorProcess;
import com.trackunit.iris.operator.support.Specs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * This version is rolled back to from a later one, whose definition has one more field and one more
 * value: the documented commands leave that definition, and no token is issued for half a spec.
 */
class RollBackIT {
  private static final String CRD = "iriscredentials.iris.trackunit.com";

  private final ControlPlane plane = ControlPlane.empty();
  private final FakeAuthorizationServer server = FakeAuthorizationServer.start();
  private final HelmTools tools = HelmTools.get();
  private final Path later = later();

  @AfterEach
  void close() {
    server.close();
    plane.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"kubectl", "helm3", "helm4"})
  void keepsTheLaterDefinitionAndIssuesNoTokenForASpecThatItCannotRead(String program) {
    installLater(program);
    assertThat(image()).endsWith(":0.2.0");
    createCredentials();

    rollBack(program);

    assertThat(image()).endsWith(":0.1.0");
    assertThat(kubectl("get", "crd/" + CRD, "-oyaml")).contains("zone:", "- Device");
    assertThat(plane.kubectl("delete", "crd", CRD, "--dry-run=server").stderr())
        .contains("The definition stays");
    assertThat(kubectl("get", "validatingadmissionpolicy", "-oname"))
        .contains("iris-credential-metadata");
    try (OperatorProcess operator = start()) {
      operator.awaitReady();
      await().until(() -> reason("plain", "Renewed"), "Succeeded"::equals);
      for (String name : List.of("field", "value")) {
        await().until(() -> reason(name, "Renewed"), "UnsupportedSpec"::equals);
        assertThat(reason(name, "Ready")).isEqualTo("NoToken");
      }
      assertThat(server.questions()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void leavesADefinitionThatIsNotToBeKeptAndTakesTheImageOfTheNextUpgrade(String helm) {
    installLater(helm, "--set", "crds.keep=false,log.level=debug");
    createCredentials();
    String before = kubectl("get", "crd/" + CRD, "-o=jsonpath={.metadata.uid}");

    rollBack(helm);
    assertThat(image()).endsWith(":0.1.0");
    helm(
        helm,
        ofLater(
            Docs.command(
                "helm upgrade iris-credential-operator deploy/helm/iris-credential-operator --namespace iris-system --reset-then-reuse-values")));

    assertThat(image()).endsWith(":0.2.0");
    assertThat(kubectl("get", "deployment", "-niris-system", "-oyaml"))
        .containsPattern("name: IRIS_LOG_LEVEL\\s+value: debug");
    assertThat(kubectl("get", "crd/" + CRD, "-o=jsonpath={.metadata.uid}")).isEqualTo(before);
    assertThat(kubectl("get", "iriscred", "-nintegrations", "-oname").lines()).hasSize(3);
  }

  private static Path later() {
    Path copy = Chart.copy(Path.of("deploy"), Path.of("crds"));
    Path chart = copy.resolve(Chart.FOLDER);
    for (Path definition :
        List.of(copy.resolve("crds/" + CRD + "-v1.yml"), chart.resolve("files/crd.yaml"))) {
      Chart.change(
          definition,
          "\n              scopes:\n",
          "\n              zone:\n                type: \"string\"\n              scopes:\n");
      Chart.change(definition, "- \"AppToken\"", "- \"AppToken\"\n                - \"Device\"");
    }
    Chart.change(copy.resolve("deploy/base/deployment.yaml"), ":0.1.0", ":0.2.0");
    Chart.change(chart.resolve("Chart.yaml"), "ersion: 0.1.0", "ersion: 0.2.0");
    Chart.change(chart.resolve("Chart.yaml"), "ersion: \"0.1.0\"", "ersion: \"0.2.0\"");
    return copy;
  }

  private void installLater(String program, String... values) {
    if (program.equals("kubectl")) {
      shell("cd %s && kubectl apply -k deploy".formatted(later.toAbsolutePath()));
      return;
    }
    String install = "helm install %s %s --namespace=iris-system --create-namespace %s";
    helm(
        program,
        install
            .formatted(Chart.RELEASE, later.resolve(Chart.FOLDER), String.join(" ", values))
            .strip());
  }

  /** What is typed beside a clone of the later version. */
  private String ofLater(String command) {
    return command.replace(Chart.FOLDER.toString(), later.resolve(Chart.FOLDER).toString());
  }

  private void rollBack(String program) {
    if (program.equals("kubectl")) {
      shell(Docs.command("kubectl set image -n iris-system"));
      return;
    }
    helm(
        program,
        ofLater(
            Docs.command(
                "helm upgrade iris-credential-operator deploy/helm/iris-credential-operator --namespace iris-system --reuse-values --set image")));
  }

  private void createCredentials() {
    kubectl("create", "namespace", "integrations");
    plane.apply(
        "integrations",
        Specs.withLogin("plain")
            + Specs.usingTheLogin("field", "zone: eu")
            + Specs.usingTheLogin("value", "grantType: Device", "scopes: [api]"));
  }

  private OperatorProcess start() {
    return OperatorProcess.start(
        plane.podVariables(Map.of("IRIS_TOKEN_URL", server.url().toString())));
  }

  private String reason(String name, String type) {
    return kubectl(
        "get",
        "iriscred/" + name,
        "-nintegrations",
        "-o=jsonpath={.status.conditions[?(@.type==\"%s\")].reason}".formatted(type));
  }

  private String image() {
    return kubectl(
        "get", "deployment", "-niris-system", "-o=jsonpath={.items[*].spec..containers[*].image}");
  }

  private void helm(String program, String command) {
    CommandResult result =
        tools.run(program, plane.adminKubeconfig(), command.replaceFirst("^helm ", "").split(" "));
    assertThat(result.exitCode()).as(command + "\n" + result.stderr()).isZero();
  }

  private void shell(String command) {
    CommandResult result = plane.shell(command);
    assertThat(result.exitCode()).as(command + "\n" + result.stderr()).isZero();
  }

  private String kubectl(String... arguments) {
    CommandResult result = plane.kubectl(arguments);
    assertThat(result.exitCode()).as(result.stderr()).isZero();
    return result.stdout();
  }
}
