package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.OperatorProcess;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The shipped jar under a CRD of a later version, which lets in what this version cannot read: that
 * credential says so, and no other one notices.
 */
class LaterVersionIT {

  /** Specs that a later CRD may let in. */
  private static final List<String> LATER =
      List.of(
          "{credentialsSecretRef: {name: login}, grantType: TokenExchange}",
          "{credentialsSecretRef: {name: login}, scopes: api}",
          "{credentialsSecretRef: {name: login}, renewBefore: 600}",
          "{credentialsSecretRef: {name: login}, targetSecret: [a]}",
          "{credentialsSecretRef: {name: login}, zone: eu}",
          "{credentialsSecretRef: login}",
          "{credentialsSecretRef: {name: ''}}",
          "{credentialsSecretRef: {name: login}, targetSecret: {name: ''}}",
          "{}");

  private final ControlPlane plane = ControlPlane.another();
  private final FakeAuthorizationServer server = FakeAuthorizationServer.start();
  private final String namespace = plane.newNamespace();

  @AfterEach
  void close() {
    server.close();
    plane.close();
  }

  @Test
  void aCredentialOfALaterVersionSaysSoAndNoOtherNotices() {
    letAnythingIn();
    apply("fleet", "{credentialsSecretRef: {name: login}}");
    try (OperatorProcess operator = OperatorProcess.start(environment())) {
      awaitCondition("fleet", "Ready", "True TokenValid");

      for (int i = 0; i < LATER.size(); i++) {
        apply("later-" + i, LATER.get(i));
      }

      for (int i = 0; i < LATER.size(); i++) {
        awaitCondition("later-" + i, "Renewed", "False UnsupportedSpec");
        awaitCondition("later-" + i, "Stalled", "True UnsupportedSpec");
      }
      assertThat(server.questions()).hasSize(1);
      requestRenewal("one");
      await().until(() -> server.questions().size() == 2);
      assertThat(operator.get("/livez")).startsWith("200 ");
    }
  }

  @Test
  void aStartFindsThemAndServesTheOthersWhateverTheirStatusHolds() {
    letAnythingIn();
    apply("fleet", "{credentialsSecretRef: {name: login}}");
    apply("later", LATER.getFirst());
    setStatus("fleet", "{failures: [a], token: {expiresAt: soon}, conditions: {a: 1}}");

    try (OperatorProcess operator = OperatorProcess.start(environment())) {
      awaitCondition("fleet", "Ready", "True TokenValid");
      awaitCondition("later", "Renewed", "False UnsupportedSpec");
      assertThat(operator.get("/readyz")).startsWith("200 ");
    }
  }

  @Test
  void managedFieldsOfAnyNameAndDepthEndNeitherAWatchNorAStart() {
    letAnythingIn();
    apply("fleet", "{credentialsSecretRef: {name: login}}");
    try (OperatorProcess operator = OperatorProcess.start(environment())) {
      awaitCondition("fleet", "Ready", "True TokenValid");

      create("long", "{\"f:%s\": {}}".formatted("x".repeat(60_000)));
      create("deep", "{\"f:a\":".repeat(1500) + "{}" + "}".repeat(1500));

      CommandResult served =
          plane.shell(
              "kubectl wait iriscred long deep --for=condition=Ready --timeout=20s --namespace="
                  + namespace);
      assertThat(served.exitCode()).as(served.stderr()).isZero();
      assertThat(operator.get("/livez")).startsWith("200 ");
    }
    try (OperatorProcess operator = OperatorProcess.start(environment())) {
      operator.awaitReady();
    }
  }

  private void create(String name, String fields) {
    CommandResult created =
        plane.kubectlWithInput(
            """
            {"apiVersion": "iris.trackunit.com/v1", "kind": "IrisCredential",
             "metadata": {"name": "%s", "managedFields": [{"manager": "m", "operation": "Update",
               "apiVersion": "iris.trackunit.com/v1", "time": "2026-11-29T00:00:00Z",
               "fieldsType": "FieldsV1", "fieldsV1": %s}]},
             "spec": {"credentialsSecretRef": {"name": "login"}}}
            """
                .formatted(name, fields),
            "create",
            "--validate=false",
            "--namespace=" + namespace,
            "--filename=-");
    assertThat(created.exitCode()).as(created.stderr()).isZero();
  }

