package com.trackunit.iris.operator.stories;

import static com.trackunit.iris.operator.support.FaultyApiServer.Fault.ANSWER_LOST;
import static com.trackunit.iris.operator.support.FaultyApiServer.Fault.CONFLICT;
import static com.trackunit.iris.operator.support.FaultyApiServer.Fault.NONE;
import static com.trackunit.iris.operator.support.FaultyApiServer.Fault.TOO_MANY_REQUESTS;
import static com.trackunit.iris.operator.support.FaultyApiServer.Fault.UNAVAILABLE;
import static com.trackunit.iris.operator.support.FaultyApiServer.Fault.UNHEARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FaultyApiServer;
import com.trackunit.iris.operator.support.FaultyApiServer.Call;
import com.trackunit.iris.operator.support.FaultyApiServer.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every call to the API server that a piece of work takes fails in every way, one in each run: it
 * ends as it does without, with no token request more and no other write of a Secret.
 */
class EveryCallIT {
  // Of its own: a garbage collector that another test needs would take part.
  private static final ControlPlane PLANE = ControlPlane.another();
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration A_MOMENT = Duration.ofMillis(500);
  private static final int AT_ONCE = 6;

  // The client repeats a call twice by itself.
  private static final List<Failing> LASTING =
      List.of(new Failing(UNAVAILABLE, 3), new Failing(ANSWER_LOST, 3));
  private static final List<Failing> ALL =
      Stream.concat(
              LASTING.stream(),
              Stream.of(
                  new Failing(TOO_MANY_REQUESTS, 3),
                  new Failing(CONFLICT, 1),
                  new Failing(UNHEARD, 3),
                  new Failing(ANSWER_LOST, 1)))
          .toList();

  /** A way to fail, and how often in a row. */
  private record Failing(Fault fault, int times) {
    boolean fits(Call call) {
      return call.writes() || fault != CONFLICT && fault != ANSWER_LOST;
    }
  }

  /** What a run left behind. */
  private record End(EndState state, int requests, int contents, List<Call> calls) {}

  @AfterAll
  static void end() {
    PLANE.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"CREATE", "RENEW"})
  void endsAsWithoutAFault(Work work) throws InterruptedException {
    playAll(work, ALL);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"CREATE", "RENEW"},
      mode = EnumSource.Mode.EXCLUDE)
  void endsAsWithoutAFaultThatLasts(Work work) throws InterruptedException {
    playAll(work, LASTING);
  }

  private static void playAll(Work work, List<Failing> kinds) throws InterruptedException {
    End clean = play(work);
    List<Callable<Boolean>> runs = new ArrayList<>();
    for (int number = 0; number < clean.calls().size(); number++) {
      int at = number;
      kinds.stream()
          .filter(kind -> kind.fits(clean.calls().get(at)))
          .forEach(kind -> runs.add(() -> playFailing(work, clean, at, kind)));
    }
    AtomicInteger came = new AtomicInteger();
    try (ExecutorService some = Executors.newFixedThreadPool(AT_ONCE)) {
      assertAll(some.invokeAll(runs).stream().map(run -> () -> came.addAndGet(run.get() ? 1 : 0)));
    }
    // Should one run take a look more than the others, its last call does not come in them.
    assertThat(came).hasValueGreaterThanOrEqualTo(runs.size() - kinds.size());
  }

  private static End play(Work work) {
    try (FaultyApiServer faulty = FaultyApiServer.before(PLANE);
        Story story = new Story(faulty)) {
      work.prepare(story);
      int before = faulty.calls().size();
      work.begin(story);
      await(work.name()).during(Story.A_WHILE).until(() -> work.isDone(story));
      List<Call> calls = faulty.calls().subList(before, faulty.calls().size());
      story.pass(Story.MINIMUM_INTERVAL);
      return new End(EndState.of(story), story.requests(), contents(faulty), calls);
    }
  }

  private static boolean hasFailed(String name, Work work, Story story, FailingCall failing) {
    await(name)
        .atMost(SOON)
        .during(A_MOMENT)
        .until(() -> failing.isOver() || !failing.hasBegun() && work.isDone(story));
    return failing.isOver();
  }

  private static boolean playFailing(Work work, End clean, int number, Failing kind) {
    String name = "%s, %s of %s".formatted(work, kind, clean.calls().get(number));
    try (FaultyApiServer faulty = FaultyApiServer.before(PLANE);
        Story story = new Story(faulty)) {
      work.prepare(story);
      FailingCall failing = new FailingCall(number, kind.fault(), kind.times());
      faulty.fail(failing);
      work.begin(story);
      boolean failed = hasFailed(name, work, story, failing);
      await(name).atMost(SOON).until(() -> work.isDone(story));
      faulty.fail(call -> NONE);
      // Whatever is still wanted is wanted now.
      story.pass(Story.MINIMUM_INTERVAL);
      await(name)
          .during(A_MOMENT)
          .untilAsserted(() -> assertThat(EndState.of(story)).isEqualTo(clean.state()));
      assertThat(story.requests()).as(name).isEqualTo(clean.requests());
      assertThat(contents(faulty)).as(name).isEqualTo(clean.contents());
      assertThatOnlyItsOwnWasWritten(name, faulty);
      assertThatNoExpiryWentBack(name, faulty);
      return failed;
    }
  }

  private static int contents(FaultyApiServer faulty) {
    return WrittenSecrets.since(0, faulty).contents().size();
  }

  private static void assertThatOnlyItsOwnWasWritten(String name, FaultyApiServer faulty) {
    List<String> credentials =
        faulty.written().stream()
            .filter(written -> written.call().path().contains("/iriscredentials/"))
            .map(written -> written.object().at("/metadata/uid").asText())
            .toList();
    assertThat(WrittenSecrets.since(0, faulty).owners())
        .as(name)
        .isNotEmpty()
        .isSubsetOf(credentials);
  }

  private static void assertThatNoExpiryWentBack(String name, FaultyApiServer faulty) {
    assertThat(WrittenSecrets.since(0, faulty).expiries()).as(name).isSorted();
  }
}
