package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FaultyApiServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A credential that is deleted while its watch is dead, so that the operator still sees it. */
class GoneStoriesIT {
  // A garbage collector, which another test may have started on the shared one, would delete the
  // Secrets.
  private static final ControlPlane PLANE = ControlPlane.another();

  private final FaultyApiServer api = FaultyApiServer.before(PLANE);
  @RegisterExtension private final Story story = new Story(api);

  @AfterEach
  void end() {
    api.close();
  }

  @AfterAll
  static void close() {
    PLANE.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isAskedForOnceAtMostAndNoMore(boolean madeAgain) {
    story.issued();
    api.holdWatches("/iriscredentials");
    List<String> events = story.events(Story.FLEET);
    story.credential(Story.FLEET).delete();
    if (madeAgain) {
      story.createCredential();
    }
    story.moveClock(Story.MINIMUM_INTERVAL);
    story.deleteSecret(Story.TARGET);
    await().until(() -> story.requests() == 2 && story.secret(Story.TARGET) != null);

    // As the garbage collector does with what has no owner, again and again.
    story.deleteSecret(Story.TARGET);
    story.moveClock(Story.MINIMUM_INTERVAL);

    await()
        .during(Story.MINIMUM_INTERVAL.plus(Story.A_WHILE))
        .atMost(Duration.ofSeconds(20))
        .until(() -> story.requests() == 2);
    assertThat(story.secret(Story.TARGET)).isNull();
    assertThat(story.events(Story.FLEET)).containsExactlyInAnyOrderElementsOf(events);
    assertThat(story.livez()).startsWith("200");
  }

  @Test
  void isServedAgainUnderItsNameOnceTheWatchShowsAnother() {
    story.issued();
    api.holdWatches("/iriscredentials");
    story.credential(Story.FLEET).delete();
    story.createCredential();
    story.moveClock(Story.MINIMUM_INTERVAL);
    story.deleteSecret(Story.TARGET);
    await().until(() -> story.requests() == 2 && story.secret(Story.TARGET) != null);
    story.deleteSecret(Story.TARGET);

    story.moveClock(Story.MINIMUM_INTERVAL);
    api.letWatchesGo();

    await().until(() -> story.condition("Ready").equals("True TokenValid"));
    assertThat(story.requests()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isServedOnAfterAnAnswerThatItIsGoneAlthoughItIsNot(boolean heldByAFinalizer) {
    story.issued();
    if (heldByAFinalizer) {
      story.patchCredential("{metadata: {finalizers: [example.com/held]}}");
      story.kubectl("delete", "iriscred", Story.FLEET, "--wait=false");
    }
    AtomicInteger lies = new AtomicInteger();
    api.fail(
        call ->
            call.path().endsWith("/status") && lies.getAndIncrement() == 0
                ? FaultyApiServer.Fault.NOT_FOUND
                : FaultyApiServer.Fault.NONE);

    story.pass(Story.UNTIL_DUE);

    await().atMost(Story.SOON).until(() -> lies.get() > 1);
    story.pass(Story.UNTIL_DUE);
    await().atMost(Story.SOON).until(() -> story.requests() == 3);
    await().until(() -> story.token(Story.TARGET).equals("token-3"));
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
    story.patchCredential("{metadata: {finalizers: null}}");
  }
}
