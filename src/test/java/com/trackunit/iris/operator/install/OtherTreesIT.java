package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.Chart;
import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.Docs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The documented commands on kustomizations with another namespace, a prefix, a suffix, and on the
 * overlays: where others live in the namespace, nothing of theirs changes.
 */
class OtherTreesIT {
  private static final ControlPlane PLANE = ControlPlane.empty();
  private static final String NEIGHBOURS =
      "pod-security.kubernetes.io/enforce=baseline app.kubernetes.io/name=crm";

  @AfterAll
  static void close() {
    PLANE.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "the page's own  | platform    | iris-credential-operator      | -",
        "over deploy     | shared      | iris-credential-operator      | 'namespace: shared, resources: [../deploy]'",
        "a prefix        | acme        | acme-iris-credential-operator | 'namespace: acme, namePrefix: acme-, resources: [../deploy]'",
        "a suffix        | two         | iris-credential-operator-two  | 'namespace: two, nameSuffix: -two, resources: [../deploy/overlays/cluster-wide]'",
        "the components  | tools       | iris-credential-operator      | 'namespace: tools, resources: [../deploy], components: [../deploy/components/nudge, ../deploy/components/tenants]'",
        "a shard         | north       | iris-credential-operator-north | 'namespace: north, resources: [../deploy/overlays/shard]'",
        "some namespaces | iris-system | iris-credential-operator      | 'resources: [../deploy/overlays/namespaced]'"
      })
  void installsAndRemovesTheOperatorAlone(
      String tree, String namespace, String name, String kustomization) throws IOException {
    Path folder = tree(kustomization);
    if (PLANE.kubectl("get", "namespace", "integrations").exitCode() != 0) {
      type("kubectl create namespace integrations");
    }
    neighbour(namespace, type("kubectl kustomize " + folder).contains("\nkind: Namespace\n"));
    String before = namespace(namespace);

    type(in(folder, Docs.command("kubectl apply -k .")));
    assertThat(namespace(namespace)).as(tree).isEqualTo(before);
    String watched = tree.equals("some namespaces") ? "integrations" : "default";
    await().until(() -> may(namespace, name, "watch secrets -n " + watched));
    await().until(() -> may(namespace, name, "update leases.coordination.k8s.io -n " + namespace));
    String account = "-n " + namespace + " -o jsonpath='{.spec.template.spec.serviceAccountName}'";
    assertThat(type("kubectl get deployment " + name + " " + account)).isEqualTo(name);

    type(in(folder, Docs.command("kubectl delete -k deploy -l").replace("-k deploy", "-k .")));
    assertThat(namespace(namespace)).isEqualTo(before);
    assertThat(type("kubectl get deployment -n " + namespace + " -o name"))
        .isEqualTo("deployment.apps/crm\n");
    await().until(() -> !may(namespace, name, "watch secrets -n " + watched));
    assertThat(type("kubectl get crd -o name")).contains("iriscredentials");
  }

  @Test
  void keepsTheDefinitionUnderAnotherNameOfThePolicy() throws IOException {
    Path folder = tree("namespace: kept, namePrefix: my-, resources: [../deploy]");
    type(in(folder, Docs.command("kubectl apply -k .")));

    assertThat(
            type(
                "kubectl get validatingadmissionpolicybinding my-iris-credential-definition-stays"
                    + " -o jsonpath={.spec.policyName}"))
        .isEqualTo("my-iris-credential-definition-stays");
  }

  @Test
  void movesTheOperatorOfTheOverlayForSomeNamespaces() throws IOException {
    Path folder = tree("namePrefix: acme-, resources: [../deploy/overlays/namespaced]");
    Path operator = folder.resolveSibling("deploy/overlays/namespaced/operator/kustomization.yaml");
    Chart.change(operator, "\nresources:", "\nnamespace: elsewhere\nresources:");

    assertThat(type("kubectl kustomize " + folder))
        .contains("name: acme-iris-credential-operator\n  namespace: elsewhere\n")
        .doesNotContain("namespace: iris-system")
        .containsPattern(
            "name: acme-iris-credential-operator-watched\n  namespace: integrations\n");
  }

  /** A kustomization beside a copy of the clone. */
  private static Path tree(String kustomization) throws IOException {
    Path root = Chart.copy(Path.of("deploy"), Path.of("crds"));
    Path folder = Files.createDirectory(root.resolve("mine"));
    String text =
        kustomization.equals("-")
            ? Docs.steps("### Choose another namespace")
                .filter(block -> block.language().equals("yaml"))
                .findFirst()
                .orElseThrow()
                .text()
                .replace("iris-credential-operator/deploy", "../deploy")
            : "{" + kustomization + "}";
    Files.writeString(folder.resolve("kustomization.yaml"), text);
    return folder;
  }

  /**
   * Somebody's namespace and what runs there. Where the tree makes the namespace too, it was not
   * applied: of two that apply one object, each takes away what only the other one says.
   */
  private static void neighbour(String namespace, boolean made) {
    if (made) {
      type("kubectl create namespace " + namespace + " || true");
      type("kubectl label --overwrite namespace " + namespace + " " + NEIGHBOURS);
    } else {
      apply(
          "{apiVersion: v1, kind: Namespace, metadata: {name: %s, labels: {%s}}}"
              .formatted(namespace, NEIGHBOURS.replace("=", ": ").replace(" app", ", app")));
    }
    apply(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: crm, namespace: %s}
        spec:
          selector: {matchLabels: {app: crm}}
          template:
            metadata: {labels: {app: crm}}
            spec: {containers: [{name: crm, image: crm}]}
        """
            .formatted(namespace));
  }

  private static void apply(String manifest) {
    CommandResult applied = PLANE.kubectlWithInput(manifest, "apply", "--filename=-");
    assertThat(applied.exitCode()).as(applied.stderr()).isZero();
  }

  private static String namespace(String name) {
    return type(
        "kubectl get namespace "
            + name
            + " -o jsonpath='{.metadata.uid} {.metadata.labels} {.status.phase}'");
  }

  private static boolean may(String namespace, String account, String what) {
    String as = " --as=system:serviceaccount:" + namespace + ":" + account;
    return PLANE.shell("kubectl auth can-i " + what + as).exitCode() == 0;
  }

  private static String in(Path folder, String command) {
    return "cd " + folder.toAbsolutePath() + "\n" + command;
  }

  private static String type(String command) {
    CommandResult result = PLANE.shell(command);
    assertThat(result.exitCode()).as(command + "\n" + result.stderr()).isZero();
    return result.stdout();
  }
}