  @Test
  void keepsTheTokenAndGoesOnOnceTheSpecCanBeReadAgain() {
    letAnythingIn();
    apply("fleet", "{credentialsSecretRef: {name: login}}");
    try (OperatorProcess operator = OperatorProcess.start(environment())) {
      awaitCondition("fleet", "Ready", "True TokenValid");
      String before = secret();

      apply("fleet", LATER.getFirst());

      awaitCondition("fleet", "Renewed", "False UnsupportedSpec");
      awaitCondition("fleet", "Ready", "True TokenValid");
      assertThat(secret()).isEqualTo(before);

      apply("fleet", "{credentialsSecretRef: {name: login}}");

      awaitCondition("fleet", "Renewed", "True Succeeded");
      assertThat(secret()).isEqualTo(before);
      assertThat(server.questions()).hasSize(1);
      assertThat(operator.get("/livez")).startsWith("200 ");
    }
  }

  private void letAnythingIn() {
    plane
        .admin()
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("iriscredentials.iris.trackunit.com")
        .edit(
            crd -> {
              var schema = crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
              schema.setXKubernetesValidations(List.of());
              for (String part : List.of("spec", "status")) {
                var any = new io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps();
                any.setXKubernetesPreserveUnknownFields(true);
                schema.getProperties().put(part, any);
              }
              return crd;
            });
    plane.apply(
        namespace,
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: login}
        stringData: {username: someone, password: secret, client_id: app, client_secret: hush}
        """);
  }

  private void apply(String name, String spec) {
    String yaml =
        """
        apiVersion: iris.trackunit.com/v1
        kind: IrisCredential
        metadata: {name: %s}
        spec: %s
        """
            .formatted(name, spec);
    // The API server takes a moment to use the changed schema.
    await()
        .until(
            () ->
                plane
                        .kubectlWithInput(
                            yaml, "apply", "--validate=false", "-n", namespace, "-f", "-")
                        .exitCode()
                    == 0);
  }

  private void setStatus(String name, String status) {
    await()
        .until(
            () ->
                plane
                    .kubectl(
                        "patch",
                        "iriscred",
                        name,
                        "-n",
                        namespace,
                        "--subresource=status",
                        "--type=merge",
                        "--patch",
                        "status: " + status)
                    .stderr(),
            String::isEmpty);
  }

  private void requestRenewal(String value) {
    plane
        .admin()
        .resources(IrisCredential.class)
        .inNamespace(namespace)
        .withName("fleet")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"annotations\":{\"iris.trackunit.com/renew-requested-at\":\"%s\"}}}"
                .formatted(value));
  }

  private void awaitCondition(String name, String type, String expected) {
    await(name + " " + type).until(() -> condition(name, type), expected::equals);
  }

  @SuppressWarnings("unchecked") // Read as anybody reads it, not by our own records.
  private String condition(String name, String type) {
    GenericKubernetesResource resource =
        plane
            .admin()
            .genericKubernetesResources("iris.trackunit.com/v1", "IrisCredential")
            .inNamespace(namespace)
            .withName(name)
            .get();
    return resource.get("status", "conditions") instanceof List<?> conditions
        ? ((List<Map<String, String>>) conditions)
            .stream()
                .filter(condition -> type.equals(condition.get("type")))
                .map(condition -> condition.get("status") + " " + condition.get("reason"))
                .findFirst()
                .orElse("")
        : "";
  }

  private String secret() {
    return plane
        .admin()
        .secrets()
        .inNamespace(namespace)
        .withName("fleet-token")
        .get()
        .getData()
        .toString();
  }

  private Map<String, String> environment() {
    return plane.podVariables(
        Map.of("IRIS_TOKEN_URL", server.url().toString(), "IRIS_NAMESPACES", namespace));
  }
}
