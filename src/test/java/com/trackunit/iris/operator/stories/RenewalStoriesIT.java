package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RenewalStoriesIT {

  @RegisterExtension private final Story story = new Story();

  @Test
  void costsFourCallsARenewalAndNoneInBetween() {
    // Due after 15 to 20 seconds.
    story.server().grantFor(Duration.ofSeconds(30));
    story.issued();
    long mark = story.mark();

    await()
        .during(Duration.ofSeconds(10))
        .atMost(Duration.ofSeconds(11))
        .until(() -> story.calls(mark).isEmpty() && story.requests() == 1);
    await().until(() -> story.calls(mark).size() >= 3);

    await()
        .during(Story.A_WHILE)
        .untilAsserted(
            () ->
                assertThat(story.calls(mark))
                    .containsExactly(
                        "get secrets/login",
                        "patch secrets/fleet-token",
                        "patch iriscredentials/fleet/status"));
    assertThat(story.requests()).isEqualTo(2);
    assertThat(story.token(Story.TARGET)).isEqualTo("token-2");
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
    assertThat(story.events(Story.FLEET)).containsExactly("TokenIssued");
  }

  @Test
  void restartsWithoutARequestOrAWrite() {
    story.issued();
    story.stopOperator();
    long mark = story.mark();
    Secret secret = story.secret(Story.TARGET);
    IrisCredential credential = story.credential(Story.FLEET).get();

    story.restartOperator();

    await()
        .during(Story.A_WHILE)
        .untilAsserted(
            () ->
                assertThat(story.calls(mark))
                    .allMatch(call -> call.startsWith("list ") || call.startsWith("watch ")));
    assertThat(story.requests()).isEqualTo(1);
    assertThat(story.secret(Story.TARGET)).isEqualTo(secret);
    assertThat(story.credential(Story.FLEET).get().getMetadata().getResourceVersion())
        .isEqualTo(credential.getMetadata().getResourceVersion());
  }

  @Test
  void asksOnceForOtherScopes() {
    story.issued();
    story.pass(Story.MINIMUM_INTERVAL);

    story.changesScopesTo("api", "fleet");

    await().atMost(Story.SOON).until(() -> story.token(Story.TARGET).equals("token-2"));
    await().during(Story.A_WHILE).until(() -> story.requests() == 2);
    assertThat(story.server().questions().getLast().field("scope")).contains("api fleet");
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
  }

  @Test
  void keepsTheOldTokenWhileOtherScopesMustWaitForTheFloor() {
    story.issued();

    story.changesScopesTo("fleet");

    await().atMost(Story.SOON).until(() -> story.condition("Ready").equals("False TokenOutdated"));
    assertThat(story.requests()).isEqualTo(1);
    assertThat(story.token(Story.TARGET)).isEqualTo("token-1");
  }

  @Test
  void labelsAndAnnotatesTheSecretWithoutARequest() {
    story.issued();

    story.patchCredential(
        """
        {"spec": {"targetSecret": {"labels": {"team": "fleet", "tier": "gold"}, "annotations": {"note": "kept"}}}}""");

    await().atMost(Story.SOON).until(() -> "gold".equals(label("tier")));
    assertThat(label("team")).isEqualTo("fleet");
    assertThat(annotation("note")).isEqualTo("kept");
    assertThat(story.requests()).isEqualTo(1);
    assertThat(story.token(Story.TARGET)).isEqualTo("token-1");
  }

  @Test
  void takesAwayALabelThatTheSpecDropped() {
    story.labelledLogin();
    story.createCredential(
        Story.FLEET,
        "{credentialsSecretRef: {name: login}, targetSecret: {labels: {team: fleet, tier: gold}}}");
    story.awaitEvent("TokenIssued");

    story.patchCredential("{spec: {targetSecret: {labels: {tier: null}}}}");

    await().atMost(Story.SOON).until(() -> label("tier") == null);
    assertThat(label("team")).isEqualTo("fleet");
    assertThat(story.requests()).isEqualTo(1);
  }

  @Test
  void plansTheRenewalAnewForAnotherMarginWithoutARequest() {
    story.issued();
    Instant expiresAt = story.status(Story.FLEET).token().expiresAt();

    story.patchCredential("{spec: {renewBefore: '10m'}}");

    Instant renewAt = expiresAt.minus(Duration.ofMinutes(10));
    await()
        .atMost(Story.SOON)
        .until(() -> story.status(Story.FLEET).token().renewAt().equals(renewAt));
    assertThat(annotation("iris.trackunit.com/renew-at")).isEqualTo(renewAt.toString());
    assertThat(story.requests()).isEqualTo(1);
  }

  @Test
  void keepsWhatStrangersAddedThroughARenewal() {
    story.issued();
    story.patchSecret(
        Story.TARGET,
        """
        {"metadata": {"labels": {"their": "label"}, "annotations": {"their": "annotation"}}, "data": {"their": "a2V5"}}""");

    story.pass(Story.UNTIL_DUE);

    await().atMost(Story.SOON).until(() -> story.token(Story.TARGET).equals("token-2"));
    assertThat(label("their")).isEqualTo("label");
    assertThat(annotation("their")).isEqualTo("annotation");
    assertThat(story.secret(Story.TARGET).getData()).containsEntry("their", "a2V5");
  }

  @Test
  void asksOnceWhenTheClockWasSetBack() {
    story.issued();

    story.pass(Duration.ofMinutes(-30));

    await().atMost(Story.SOON).until(() -> story.token(Story.TARGET).equals("token-2"));
    story.pass(Story.MINIMUM_INTERVAL);
    await().during(Story.A_WHILE).until(() -> story.requests() == 2);
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
  }

  @Test
  void keepsTheEarlierEndOfATokenThatIsRepeated() {
    story
        .server()
        .answer(
            question ->
                Answer.json(
                    200,
                    """
                    {"token_type": "Bearer", "expires_in": 3600, "access_token": "same"}"""));
    story.issued();
    Instant expiresAt = story.status(Story.FLEET).token().expiresAt();

    story.pass(Story.UNTIL_DUE);

    await().atMost(Story.SOON).until(() -> story.requests() == 2);
    story.pass(Story.MINIMUM_INTERVAL);
    await().during(Story.A_WHILE).until(() -> story.requests() == 2);
    assertThat(story.status(Story.FLEET).token().expiresAt()).isEqualTo(expiresAt);
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
  }

  @Test
  void asksAtOnceWithScopesThatWereCorrected() {
    story.server().answer(question -> Answer.error(400, "invalid_scope"));
    story.labelledLogin();
    story.createCredential();
    story.awaitRenewed("False ScopeRejected");
    story.server().grantFor(Duration.ofHours(1));

    story.changesScopesTo("fleet");

    await().atMost(Story.SOON).until(() -> story.condition("Ready").equals("True TokenValid"));
    assertThat(story.requests()).isEqualTo(2);
  }

  @Test
  void actsOnASpecThatChangedDuringTheRequest() {
    Runnable release = story.requestIsHeld();

    story.patchCredential("{spec: {targetSecret: {labels: {tier: gold}}}}");
    release.run();

    await()
        .atMost(Story.SOON)
        .until(() -> Objects.equals(story.status(Story.FLEET).observedGeneration(), 2L));
    assertThat(label("tier")).isEqualTo("gold");
    assertThat(story.requests()).isEqualTo(1);
  }

  private @Nullable String label(String name) {
    return story.secret(Story.TARGET).getMetadata().getLabels().get(name);
  }

  private @Nullable String annotation(String name) {
    return story.secret(Story.TARGET).getMetadata().getAnnotations().get(name);
  }
}
