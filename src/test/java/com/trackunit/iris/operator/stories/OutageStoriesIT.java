package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OutageStoriesIT {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Answer UNAVAILABLE = Answer.json(503, "");
  private static final Answer LIMITED = new Answer(429, Map.of("Retry-After", "3600"), "");

  @RegisterExtension private final Story story = new Story();

  @Test
  void keepsTheTokenWhenTheServerIsDown() {
    story.issued();
    story.server().answer(question -> UNAVAILABLE);

    story.pass(Story.UNTIL_DUE);

    story.awaitRenewed("False EndpointUnavailable");
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
    assertThat(story.condition("Stalled")).isEmpty();
    assertThat(story.message("Renewed")).contains("503").contains("Next try at ");
    assertThat(story.status(Story.FLEET).failures().count()).isPositive();
    assertThat(story.token(Story.TARGET)).isEqualTo("token-1");
    story.awaitEvent("RenewalFailed");
  }

  @Test
  void keepsTheTokenWhenNobodyListens() {
    story.issued();
    story.server().goDown();

    story.pass(Story.UNTIL_DUE);

    story.awaitRenewed("False EndpointUnavailable");
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
    assertThat(story.token(Story.TARGET)).isEqualTo("token-1");
  }

  @Test
  void recoversByItselfWhenTheServerIsBack() {
    story.issued();
    story.server().answer(question -> UNAVAILABLE);
    story.pass(Story.UNTIL_DUE);
    story.awaitRenewed("False EndpointUnavailable");

    story.server().grantFor(HOUR);

    story.awaitRenewed("True Succeeded");
    assertThat(story.token(Story.TARGET)).isEqualTo("token-2");
    assertThat(story.status(Story.FLEET).failures()).isNull();
    story.awaitEvent("RenewalRecovered");
    assertThat(story.events(Story.FLEET))
        .containsExactlyInAnyOrder("TokenIssued", "RenewalFailed", "RenewalRecovered");
  }

  @Test
  void leavesAnExpiredTokenWhereItIs() {
    story.issued();
    story.server().answer(question -> UNAVAILABLE);
    Secret issued = story.secret(Story.TARGET);

    story.pass(HOUR);

    await().until(() -> story.condition("Ready").equals("False TokenExpired"));
    assertThat(story.condition("Renewed")).isEqualTo("False EndpointUnavailable");
    assertThat(story.condition("Stalled")).isEmpty();
    assertThat(story.secret(Story.TARGET).getData()).isEqualTo(issued.getData());
    assertThat(story.status(Story.FLEET).token().expiresAt())
        .isEqualTo(issued.getMetadata().getAnnotations().get("iris.trackunit.com/expires-at"));
    await()
        .untilAsserted(
            () ->
                assertThat(story.events(Story.FLEET))
                    .containsExactlyInAnyOrder("TokenIssued", "TokenExpired", "RenewalFailed"));
  }

  @Test
  void mendsTheSecretDuringAnOutage() {
    story.issued();
    story.server().answer(question -> LIMITED);
    story.pass(Story.UNTIL_DUE);
    story.awaitRenewed("False RateLimited");

    story.patchSecret(
        Story.TARGET,
        "{metadata: {labels: {app.kubernetes.io/managed-by: null}}, data: {scope: null}}");

    await()
        .atMost(Story.SOON)
        .until(() -> story.secret(Story.TARGET).getData().containsKey("scope"));
    assertThat(story.secret(Story.TARGET).getMetadata().getLabels())
        .containsKey("app.kubernetes.io/managed-by");
    assertThat(story.requests()).isEqualTo(2);
    await().during(Story.A_WHILE).until(() -> story.condition("Ready").equals("True TokenValid"));
    assertThat(story.condition("Renewed")).isEqualTo("False RateLimited");
  }

  @Test
  void waitsAsLongAsTheServerAsks() {
    story.server().answer(question -> LIMITED);
    story.labelledLogin();
    story.createCredential();
    story.awaitRenewed("False RateLimited");

    story.pass(HOUR.minusSeconds(30));
    story.restartOperator();
    story.poke();

    await().during(Story.A_WHILE).until(() -> story.requests() == 1);
    assertThat(story.message("Renewed")).contains("Next try at ");
  }

  @Test
  void asksAgainWhenTheServersTimeIsOver() {
    story.server().answer(question -> LIMITED);
    story.labelledLogin();
    story.createCredential();
    story.awaitRenewed("False RateLimited");
    story.server().grantFor(HOUR);

    // The operator adds up to a fifth, so that not all come back at once.
    story.pass(HOUR.plusMinutes(13));

    await().atMost(Story.SOON).until(() -> story.token(Story.TARGET).equals("token-1"));
    assertThat(story.requests()).isEqualTo(2);
  }
}
