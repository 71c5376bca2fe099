package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The endpoint belongs to what a token was asked for. */
class EndpointStoriesIT {
  @RegisterExtension private final Story story = new Story();

  @Test
  void anotherEndpointIsAskedAndTheOldTokenStaysUntilItAnswers() {
    story.issued();
    story.pass(Story.MINIMUM_INTERVAL);
    try (FakeAuthorizationServer other = FakeAuthorizationServer.start()) {
      other.answer(question -> Answer.json(503, ""));

      story.replaceOperator(other.url(), Map.of());

      await().until(() -> story.condition("Ready").equals("False TokenOutdated"));
      assertThat(story.token(Story.TARGET)).isEqualTo("token-1");
      other.answer(
          question ->
              Answer.json(
                  200,
                  """
                  {"access_token": "of-the-other-system", "expires_in": 3600}"""));
      story.pass(Story.MINIMUM_INTERVAL);
      await().until(() -> story.token(Story.TARGET).equals("of-the-other-system"));
      await().until(() -> story.condition("Ready").equals("True TokenValid"));
      assertThat(story.requests()).as("of the first endpoint").isEqualTo(1);
    }
  }

  @Test
  void theSameEndpointIsNotAskedAgainAfterARestart() {
    story.issued();

    story.restartOperator();

    await().during(Story.A_WHILE).until(() -> story.requests() == 1);
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
  }
}
