package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What happened while no operator ran, and what happens by time alone. */
class DowntimeStoriesIT {

  @RegisterExtension private final Story story = new Story();

  @Test
  void replacesASecretThatWasDeletedMeanwhile() {
    story.issued();
    story.pass(Story.MINIMUM_INTERVAL);
    story.stopOperator();
    story.deleteSecret(Story.TARGET);

    story.restartOperator();

    await().atMost(Story.SOON).until(() -> story.token(Story.TARGET).equals("token-2"));
    story.awaitEvent("TargetSecretRestored");
    assertThat(story.requests()).isEqualTo(2);
  }

  @Test
  void mendsASecretThatLostItsLabelsMeanwhile() {
    story.issued();
    story.stopOperator();
    story.patchSecret(Story.TARGET, "{metadata: {labels: null}}");

    story.restartOperator();

    await()
        .atMost(Story.SOON)
        .until(() -> story.secret(Story.TARGET).getMetadata().getLabels() != null);
    assertThat(story.token(Story.TARGET)).isEqualTo("token-1");
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
    assertThat(story.requests()).isEqualTo(1);
  }

  @Test
  void takesOverASpecThatWasChangedMeanwhile() {
    story.issued();
    story.stopOperator();
    story.patchCredential("{spec: {targetSecret: {labels: {tier: gold}}}}");

    story.restartOperator();

    await()
        .atMost(Story.SOON)
        .until(() -> story.secret(Story.TARGET).getMetadata().getLabels().containsKey("tier"));
    await().until(() -> story.status(Story.FLEET).observedGeneration() == 2);
    assertThat(story.requests()).isEqualTo(1);
  }

  @Test
  void replacesATokenThatExpiredMeanwhile() {
    story.issued();
    story.stopOperator();
    story.pass(Duration.ofHours(2));

    story.restartOperator();

    await().atMost(Story.SOON).until(() -> story.token(Story.TARGET).equals("token-2"));
    await().until(() -> story.condition("Ready").equals("True TokenValid"));
    assertThat(story.requests()).isEqualTo(2);
  }

  @Test
  void saysAtTheSecondOfExpiryThatTheTokenIsNotValid() {
    story.server().grantFor(Duration.ofSeconds(12));
    story.issued();
    story.server().answer(question -> Answer.json(503, ""));

    await("unready by time alone")
        .atMost(Duration.ofSeconds(17))
        .until(() -> story.condition("Ready").equals("False TokenExpired"));
    story.awaitEvent("TokenExpired");
    assertThat(story.token(Story.TARGET)).isEqualTo("token-1");
  }

  @Test
  void staysReadyWithARefusedLoginUntilTheTokenEnds() {
    story.issued();
    story.server().answer(question -> Answer.error(400, "invalid_grant"));

    story.pass(Story.UNTIL_DUE);

    story.awaitRenewed("False CredentialsRejected");
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
    assertThat(story.condition("Stalled")).isEmpty();
    story.pass(Duration.ofMinutes(5));
    await().during(Story.A_WHILE).until(() -> story.requests() == 2);
    assertThat(story.token(Story.TARGET)).isEqualTo("token-1");
  }

  @Test
  void asksNothingForAStormOfEvents() {
    story.issued();
    long mark = story.mark();

    for (int event = 0; event < 30; event++) {
      story.poke();
    }

    await().during(Story.A_WHILE).untilAsserted(() -> assertThat(story.calls(mark)).isEmpty());
    assertThat(story.requests()).isEqualTo(1);
  }

  @Test
  void endsQuietlyWithItsNamespace() {
    story.collectGarbage();
    story.issued();

    story.admin().namespaces().withName(story.namespace()).delete();

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> story.admin().namespaces().withName(story.namespace()).get() == null);
    assertThat(story.requests()).isEqualTo(1);
    assertThat(story.livez()).startsWith("200");
  }
}
