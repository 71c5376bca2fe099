package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.TokenStatus;
import com.trackunit.iris.operator.controller.StatusClient;
import com.trackunit.iris.operator.support.ApiCall;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How credentials come and go, with the garbage collector at work. */
class LifecycleStoriesIT {
  private static final Duration COLLECTION = Duration.ofSeconds(30);
  private static final String SECOND =
      "{credentialsSecretRef: {name: login}, targetSecret: {name: fleet-token}}";

  @RegisterExtension private final Story story = new Story();

  @Test
  void handsTheNameToTheSecondOnceTheFirstIsGone() {
    story.collectGarbage();
    story.issued();
    story.createCredential("second", SECOND);
    await().until(() -> story.condition("second", "Renewed").equals("False TargetSecretConflict"));

    story.credential(Story.FLEET).delete();

    await()
        .atMost(COLLECTION)
        .until(() -> story.condition("second", "Ready").equals("True TokenValid"));
    assertThat(story.token(Story.TARGET)).isEqualTo("token-2");
  }

  @Test
  void leavesNothingBehindAndTakesNothingElse() {
    story.collectGarbage();
    story.issued();
    story.createCredential("other", Story.SPEC);
    await().until(() -> story.condition("other", "Ready").equals("True TokenValid"));

    story.credential(Story.FLEET).delete();

    await().atMost(COLLECTION).until(() -> story.secret(Story.TARGET) == null);
    await()
        .during(Story.A_WHILE)
        .until(() -> story.secret("other-token") != null && story.secret(Story.LOGIN) != null);
    assertThat(story.secret(Story.TARGET)).isNull();
    assertThat(story.requests()).isEqualTo(2);
  }

  @Test
  void givesACredentialThatWasRecreatedASecretOfItsOwn() {
    story.collectGarbage();
    story.issued();
    story.credential(Story.FLEET).delete();

    story.createCredential();

    await().atMost(COLLECTION).until(() -> story.condition("Ready").equals("True TokenValid"));
    assertThat(story.token(Story.TARGET)).isEqualTo("token-2");
    assertThat(story.secret(Story.TARGET).getMetadata().getOwnerReferences().getFirst().getUid())
        .isEqualTo(story.credential(Story.FLEET).get().getMetadata().getUid());
    assertThat(story.requests()).isEqualTo(2);
    assertThat(story.events(Story.FLEET)).containsOnly("TokenIssued");
  }

  @Test
  void asksForNothingWhileItsSecretIsDeletedBeforeIt() {
    story.collectGarbage();
    story.issued();
    story.pass(Story.MINIMUM_INTERVAL);

    story.kubectl("delete", "iriscred", "fleet", "--cascade=foreground", "--timeout=30s");

    await().during(Story.A_WHILE).until(() -> story.secret(Story.TARGET) == null);
    assertThat(story.credential(Story.FLEET).get()).isNull();
    assertThat(story.requests()).isEqualTo(1);
  }

  @Test
  void refusesAStatusThatIsAboutAnEarlierCredential() {
    story.issued();
    String patch = StatusClient.patch("another", IrisCredentialStatus.NONE);

    assertThatThrownBy(
            () ->
                story
                    .credential(Story.FLEET)
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.JSON), patch))
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            refused -> assertThat(refused.getCode()).isEqualTo(422));
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
  }

  @Test
  void tellsNothingOfAnEarlierCredentialsRequest() {
    story.collectGarbage();
    Runnable release = story.requestIsHeld();
    long mark = story.mark();

    story.credential(Story.FLEET).delete();
    story.createCredential();
    release.run();

    await().until(() -> story.allCalls(mark).stream().anyMatch(this::isRefusedStatus));
    await().atMost(COLLECTION).until(() -> story.condition("Ready").equals("True TokenValid"));
    assertThat(isOwnedByTheCredential()).isTrue();
    assertThat(story.token(Story.TARGET)).isEqualTo("token-2");
    assertThat(story.requests()).isEqualTo(2);
  }

  @Test
  void waitsForTheRequestOfAnEarlierCredentialAndThenAsksOnce() {
    story.collectGarbage();
    Runnable release = story.requestIsHeld();
    long mark = story.mark();

    story.credential(Story.FLEET).delete();
    story.createCredential();

    await().during(Duration.ofSeconds(1)).until(() -> story.calls(mark).isEmpty());
    release.run();
    await().atMost(COLLECTION).until(() -> story.condition("Ready").equals("True TokenValid"));
    assertThat(story.token(Story.TARGET)).isEqualTo("token-2");
    assertThat(story.requests()).isEqualTo(2);
  }

  private boolean isRefusedStatus(ApiCall call) {
    return call.subresource().equals("status") && call.code() == 422;
  }

  private boolean isOwnedByTheCredential() {
    String owner =
        story.secret(Story.TARGET).getMetadata().getOwnerReferences().getFirst().getUid();
    return owner.equals(story.credential(Story.FLEET).get().getMetadata().getUid());
  }

  @Test
  void leavesNothingOfACredentialThatIsDeletedDuringItsRequest() {
    story.collectGarbage();
    Runnable release = story.requestIsHeld();

    story.credential(Story.FLEET).delete();
    release.run();

    await()
        .during(Story.A_WHILE)
        .atMost(COLLECTION)
        .until(() -> story.secret(Story.TARGET) == null);
    assertThat(story.requests()).isEqualTo(1);
  }

  @Test
  void measuresNothingOfADeletedCredential() {
    story.issued();
    await().until(() -> story.metrics().contains("name=\"fleet\""));

    story.credential(Story.FLEET).delete();

    await().atMost(Story.SOON).until(() -> !story.metrics().contains("name=\"fleet\""));
  }

  @Test
  void tellsAnewWhatWasTakenOutOfTheStatus() {
    story.issued();
    TokenStatus token = story.status(Story.FLEET).token();
    story.kubectl(
        "patch",
        "iriscred",
        "fleet",
        "--subresource=status",
        "--type=merge",
        "--patch={\"status\": {\"conditions\": null, \"token\": null}}");

    story.poke();

    await().atMost(Story.SOON).until(() -> story.condition("Ready").equals("True TokenValid"));
    assertThat(story.status(Story.FLEET).token()).isEqualTo(token);
    assertThat(story.requests()).isEqualTo(1);
  }

  @Test
  void watchesEveryNamespaceUnlessToldOtherwise() {
    story.labelledLogin();
    story.watch(Set.of());

    story.createCredential();

    story.awaitEvent("TokenIssued");
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
  }

  @Test
  void watchesANamespaceBesideOneThatDoesNotExistYet() {
    story.labelledLogin();
    story.watch(Set.of(story.namespace(), "not-there-yet"));

    story.createCredential();

    story.awaitEvent("TokenIssued");
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
  }

  @Test
  void leavesOtherNamespacesAlone() {
    story.labelledLogin();
    story.watch(Set.of("not-there-yet"));
    long mark = story.mark();

    story.createCredential();

    await().during(Story.A_WHILE).untilAsserted(() -> assertThat(story.calls(mark)).isEmpty());
    assertThat(story.requests()).isZero();
  }
}
