package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Backup tools, GitOps tools and key rotations write a credentials Secret all day without changing
 * the login.
 */
class TouchedLoginStoriesIT {
  private static final List<String> FIVE = List.of("a", "b", "c", "d", "e");
  private static final String OTHER_PASSWORD = "{stringData: {password: another}}";

  @RegisterExtension private final Story story = new Story();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{metadata: {annotations: {touched: '%d'}}}",
        "{metadata: {labels: {touched: '%d'}}}",
        "{stringData: {note: '%d'}}",
      })
  void asksForNothingWhileTheValuesThatAreSentStayTheSame(String touch) {
    fiveTokens();
    List<String> versions = versions();

    for (int i = 1; i <= 6; i++) {
      story.moveClock(Story.MINIMUM_INTERVAL);
      story.patchSecret(Story.LOGIN, touch.formatted(i));
    }

    await().during(Story.A_WHILE).untilAsserted(() -> assertRequests(5));
    assertThat(versions()).isEqualTo(versions);
  }

  @Test
  void asksForNothingWhenTheSameLoginIsMadeAgain() {
    fiveTokens();
    story.moveClock(Story.MINIMUM_INTERVAL);

    story.deleteSecret(Story.LOGIN);
    story.labelledLogin();

    await().during(Story.A_WHILE).untilAsserted(() -> assertRequests(5));
  }

  @Test
  void asksOnceForEachWhenAValueThatIsSentChanges() {
    fiveTokens();
    touch();
    story.moveClock(Story.MINIMUM_INTERVAL);

    story.patchSecret(Story.LOGIN, OTHER_PASSWORD);

    await().until(() -> story.requests() == 10);
    touch();
    await().during(Story.A_WHILE).untilAsserted(() -> assertRequests(10));
  }

  @Test
  void asksAtMostOnceForEachAfterARestart() {
    fiveTokens();
    story.stopOperator();
    touch();

    story.restartOperator();

    await().until(() -> story.requests() == 10);
    touch();
    await().during(Story.A_WHILE).untilAsserted(() -> assertRequests(10));
    story.restartOperator();
    story.moveClock(Story.MINIMUM_INTERVAL);
    await()
        .during(Story.A_WHILE)
        .untilAsserted(() -> assertThat(story.requests()).isBetween(10, 15));
  }

  @Test
  void asksForNothingAfterARestartWhenATokenWasIssuedSinceTheLastTouch() {
    fiveTokens();
    touch();
    story.moveClock(Story.UNTIL_DUE);
    FIVE.forEach(name -> story.patchSecret(name + "-token", annotation("poke")));
    await().until(() -> story.requests() == 10);
    awaitTokens("token-6");

    story.restartOperator();
    story.moveClock(Story.MINIMUM_INTERVAL);

    await().during(Story.A_WHILE).untilAsserted(() -> assertRequests(10));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void doesNotTryARefusedLoginAgainBecauseItsSecretWasTouched(boolean labelled) {
    story.server().answer(question -> Answer.error(400, "invalid_grant"));
    if (labelled) {
      story.labelledLogin();
    } else {
      story.login("secret");
    }
    story.createCredential();
    story.awaitRenewed("False CredentialsRejected");

    for (int i = 1; i <= 3; i++) {
      touch();
      story.poke();
    }

    await().during(Story.A_WHILE).untilAsserted(() -> assertRequests(1));
    story.moveClock(Story.MINIMUM_INTERVAL);
    story.server().grantFor(Duration.ofHours(1));
    story.patchSecret(Story.LOGIN, OTHER_PASSWORD);
    story.poke();
    story.awaitRenewed("True Succeeded");
  }

  private void fiveTokens() {
    story.labelledLogin();
    FIVE.forEach(name -> story.createCredential(name, Story.SPEC));
    awaitTokens("token-1");
  }

  private void awaitTokens(String least) {
    int first = number(least);
    await()
        .until(() -> FIVE.stream().allMatch(name -> number(story.token(name + "-token")) >= first));
  }

  private static int number(String token) {
    return token.isEmpty() ? 0 : Integer.parseInt(token.substring("token-".length()));
  }

  private void assertRequests(int requests) {
    assertThat(story.requests()).isEqualTo(requests);
  }

  private void touch() {
    story.moveClock(Story.MINIMUM_INTERVAL);
    story.patchSecret(Story.LOGIN, annotation("touched"));
  }

  private String annotation(String name) {
    return "{metadata: {annotations: {'%s': '%s'}}}".formatted(name, story.now());
  }

  private List<String> versions() {
    return FIVE.stream()
        .map(name -> story.secret(name + "-token").getMetadata().getResourceVersion())
        .toList();
  }
}
