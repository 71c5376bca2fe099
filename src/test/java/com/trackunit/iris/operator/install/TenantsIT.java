package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.Docs;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the author of a credential is refused: in its metadata by a policy of every installation, in
 * its {@code spec} by the component for tenants.
 */
class TenantsIT {
  private static final ControlPlane PLANE = ControlPlane.another();
  private static final String LOGIN = "credentialsSecretRef: {name: fleet-login}";

  @BeforeAll
  static void install() {
    type("kubectl create namespace integrations");
    type("kubectl create namespace unlabelled");
    // There before the policies are.
    assertThat(apply("integrations", "earlier", "credentialsSecretRef: {name: other}").exitCode())
        .isZero();
    type("kubectl delete -f deploy/base/credential-metadata.yaml");
    await()
        .until(
            () -> create("earlier-heavy", "finalizers: [" + repeated("a.b/f%d", 9) + "]"),
            created -> created.exitCode() == 0);
    type("kubectl apply -f deploy/base/credential-metadata.yaml");
    type(
        "kubectl create clusterrole author --resource=iriscredentials.iris.trackunit.com"
            + " --verb=get,create,patch,delete");
    type("kubectl create clusterrolebinding author --clusterrole=author --user=author");
    type(Docs.command("kubectl apply -k deploy/components/tenants"));
    type(Docs.command("kubectl label namespace integrations"));
    // The API server needs a moment to know a policy.
    await()
        .until(
            () -> tried("credentialsSecretRef: {name: other}").stderr(),
            refused -> refused.contains("begin with fleet-"));
    await()
        .until(
            () -> tried(target("labels: {a: b}")).stderr(),
            refused -> refused.contains("no label"));
    await()
        .until(
            () -> withTooManyFinalizers().stderr(),
            refused -> refused.contains("finalizers may hold"));
  }

