package com.trackunit.iris.operator.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControlPlaneIT {
  private final ControlPlane plane = ControlPlane.get();
  private final String namespace = plane.newNamespace();
  private final KubernetesClient operator =
      new KubernetesClientBuilder().withConfig(plane.operatorConfig()).build();

  @AfterEach
  void closeClient() {
    operator.close();
  }

  @Test
  void runsTheSupportedVersion() {
    var version = plane.admin().getKubernetesVersion();

    assertThat(version.getGitVersion()).startsWith("v" + ControlPlaneBinaries.VERSION);
  }

  @Test
  void tellsWhoAskedForWhatAndWhatWasAnswered() {
    long mark = plane.audit().mark();

    Secret secret = operator.resource(secret("told").build()).create();
    assertForbidden(() -> operator.resource(secret).delete());
    assertForbidden(() -> operator.resource(secret).update());
    assertForbidden(() -> operator.nodes().list());
    plane.admin().resource(secret).delete();

    assertThat(plane.audit().since(mark, ControlPlane.OPERATOR))
        .extracting(call -> "%s %s %d".formatted(call.verb(), object(call), call.code()))
        .containsExactly(
            "create " + namespace + "/secrets/told 201",
            "delete " + namespace + "/secrets/told 403",
            "update " + namespace + "/secrets/told 403",
            "list /nodes/ 403");
    assertThat(plane.audit().since(mark, ControlPlane.ADMIN))
        .extracting(ApiCall::verb, ApiCall::code)
        .containsExactly(tuple("delete", HttpURLConnection.HTTP_OK));
  }

  @Test
  void tellsOfAWatchWhenItBegins() {
    long mark = plane.audit().mark();

    try (var informer = operator.secrets().inNamespace(namespace).inform()) {
      await()
          .untilAsserted(
              () ->
                  assertThat(plane.audit().since(mark, ControlPlane.OPERATOR))
                      .extracting(ApiCall::verb)
                      .containsExactly("list", "watch"));
      assertThat(informer.isWatching()).isTrue();
    }
  }

  @Test
  void collectsWhatItsOwnerLeftBehind() {
    plane.startGarbageCollector();
    ConfigMap owner =
        plane
            .admin()
            .resource(
                new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName("owner")
                    .withNamespace(namespace)
                    .endMetadata()
                    .build())
            .create();
    Secret owned =
        plane
            .admin()
            .resource(
                secret("owned")
                    .editMetadata()
                    .addNewOwnerReference()
                    .withApiVersion("v1")
                    .withKind("ConfigMap")
                    .withName("owner")
                    .withUid(owner.getMetadata().getUid())
                    .endOwnerReference()
                    .endMetadata()
                    .build())
            .create();

    plane.admin().resource(owner).delete();

    await().atMost(Duration.ofSeconds(30)).until(() -> plane.admin().resource(owned).get() == null);
  }

  @Test
  void emptiesADeletedNamespace() {
    plane.startGarbageCollector();
    operator.resource(secret("left").build()).create();

    plane.admin().namespaces().withName(namespace).delete();

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> plane.admin().namespaces().withName(namespace).get() == null);
  }

  @Test
  void runsKubectl() {
    CommandResult made =
        plane.kubectlWithInput(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: piped}\n",
            "create",
            "--namespace=" + namespace,
            "--filename=-");
    CommandResult missing = plane.kubectl("get", "configmap", "none", "--namespace=" + namespace);

    assertThat(made).isEqualTo(new CommandResult(0, "configmap/piped created\n", ""));
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.stderr()).contains("NotFound");
  }

  @Test
  void connectsAnotherProcessAsTheOperator() {
    CommandResult who =
        plane.kubectl("--kubeconfig=" + plane.operatorKubeconfig(), "auth", "whoami");

    assertThat(who.stdout()).contains(ControlPlane.OPERATOR);
  }

  private SecretBuilder secret(String name) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata();
  }

  private static String object(ApiCall call) {
    return call.namespace() + "/" + call.resource() + "/" + call.name();
  }

  private static void assertForbidden(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            refusal -> assertThat(refusal.getCode()).isEqualTo(HttpURLConnection.HTTP_FORBIDDEN));
  }
}
