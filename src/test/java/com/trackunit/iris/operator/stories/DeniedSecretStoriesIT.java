package com.trackunit.iris.operator.stories;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.Webhook;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An admission webhook denies the target Secret, with whatever status it likes. */
class DeniedSecretStoriesIT {
  private static final String DENIAL = "\" denied the request";

  @RegisterExtension private final Story story = new Story();

  @AfterEach
  void end() {
    story.kubectl(
        "delete", "validatingwebhookconfiguration", story.namespace(), "--ignore-not-found");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 409, 422, 500})
  void isADenialWhateverItsStatus(int code) {
    try (Webhook webhook = Webhook.denying(code)) {
      deny(webhook);
      story.labelledLogin();

      story.createCredential();

      story.awaitRenewed("False KubernetesWriteFailed");
      assertThat(story.message("Renewed"))
          .contains("answered HTTP " + code)
          .contains("Check the operator's role, the namespace's quota and its admission policies.")
          .doesNotContain("policy-text");
      Duration wait =
          Duration.between(story.now(), story.status(Story.FLEET).failures().nextAttemptTime());
      assertThat(wait).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(61));
      await().during(Story.A_WHILE).until(() -> story.requests() == 1);
    }
  }

  private void deny(Webhook webhook) {
    String yaml =
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
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
    await().until(() -> wouldBeDenied());
  }

  private boolean wouldBeDenied() {
    return story
        .kubectl("create", "--dry-run=server", "--filename=src/test/resources/altered-secret.yaml")
        .stderr()
        .contains(DENIAL);
  }
}
