package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.renewal.Fingerprint;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A person asks for another token now. */
class RenewRequestStoriesIT {

  @RegisterExtension private final Story story = new Story();

  @Test
  void renewsOnceForEachNewValue() {
    story.issued();
    story.moveClock(Story.MINIMUM_INTERVAL);

    story.requestRenewal("now");

    await().atMost(Story.SOON).until(() -> story.token(Story.TARGET).equals("token-2"));
    await().until(() -> "now".equals(handled()));
    story.restartOperator();
    story.requestRenewal("now");
    await().during(Story.A_WHILE).until(() -> story.requests() == 2);
    story.moveClock(Story.MINIMUM_INTERVAL);
    story.requestRenewal("again");
    await().atMost(Story.SOON).until(() -> "again".equals(handled()));
    assertThat(story.token(Story.TARGET)).isEqualTo("token-3");
    assertThat(story.events(Story.FLEET)).containsExactly("TokenIssued");
  }

  @Test
  void waitsForTheFloor() {
    story.issued();

    story.requestRenewal("now");
    story.requestRenewal("no, now");

    await().during(Story.A_WHILE).until(() -> story.requests() == 1);
    assertThat(handled()).isNull();
    await().until(() -> story.token(Story.TARGET).equals("token-2"));
    await().until(() -> "no, now".equals(handled()));
    assertThat(story.requests()).isEqualTo(2);
  }

  @Test
  void isAnsweredByTheFirstToken() {
    story.labelledLogin();
    story.apply(
        """
        apiVersion: iris.trackunit.com/v1
        kind: IrisCredential
        metadata: {name: fleet, annotations: {iris.trackunit.com/renew-requested-at: now}}
        spec: {credentialsSecretRef: {name: login}}
        """);

    await().atMost(Story.SOON).until(() -> "now".equals(handled()));
    story.pass(Story.MINIMUM_INTERVAL);
    await().during(Story.A_WHILE).until(() -> story.requests() == 1);
  }

  @Test
  void isActedOnAfterADowntime() {
    story.issued();
    story.stopOperator();
    story.moveClock(Story.MINIMUM_INTERVAL);
    story.requestRenewal("now");

    story.restartOperator();

    await().atMost(Story.SOON).until(() -> "now".equals(handled()));
    assertThat(story.token(Story.TARGET)).isEqualTo("token-2");
    assertThat(story.requests()).isEqualTo(2);
  }

  @Test
  void isAcknowledgedWhateverComesOfItAndMadeUntilItSucceeds() {
    story.issued();
    story.moveClock(Story.MINIMUM_INTERVAL);
    story.server().answer(question -> Answer.json(503, ""));

    story.requestRenewal("now");

    story.awaitRenewed("False EndpointUnavailable");
    assertThat(handled()).isEqualTo("now");
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
    story.server().grantFor(Duration.ofHours(1));
    await().until(() -> story.condition("Renewed").equals("True Succeeded"));
    assertThat(story.token(Story.TARGET)).isEqualTo("token-2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"invalid_scope", "invalid_request"})
  void cutsAWaitOfTheOperatorsOwnShort(String error) {
    story.issued();
    story.server().answer(question -> Answer.error(400, error));
    story.pass(Story.UNTIL_DUE);
    await().until(() -> story.condition("Renewed").startsWith("False "));
    story.server().grantFor(Duration.ofHours(1));
    story.moveClock(Story.MINIMUM_INTERVAL);

    story.requestRenewal("now");

    await().atMost(Story.SOON).until(() -> story.token(Story.TARGET).equals("token-2"));
    assertThat(story.requests()).isEqualTo(3);
  }

  @Test
  void neverCutsTheWaitOfARefusedLoginShort() {
    story.issued();
    story.server().answer(question -> Answer.error(400, "invalid_grant"));
    story.pass(Story.UNTIL_DUE);
    story.awaitRenewed("False CredentialsRejected");
    story.moveClock(Story.MINIMUM_INTERVAL);

    story.requestRenewal("now");

    await().during(Story.A_WHILE).until(() -> story.requests() == 2);
    assertThat(handled()).isNull();
    assertThat(story.message("Renewed"))
        .contains("Next try at " + story.status(Story.FLEET).failures().nextAttemptTime());
    story.pass(Duration.ofMinutes(10));
    await().atMost(Story.SOON).until(() -> "now".equals(handled()));
    assertThat(story.requests()).isEqualTo(3);
  }

  @Test
  void neverAsksInsideARetryAfter() {
    story.issued();
    story.server().answer(question -> new Answer(429, Map.of("Retry-After", "600"), ""));
    story.pass(Story.UNTIL_DUE);
    story.awaitRenewed("False RateLimited");
    story.moveClock(Story.MINIMUM_INTERVAL);

    story.requestRenewal("now");

    await().during(Story.A_WHILE).until(() -> story.requests() == 2);
    assertThat(handled()).isNull();
    assertThat(story.message("Renewed"))
        .contains("Next try at " + story.status(Story.FLEET).failures().nextAttemptTime());
  }

  @Test
  void acknowledgesALongValueByItsFingerprint() {
    story.issued();
    story.moveClock(Story.MINIMUM_INTERVAL);
    String value = "now ".repeat(4_000);

    story.requestRenewal(value);

    await().atMost(Story.SOON).until(() -> ("sha256:" + Fingerprint.of(value)).equals(handled()));
    story.restartOperator();
    story.pass(Story.MINIMUM_INTERVAL);
    await().during(Story.A_WHILE).until(() -> story.requests() == 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"note\": \"x\"", "\"iris.trackunit.com/renew-requested-at\": \"\""})
  void doesNothingForAnotherAnnotationOrAnEmptyOne(String annotation) {
    story.issued();
    story.pass(Story.MINIMUM_INTERVAL);
    long mark = story.mark();

    story.patchCredential("{metadata: {annotations: {" + annotation + "}}}");

    await().during(Story.A_WHILE).untilAsserted(() -> assertThat(story.calls(mark)).isEmpty());
    assertThat(story.requests()).isEqualTo(1);
  }

  private @Nullable String handled() {
    return story.status(Story.FLEET).lastHandledRenewRequest();
  }
}
