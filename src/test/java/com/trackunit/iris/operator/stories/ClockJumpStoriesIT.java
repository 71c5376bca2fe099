package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wall clock jumps and nothing else happens: a laptop slept, a paused machine goes on. */
class ClockJumpStoriesIT {
  private static final Duration LOOKED = Duration.ofSeconds(20);

  @RegisterExtension private final Story story = new Story();

  @ParameterizedTest
  @ValueSource(strings = {"PT2H", "-PT2H"})
  void replacesATokenWithinSecondsThatIsNotOfThisTime(Duration jump) {
    story.issued();

    story.clock().jump(jump);

    await().atMost(LOOKED).until(() -> story.token(Story.TARGET).equals("token-2"));
    await().atMost(LOOKED).until(() -> story.condition("Ready").equals("True TokenValid"));
    assertThat(story.requests()).isEqualTo(2);
    assertThat(story.livez()).startsWith("200");
  }
}