  @AfterAll
  static void remove() {
    type(Docs.command("kubectl delete -k deploy/components/tenants"));
    PLANE.close();
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        argumentSet(
            "Argo CD would take it for a cluster",
            target("labels: {argocd.argoproj.io/secret-type: cluster}"),
            "no label or annotation argocd.argoproj.io/secret-type. They may begin with app.kubernetes.io/component,"),
        argumentSet(
            "a replicator would carry it away",
            target("annotations: {replicator.v1.mittwald.de/replicate-to: '.*'}"),
            "no label or annotation replicator.v1.mittwald.de/replicate-to."),
        argumentSet(
            "one of several is not allowed",
            target(
                "labels: {app.kubernetes.io/part-of: fleet, owner: helm}, annotations: {a/b: c}"),
            "no label or annotation owner, a/b."),
        argumentSet(
            "Helm would take it for a release",
            target("name: sh.helm.release.v1.crm.v1"),
            "spec.targetSecret.name must end in -token."),
        argumentSet(
            "the login of somebody else",
            "credentialsSecretRef: {name: crm}",
            "spec.credentialsSecretRef.name must be fleet, or begin with fleet-."),
        argumentSet(
            "a login whose name goes on",
            "credentialsSecretRef: {name: fleetwood-login}",
            "spec.credentialsSecretRef.name must be fleet, or begin with fleet-."),
        argumentSet(
            "Argo CD would take it for a part of an application",
            target("labels: {app.kubernetes.io/instance: shop}"),
            "no label or annotation app.kubernetes.io/instance."));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refuses(String spec, String sentence) {
    CommandResult refused = tried(spec);

    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.stderr()).contains("(Forbidden)", sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        LOGIN,
        LOGIN + ", targetSecret: {}",
        "credentialsSecretRef: {name: fleet}",
        LOGIN + ", targetSecret: {name: fleet-token}",
        LOGIN
            + ", targetSecret: {labels: {app.kubernetes.io/part-of: a}, annotations: {app.kubernetes.io/version: c}}"
      })
  void takesTheRest(String spec) {
    CommandResult taken = tried(spec);

    assertThat(taken.exitCode()).as(taken.stderr()).isZero();
  }

  @Test
  void refusesEveryCredentialInANamespaceThatIsForNone() {
    CommandResult refused = apply("unlabelled", "fleet", LOGIN, "--as=author", "--dry-run=server");

    assertThat(refused.stderr()).contains("This namespace is for no credentials");
  }

  @Test
  void letsAnEarlierCredentialBeAnnotatedAndNotChanged() {
    CommandResult annotated =
        PLANE.shell(
            "kubectl annotate iriscred earlier -nintegrations --as=author"
                + " iris.trackunit.com/renew-requested-at=now");
    CommandResult changed =
        PLANE.shell(
            "kubectl patch iriscred earlier -nintegrations --as=author --type=merge"
                + " -p '{\"spec\": {\"scopes\": [\"api\", \"more\"]}}'");

    assertThat(annotated.exitCode()).as(annotated.stderr()).isZero();
    assertThat(changed.stderr()).contains("begin with fleet-");
  }

  @Test
  void refusesMoreCredentialsThanTheQuotaAllows() {
    PLANE.startQuotas();
    type("kubectl create namespace many");
    type("kubectl label namespace many iris.trackunit.com/logins=fleet");
    type(
        Docs.command("kubectl apply -n integrations -k deploy/components/tenants/quota")
            .replace("integrations", "many"));
    await()
        .until(
            () ->
                PLANE
                    .shell("kubectl get resourcequota -n many -o jsonpath='{.items[0].status}'")
                    .stdout(),
            status -> status.contains("\"20\""));

    for (int number = 1; number <= 20; number++) {
      CommandResult created = apply("many", "fleet-" + number, LOGIN, "--as=author");
      assertThat(created.exitCode()).as(created.stderr()).isZero();
    }

    assertThat(apply("many", "fleet-21", LOGIN, "--as=author").stderr())
        .contains("exceeded quota: iris-credentials");

    type(Docs.command("kubectl patch quota iris-credentials").replace("integrations", "many"));
    await().until(() -> apply("many", "fleet-21", LOGIN, "--as=author").exitCode() == 0);
  }

  static Stream<Arguments> heavy() {
    return Stream.of(
        argumentSet("owners", owners(9), "metadata.ownerReferences may hold 8 entries."),
        argumentSet(
            "an owner with a long name",
            "ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: o, uid: %s}]"
                .formatted("u".repeat(60_000)),
            "metadata.ownerReferences may hold 8192 characters in all."),
        argumentSet("7000 owners", owners(7000), "metadata.ownerReferences may hold 8 entries."),
        argumentSet(
            "finalizers",
            "finalizers: [" + repeated("a.b/f%d", 9) + "]",
            "metadata.finalizers may hold 8 entries."),
        argumentSet(
            "one annotation",
            "annotations: {a: %s}".formatted("ж".repeat(16_384)),
            "metadata.labels and metadata.annotations may hold 16384 characters in all."),
        argumentSet(
            "200 labels and 200 annotations",
            "labels: {%1$s}, annotations: {%1$s}"
                .formatted(repeated("l%1$03d: " + "x".repeat(40), 200)),
            "metadata.labels and metadata.annotations may hold 16384 characters in all."),
        argumentSet(
            "20 000 labels", "labels: {%s}".formatted(repeated("l%d: ''", 20_000)), "metadata."));
  }

  @ParameterizedTest
  @MethodSource("heavy")
  void refusesHeavyMetadata(String metadata, String sentence) {
    CommandResult refused = create("heavy", metadata);

    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.stderr()).contains("iris-credential-metadata", sentence);
  }

  @Test
  void takesMetadataUpToTheLimits() {
    CommandResult created =
        create(
            "at-the-limits",
            owners(8)
                + ", finalizers: [%s], annotations: {a: %s}"
                    .formatted(repeated("a.b/f%d", 8), "x".repeat(16_383)));

    assertThat(created.exitCode()).as(created.stderr()).isZero();
    assertThat(
            PLANE
                .shell(
                    "kubectl patch iriscred at-the-limits -nintegrations --type=merge"
                        + " -p '{\"metadata\": {\"labels\": {\"a\": \"b\"}}}'")
                .stderr())
        .contains("may hold 16384 characters");
  }

  @Test
  void takesTheCopyOfAManifestThatKubectlKeeps() {
    String data =
        IntStream.range(0, 8)
            .mapToObj(key -> "k%d: '%s{{access_token}}'".formatted(key, "x".repeat(4000)))
            .collect(Collectors.joining(", "));

    CommandResult applied =
        apply("integrations", "large", target("data: {" + data + "}"), "--as=author");

    assertThat(applied.exitCode()).as(applied.stderr()).isZero();
  }

  @Test
  void letsGoOfWhatWasHeavyBefore() {
    CommandResult shrunk =
        PLANE.shell(
            "kubectl patch iriscred earlier-heavy -nintegrations --type=json"
                + " -p '[{\"op\": \"add\", \"path\": \"/metadata/labels\", \"value\": {\"a\": \"b\"}}]'");
    CommandResult deleted =
        PLANE.shell("kubectl delete iriscred earlier-heavy -nintegrations --wait=false");
    CommandResult freed =
        PLANE.shell(
            "kubectl patch iriscred earlier-heavy -nintegrations --type=merge"
                + " -p '{\"metadata\": {\"finalizers\": null}}'");

    assertThat(shrunk.exitCode()).as(shrunk.stderr()).isZero();
    assertThat(deleted.exitCode()).as(deleted.stderr()).isZero();
    assertThat(freed.exitCode()).as(freed.stderr()).isZero();
  }

  private static CommandResult withTooManyFinalizers() {
    return create("probe", "finalizers: [" + repeated("a.b/f%d", 9) + "]", "--dry-run=server");
  }

  private static String owners(int number) {
    return "ownerReferences: [%s]"
        .formatted(repeated("{apiVersion: v1, kind: ConfigMap, name: o, uid: uid-%d}", number));
  }

  private static String repeated(String entry, int times) {
    return IntStream.range(0, times).mapToObj(entry::formatted).collect(Collectors.joining(", "));
  }

  private static CommandResult create(String name, String metadata, String... options) {
    return PLANE.kubectlWithInput(
        """
        apiVersion: iris.trackunit.com/v1
        kind: IrisCredential
        metadata: {name: %s, %s}
        spec: {credentialsSecretRef: {name: fleet-login}}
        """
            .formatted(name, metadata),
        Stream.concat(
                Stream.of("create", "--namespace=integrations", "--filename=-"), Stream.of(options))
            .toArray(String[]::new));
  }

  private static String target(String fields) {
    return LOGIN + ", targetSecret: {" + fields + "}";
  }

  private static CommandResult tried(String spec) {
    return apply("integrations", "fleet", spec, "--as=author", "--dry-run=server");
  }

  private static CommandResult apply(
      String namespace, String name, String spec, String... options) {
    return PLANE.kubectlWithInput(
        """
        apiVersion: iris.trackunit.com/v1
        kind: IrisCredential
        metadata: {name: %s}
        spec: {%s}
        """
            .formatted(name, spec),
        Stream.concat(
                Stream.of("apply", "--namespace=" + namespace, "--filename=-"), Stream.of(options))
            .toArray(String[]::new));
  }

  private static void type(String command) {
    CommandResult result = PLANE.shell(command);
    assertThat(result.exitCode()).as(command + "\n" + result.stderr()).isZero();
  }
}
