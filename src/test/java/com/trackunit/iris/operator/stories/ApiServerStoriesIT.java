package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FaultyApiServer;
import com.trackunit.iris.operator.support.FaultyApiServer.Call;
import com.trackunit.iris.operator.support.FaultyApiServer.Fault;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An API server that is away, that tells nothing, or whose answers are lost. */
class ApiServerStoriesIT {
  private static final String THEIRS =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: fleet-token}
      stringData: {their: value}
      """;
  // Waits double from a second on, those of the watches as well.
  private static final Duration RECOVERED = Duration.ofSeconds(20);
  // As often as the client tries by itself.
  private static final int TRIES = 3;

  private final FaultyApiServer api = FaultyApiServer.before(ControlPlane.get());
  @RegisterExtension private final Story story = new Story(api);
  private final AtomicInteger failed = new AtomicInteger();

  @AfterEach
  void end() {
    api.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET secrets/login, 1",
    "PATCH secrets/fleet-token, 2",
    "PATCH iriscredentials/fleet/status, 2"
  })
  void asksForOneTokenInAnOutageOfTenMinutes(String first, int requestsMeanwhile) {
    story.issued();
    api.fail(call -> call.toString().equals(first) ? goDown() : Fault.NONE);

    story.pass(Story.UNTIL_DUE);

    await().until(() -> failed.get() == 1);
    story.moveClock(Duration.ofMinutes(10));
    await().during(Story.A_WHILE).until(() -> story.requests() == requestsMeanwhile);
    // A watch that comes back is not dead, and a restart would lose the token in hand.
    assertThat(story.livez()).startsWith("200");
    api.fail(call -> Fault.NONE);
    api.comeUp();
    await().atMost(RECOVERED).until(() -> Work.RENEW.isDone(story));
    assertThat(story.livez()).startsWith("200");
    assertThat(story.requests()).isEqualTo(2);
    assertThat(story.status(Story.FLEET).failures()).isNull();
  }

  private Fault goDown() {
    api.goDown();
    failed.incrementAndGet();
    return Fault.UNHEARD;
  }

  @Test
  void renewsByTimeAloneWhileTheWatchesTellNothing() {
    story.issued();
    story
        .server()
        .answer(
            question -> {
              api.holdWatches();
              // The second token is due after 12 to 16 seconds.
              return story.server().grant(Duration.ofSeconds(story.requests() == 2 ? 24 : 3600));
            });
    story.pass(Story.UNTIL_DUE);
    await().until(() -> Work.RENEW.isDone(story));

    int callsBefore = api.calls().size();

    await()
        .atMost(Duration.ofSeconds(16).plus(Story.SOON))
        .until(() -> story.token(Story.TARGET).equals("token-3"));
    assertThat(story.livez()).startsWith("200");
    api.letWatchesGo();
    story.pass(Story.MINIMUM_INTERVAL);
    await().during(Story.A_WHILE).until(() -> story.requests() == 3);
    // It knows what it wrote itself, so it need not look.
    assertThat(api.calls().stream().skip(callsBefore).map(Call::toString))
        .containsExactly(
            "GET secrets/login", "PATCH secrets/fleet-token", "PATCH iriscredentials/fleet/status");
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
  }

  @ParameterizedTest
  @CsvSource({"CREATE, true", "CREATE, false", "RENEW, true", "RENEW, false"})
  void writesNothingElseWhenTheAnswerToAWriteIsLost(Work work, boolean watched) {
    work.prepare(story);
    int writesBefore = api.written().size();
    int requestsBefore = story.requests();
    api.fail(call -> WrittenSecrets.isWrite(call) ? lose(watched) : Fault.NONE);

    work.begin(story);

    await().until(() -> failed.get() >= TRIES && work.isDone(story));
    api.letWatchesGo();
    story.pass(Story.MINIMUM_INTERVAL);
    await().during(Story.A_WHILE).until(() -> story.requests() == requestsBefore + 1);
    assertThat(WrittenSecrets.since(writesBefore, api).contents()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"CREATE, NONE", "CREATE, ANSWER_LOST", "RENEW, NONE", "RENEW, ANSWER_LOST"})
  void leavesASecretAloneThatCameBetweenItsLookAndItsWrite(Work work, Fault fault) {
    work.prepare(story);
    api.fail(
        call -> {
          if (!WrittenSecrets.isWrite(call) || failed.incrementAndGet() > TRIES) {
            return Fault.NONE;
          }
          if (failed.get() == 1) {
            story.deleteSecret(Story.TARGET);
            story.apply(THEIRS);
          }
          return fault;
        });
    int requestsBefore = story.requests();

    work.begin(story);

    story.awaitRenewed("False TargetSecretConflict");
    assertThat(story.value("their")).isEqualTo("value");
    assertThat(story.token(Story.TARGET)).isEmpty();
    story.deleteSecret(Story.TARGET);
    await().atMost(RECOVERED).until(() -> work.isDone(story));
    assertThat(story.requests()).isEqualTo(requestsBefore + 1);
  }

  private Fault lose(boolean watched) {
    if (!watched) {
      api.holdWatches();
    }
    return failed.incrementAndGet() <= TRIES ? Fault.ANSWER_LOST : Fault.NONE;
  }
}
