package com.trackunit.iris.operator.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    assertThat(version.getMajor() + "." + version.getMinor()).isEqualTo("1.34");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "iris.trackunit.com, iriscredentials, -,      list watch,                   get create update patch delete deletecollection",
        "iris.trackunit.com, iriscredentials, status, patch,                        get update",
        "'',                 secrets,         -,      get list watch create patch,  update delete deletecollection",
        "events.k8s.io,      events,          -,      create,                       get list watch update patch delete",
        "'',                 events,          -,      -,                            create patch",
        "'',                 pods,            -,      -,                            get list watch create patch delete",
        "'',                 nodes,           -,      -,                            get list",
        "'',                 namespaces,      -,      -,                            get list watch",
        "rbac.authorization.k8s.io, clusterroles, -,  -,                            get create update bind escalate"
      })
  void givesTheOperatorTheShippedRightsAndNoOthers(
      String group,
      String resource,
      @Nullable String subresource,
      @Nullable String allowed,
      String forbidden) {
    assertThat(words(allowed)).allMatch(verb -> mayDo(verb, group, resource, subresource));
    assertThat(words(forbidden)).noneMatch(verb -> mayDo(verb, group, resource, subresource));
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
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: piped}}",
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

  private boolean mayDo(String verb, String group, String resource, @Nullable String subresource) {
    var review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withVerb(verb)
            .withGroup(group)
            .withResource(resource)
            .withSubresource(subresource)
            .withNamespace(namespace)
            .endResourceAttributes()
            .endSpec()
            .build();
    return operator.resource(review).create().getStatus().getAllowed();
  }

  private static List<String> words(@Nullable String text) {
    return text == null ? List.of() : List.of(text.split(" "));
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
