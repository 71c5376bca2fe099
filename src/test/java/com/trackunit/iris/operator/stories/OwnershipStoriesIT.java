package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnershipStoriesIT {
  private static final String NOBODYS =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: fleet-token}
      stringData: {their: value}
      """;
  private static final String LABELLED_AS_OURS =
      """
      apiVersion: v1
      kind: Secret
      metadata:
        name: fleet-token
        labels: {app.kubernetes.io/managed-by: iris-credential-operator, app.kubernetes.io/name: iris-token}
      """;
  private static final String SECOND =
      "{credentialsSecretRef: {name: login}, targetSecret: {name: fleet-token}}";

  @RegisterExtension private final Story story = new Story();

  @Test
  void aTokenThatWasWrittenLateIsRenewedWhenItIsDue() {
    story.labelledLogin();
    HasMetadata quota = quotaWithoutRoom();
    await().until(() -> !maySecretsBeMade());
    story.createCredential();
    story.awaitRenewed("False KubernetesWriteFailed");
    story.admin().resource(quota).delete();
    await().until(this::maySecretsBeMade);

    story.pass(Duration.ofMinutes(57));

    await().atMost(Duration.ofSeconds(20)).until(() -> story.requests() == 2);
  }

  @Test
  void anImmutableTargetCostsNoRequest() {
    story.issued();
    story.patchSecret(Story.TARGET, "{immutable: true}");

    story.pass(Story.UNTIL_DUE);

    story.awaitRenewed("False KubernetesWriteFailed");
    assertThat(story.requests()).isEqualTo(1);
  }

  @Test
  void showsAForgedOwnerInOneShortLine() {
    story.labelledLogin();
    String forged =
        """
        apiVersion: v1
        kind: Secret
        metadata:
          name: fleet-token
          ownerReferences:
            - {apiVersion: v1, kind: "Config\\r\\nMap", name: "\\x1b[31m%s", uid: u, controller: true}
        """;
    story.apply(forged.formatted("web".repeat(200_000)));

    story.createCredential();

    story.awaitRenewed("False TargetSecretConflict");
    assertThat(story.message("Renewed"))
        .startsWith(
            "Secret %s/fleet-token belongs to Config??Map ?[31mwebweb".formatted(story.namespace()))
        .hasSizeLessThanOrEqualTo(1024);
    await().until(() -> story.events(Story.FLEET).equals(List.of("TargetSecretConflict")));
  }

  @ParameterizedTest
  @ValueSource(strings = {NOBODYS, LABELLED_AS_OURS})
  void leavesASecretOfNobodyAlone(String foreign) {
    story.labelledLogin();
    HasMetadata secret = story.apply(foreign);

    story.createCredential();

    assertConflict("Secret %s/fleet-token belongs to no IrisCredential.");
    assertThat(story.secret(Story.TARGET)).isEqualTo(secret);
    assertThat(story.requests()).isEqualTo(foreign.equals(LABELLED_AS_OURS) ? 0 : 1);
    assertThat(story.events(Story.FLEET)).containsExactly("TargetSecretConflict");
    assertNoOtherRequest();
  }

  // Without our labels it is not in the cache: the write of the first token finds it, once.
  private void assertNoOtherRequest() {
    int requests = story.requests();
    for (int look = 0; look < 4; look++) {
      story.pass(Duration.ofMinutes(2));
    }
    await().during(Story.A_WHILE).until(() -> story.requests() == requests);
  }

  @Test
  void leavesASecretOfAnotherOwnerAlone() {
    story.labelledLogin();
    Secret secret = secretOfAConfigMap();

    story.createCredential();

    assertConflict("Secret %s/fleet-token belongs to ConfigMap web.");
    assertThat(story.secret(Story.TARGET)).isEqualTo(secret);
    assertNoOtherRequest();
    assertThat(story.requests()).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {NOBODYS, LABELLED_AS_OURS})
  void takesTheNameOnceItIsFree(String foreign) {
    story.labelledLogin();
    story.apply(foreign);
    story.createCredential();
    story.awaitRenewed("False TargetSecretConflict");

    story.deleteSecret(Story.TARGET);

    // Looks go on after 1 s, 2 s, 4 s, 8 s.
    await().atMost(Story.SOON).until(() -> story.token(Story.TARGET).equals("token-1"));
    await().until(() -> story.condition("Ready").equals("True TokenValid"));
    assertThat(story.condition("Stalled")).isEmpty();
    story.awaitEvent("TokenIssued");
  }

  @Test
  void refusesASecondCredentialTheSecretOfTheFirst() {
    story.issued();
    Secret secret = story.secret(Story.TARGET);

    story.createCredential("second", SECOND);

    await().until(() -> story.condition("second", "Renewed").equals("False TargetSecretConflict"));
    assertThat(story.condition("second", "Ready")).isEqualTo("False TargetSecretConflict");
    assertThat(story.condition("second", "Stalled")).isEqualTo("True TargetSecretConflict");
    assertThat(story.secret(Story.TARGET)).isEqualTo(secret);
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
    assertThat(story.requests()).isEqualTo(1);
  }

  @Test
  void writesTheSameTokenOnceTheQuotaAllowsIt() {
    story.labelledLogin();
    HasMetadata quota = quotaWithoutRoom();
    await().until(() -> !maySecretsBeMade());
    story.createCredential();
    story.awaitRenewed("False KubernetesWriteFailed");
    story.admin().resource(quota).delete();
    await().until(this::maySecretsBeMade);

    story.pass(Duration.ofSeconds(61));

    await().atMost(Story.SOON).until(() -> story.token(Story.TARGET).equals("token-1"));
    await().until(() -> story.condition("Renewed").equals("True Succeeded"));
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
    assertThat(story.requests()).isEqualTo(1);
  }

  @Test
  void saysThatTheQuotaForbidsTheSecret() {
    story.labelledLogin();
    quotaWithoutRoom();
    await().until(() -> !maySecretsBeMade());

    story.createCredential();

    story.awaitRenewed("False KubernetesWriteFailed");
    assertThat(story.message("Renewed"))
        .contains("write Secret " + story.namespace() + "/fleet-token", "HTTP 403", "quota");
    assertThat(story.condition("Ready")).isEqualTo("False NoToken");
    await().during(Story.A_WHILE).until(() -> story.requests() == 1);
  }

  private void assertConflict(String sentence) {
    await()
        .untilAsserted(
            () ->
                assertThat(story.message("Renewed"))
                    .startsWith(sentence.formatted(story.namespace())));
    assertThat(story.condition("Ready")).isEqualTo("False TargetSecretConflict");
    assertThat(story.condition("Renewed")).isEqualTo("False TargetSecretConflict");
    assertThat(story.condition("Stalled")).isEqualTo("True TargetSecretConflict");
    await().during(Story.A_WHILE).until(() -> !story.condition("Stalled").isEmpty());
  }

  private Secret secretOfAConfigMap() {
    HasMetadata owner =
        story.apply(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: web}
            """);
    return (Secret)
        story.apply(
            """
            apiVersion: v1
            kind: Secret
            metadata:
              name: fleet-token
              ownerReferences:
                - {apiVersion: v1, kind: ConfigMap, name: web, uid: %s, controller: true}
            """
                .formatted(owner.getMetadata().getUid()));
  }

  // No controller counts here, so the quota says itself that it is used up.
  private HasMetadata quotaWithoutRoom() {
    ResourceQuota quota =
        (ResourceQuota)
            story.apply(
                """
                apiVersion: v1
                kind: ResourceQuota
                metadata: {name: full}
                spec: {hard: {count/secrets: "1"}}
                """);
    Map<String, Quantity> one = Map.of("count/secrets", new Quantity("1"));
    return story
        .admin()
        .resource(quota)
        .editStatus(
            full -> full.edit().withNewStatus().withHard(one).withUsed(one).endStatus().build());
  }

  private boolean maySecretsBeMade() {
    return story.kubectl("create", "secret", "generic", "probe", "--dry-run=server").exitCode()
        == 0;
  }
}
