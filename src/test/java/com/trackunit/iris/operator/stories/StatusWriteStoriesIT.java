package com.trackunit.iris.operator.stories;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.Condition;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import com.trackunit.iris.operator.support.Webhook;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A status that is overtaken while it is written, and one that nobody lets the operator write. */
class StatusWriteStoriesIT {
  private static final String STATUS_PATCH = "patch iriscredentials/fleet/status";

  @RegisterExtension private final Story story = new Story();
  private final AtomicInteger probes = new AtomicInteger();

  @BeforeEach
  void makeWitness() {
    story.apply(
        """
        apiVersion: iris.trackunit.com/v1
        kind: IrisCredential
        metadata: {name: witness, labels: {iris.trackunit.com/shard: another}}
        spec: {credentialsSecretRef: {name: login}}
        """);
  }

  @AfterEach
  void end() {
    story.kubectl(
        "delete",
        "validatingwebhookconfiguration,validatingadmissionpolicy,validatingadmissionpolicybinding",
        story.namespace(),
        "--ignore-not-found");
  }

  @Test
  void looksAgainAtOnceWhenTheSpecChangedWhileItsStatusWasWritten() {
    AtomicBoolean armed = new AtomicBoolean();
    AtomicBoolean asked = new AtomicBoolean();
    Runnable overtaking =
        () -> {
          asked.set(true);
          if (armed.getAndSet(false)) {
            story.patchCredential("{spec: {targetSecret: {labels: {team: late}}}}");
          }
        };
    try (Webhook webhook = Webhook.allowingAfter(overtaking)) {
      story.issued();
      // The floor would be a wake-up of its own.
      story.moveClock(Story.MINIMUM_INTERVAL);
      askBeforeEachStatus(webhook);
      await().until(() -> writesAStatus() && asked.get());
      armed.set(true);

      // What is the default anyway changes the status alone: a Secret's event would be one more
      // look.
      story.changesScopesTo("api");

      await()
          .atMost(Story.SOON)
          .until(() -> story.status(Story.FLEET).observedGeneration(), Long.valueOf(3)::equals);
      assertThat(story.secret(Story.TARGET).getMetadata().getLabels())
          .containsEntry("team", "late");
      assertThat(story.requests()).isEqualTo(1);
    }
  }

  @Test
  void triesARefusedLoginOnlyOnceTheTryIsWrittenDown() {
    story.server().answer(question -> Answer.error(400, "invalid_grant"));
    story.labelledLogin();
    story.createCredential();
    story.awaitRenewed("False CredentialsRejected");
    denyStatuses();
    long mark = story.mark();

    story.pass(Duration.ofMinutes(11));

    // The try is to be written down, and then what came of it.
    awaitStatusPatches(mark, 2);
    assertThat(story.requests()).isEqualTo(1);
    allowStatuses();
    story.pass(Duration.ofSeconds(61));
    await().until(() -> story.requests() == 2);
    assertThat(story.status(Story.FLEET).failures().rejections().count()).isEqualTo(2);
  }

  @Test
  void tellsOnceOfATokenWhoseStatusCouldNotBeWritten() {
    denyStatuses();
    long mark = story.mark();
    story.labelledLogin();
    story.createCredential();
    await().until(() -> story.token(Story.TARGET).equals("token-1"));
    awaitStatusPatches(mark, 1);
    assertThat(story.status(Story.FLEET).conditions()).as("as the schema made it").isNull();
    Instant issued = story.now();
    allowStatuses();

    story.pass(Duration.ofSeconds(61));

    await().until(() -> story.condition("Ready").equals("True TokenValid"));
    assertThat(story.status(Story.FLEET).condition("Ready").map(Condition::lastTransitionTime))
        .hasValueSatisfying(since -> assertThat(since).isBeforeOrEqualTo(issued));
    assertThat(story.requests()).isEqualTo(1);
    assertThat(story.events(Story.FLEET)).containsExactly("TokenIssued");
  }

  @Test
  void waitsAfterAFailureThatCouldNotBeWrittenDown() {
    story.server().answer(question -> Answer.error(400, "invalid_scope"));
    denyStatuses();
    long first = story.mark();
    story.labelledLogin();
    story.createCredential();
    awaitStatusPatches(first, 1);
    long second = story.mark();

    story.pass(Duration.ofMinutes(1));

    awaitStatusPatches(second, 1);
    assertThat(story.requests()).isEqualTo(1);
  }

  private void awaitStatusPatches(long mark, int count) {
    await().until(() -> story.calls(mark).stream().filter(STATUS_PATCH::equals).count() >= count);
  }

  private void denyStatuses() {
    create(
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicy
        metadata: {name: NAMESPACE}
        spec:
          matchConstraints:
            namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAMESPACE}}
            resourceRules:
              - apiGroups: [iris.trackunit.com]
                apiVersions: [v1]
                operations: [UPDATE]
                resources: [iriscredentials/status]
          validations: [{expression: "false"}]
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicyBinding
        metadata: {name: NAMESPACE}
        spec: {policyName: NAMESPACE, validationActions: [Deny]}
        """);
    await().until(() -> !writesAStatus());
  }

  private void allowStatuses() {
    story.kubectl("delete", "validatingadmissionpolicybinding", story.namespace());
    await().until(this::writesAStatus);
  }

  private void askBeforeEachStatus(Webhook webhook) {
    create(
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata: {name: NAMESPACE}
        webhooks:
          - name: status.iris.test
            admissionReviewVersions: [v1]
            sideEffects: None
            namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAMESPACE}}
            rules:
              - apiGroups: [iris.trackunit.com]
                apiVersions: [v1]
                operations: [UPDATE]
                resources: [iriscredentials/status]
            clientConfig: %s
        """
            .formatted(webhook.clientConfig()));
  }

  private void create(String yaml) {
    byte[] named = yaml.replace("NAMESPACE", story.namespace()).getBytes(UTF_8);
    story.admin().load(new ByteArrayInputStream(named)).create();
  }

  // Of a credential that is another operator's, and nothing is stored.
  private boolean writesAStatus() {
    String patch = "{\"status\":{\"observedGeneration\":%d}}".formatted(probes.incrementAndGet());
    return story
            .kubectl(
                "patch",
                "iriscred",
                "witness",
                "--subresource=status",
                "--type=merge",
                "--dry-run=server",
                "--patch=" + patch)
            .exitCode()
        == 0;
  }
}
