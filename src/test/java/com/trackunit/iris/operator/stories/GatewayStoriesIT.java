package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.FailureStatus;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a gateway answers in place of the authorization server is not believed for long. */
class GatewayStoriesIT {
  private static final Duration LIFE = Duration.ofMinutes(20);
  // Two thirds of it and a little, when the latest renewal is due.
  private static final Duration UNTIL_DUE = Duration.ofSeconds(805);
  private static final Duration QUARTER = LIFE.minus(UNTIL_DUE).dividedBy(4);
  private static final Duration MOUNT_LAG = Duration.ofSeconds(91);
  private static final Map<String, String> HTML = Map.of("Content-Type", "text/html");

  @RegisterExtension private final Story story = new Story();

  static Stream<Answer> blips() {
    return Stream.concat(
        Stream.of(402, 403, 404, 405, 406, 407, 410, 411, 413, 414, 421, 431, 451)
            .map(code -> new Answer(code, HTML, "<html>default backend</html>")),
        Stream.of(
            new Answer(302, Map.of("Location", "https://portal.example/"), ""),
            new Answer(307, Map.of("Location", "https://portal.example/"), ""),
            new Answer(400, HTML, "<html>Bad Request</html>"),
            new Answer(200, HTML, "<html>Welcome to our network</html>")));
  }

  @ParameterizedTest
  @MethodSource("blips")
  void aBlipAtTheRenewalOfATwentyMinuteTokenLeavesNoPodWithADeadOne(Answer blip) {
    story.server().grantFor(LIFE);
    story.issued();
    Instant expiry = expiry();
    story.server().answer(question -> blip);
    story.pass(UNTIL_DUE);
    await().until(() -> story.condition("Renewed").startsWith("False "));

    story.server().grantFor(LIFE);
    story.pass(QUARTER.plusSeconds(2));

    await().until(() -> story.token(Story.TARGET).equals("token-2"));
    assertThat(story.now()).isBefore(expiry.minus(MOUNT_LAG));
    story.awaitRenewed("True Succeeded");
  }

  @ParameterizedTest
  @ValueSource(strings = {"invalid_scope", "invalid_request", "unsupported_grant_type"})
  void anErrorOfTheServersOwnIsTriedAgainBeforeTheTokenEnds(String error) {
    story.server().grantFor(LIFE);
    story.issued();
    story.server().answer(question -> Answer.error(400, error));

    story.pass(UNTIL_DUE);

    await().until(() -> story.condition("Renewed").startsWith("False "));
    assertThat(lastWait()).isBetween(QUARTER.minusSeconds(5), QUARTER.plusSeconds(5));
  }

  @Test
  void whatLastedUntilTheTokensEndIsTriedAfterMinutesAndNotLater() {
    story.server().grantFor(LIFE);
    story.issued();
    Answer notFound = Answer.json(404, "");
    story.server().answer(question -> notFound);
    story.pass(UNTIL_DUE);
    await().until(() -> story.condition("Renewed").equals("False EndpointMisconfigured"));

    for (int tries = 2; tries <= 6; tries++) {
      int expected = 1 + tries;
      story.pass(Duration.between(story.now(), failures().nextAttemptTime()));
      await().until(() -> story.requests() == expected && failures().count() == expected - 1);
    }

    assertThat(story.now()).isBefore(expiry());
    story.pass(LIFE);
    await().until(() -> failures().count() == 7);
    assertThat(lastWait()).isBetween(Duration.ofMinutes(1), Duration.ofSeconds(241));
  }

  private Instant expiry() {
    return Objects.requireNonNull(story.status(Story.FLEET).token()).expiresAt();
  }

  private FailureStatus failures() {
    return Objects.requireNonNull(story.status(Story.FLEET).failures());
  }

  private Duration lastWait() {
    return Duration.between(failures().lastTime(), failures().nextAttemptTime());
  }
}
