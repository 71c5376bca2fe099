package com.trackunit.iris.operator.stories;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.Webhook;
import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A target Secret that an admission webhook changes on its way to the store. */
class AlteredSecretStoriesIT {

  @RegisterExtension private final Story story = new Story();
  private final Webhook webhook =
      Webhook.changing(
          """
          [{"op": "replace", "path": "/data/access_token", "value": "Y2hhbmdlZA=="}]""");

  @AfterEach
  void end() {
    leaveSecretsAlone();
    webhook.close();
  }

  @Test
  void aChangedTokenIsToldAndNotAskedForAgainAndAgain() {
    alterSecrets();
    story.labelledLogin();
    story.createCredential();
    story.awaitRenewed("False KubernetesWriteFailed");
    assertThat(story.message("Renewed"))
        .startsWith("Secret " + story.namespace() + "/fleet-token does not hold what");

    for (int look = 0; look < 4; look++) {
      story.pass(Story.MINIMUM_INTERVAL);
    }
    await().during(Story.A_WHILE).until(() -> story.requests() == 1);

    leaveSecretsAlone();
    story.pass(Story.MINIMUM_INTERVAL.multipliedBy(2));
    await().until(() -> story.condition("Ready").equals("True TokenValid"));
    assertThat(story.requests()).isEqualTo(2);
  }

  private void alterSecrets() {
    String yaml =
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingWebhookConfiguration
        metadata: {name: NAMESPACE}
        webhooks:
          - name: secrets.iris.test
            admissionReviewVersions: [v1]
            sideEffects: None
            namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAMESPACE}}
            objectSelector: {matchLabels: {app.kubernetes.io/name: iris-token}}
            rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [secrets]}]
            clientConfig: %s
        """
            .formatted(webhook.clientConfig());
    byte[] named = yaml.replace("NAMESPACE", story.namespace()).getBytes(UTF_8);
    story.admin().load(new ByteArrayInputStream(named)).create();
    // It takes the API server a moment to know of it.
    await().until(this::isAltered);
  }

  private boolean isAltered() {
    return story
        .kubectl(
            "create",
            "--dry-run=server",
            "--output=jsonpath={.data.access_token}",
            "--filename=src/test/resources/altered-secret.yaml")
        .stdout()
        .contains("Y2hhbmdlZA==");
  }

  private void leaveSecretsAlone() {
    story.kubectl(
        "delete", "mutatingwebhookconfiguration", story.namespace(), "--ignore-not-found");
    await().until(() -> !isAltered());
  }
}
