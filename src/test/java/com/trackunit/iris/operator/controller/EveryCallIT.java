package com.trackunit.iris.operator.controller;

import static com.trackunit.iris.operator.support.FaultyApiServer.Fault.ANSWER_LOST;
import static com.trackunit.iris.operator.support.FaultyApiServer.Fault.CONFLICT;
import static com.trackunit.iris.operator.support.FaultyApiServer.Fault.NONE;
import static com.trackunit.iris.operator.support.FaultyApiServer.Fault.TOO_MANY_REQUESTS;
import static com.trackunit.iris.operator.support.FaultyApiServer.Fault.UNAVAILABLE;
import static com.trackunit.iris.operator.support.FaultyApiServer.Fault.UNHEARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;

import com.fasterxml.jackson.databind.JsonNode;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FaultyApiServer;
import com.trackunit.iris.operator.support.FaultyApiServer.Call;
import com.trackunit.iris.operator.support.FaultyApiServer.Fault;
import com.trackunit.iris.operator.support.FaultyApiServer.Written;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every call to the API server that a piece of work takes fails in every way, one in each run: it
 * ends as it does without, with no token request more and no other write of a Secret.
 */
class EveryCallIT {
  private static final Duration FLOOR = Duration.ofSeconds(11);
  private static final Duration SOON = Duration.ofSeconds(20);
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
      return call.writes() || fault == UNAVAILABLE || fault == TOO_MANY_REQUESTS;
    }
  }

  /** What a run left behind. */
  private record End(EndState state, int requests, long contents, List<Call> calls) {}

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
    try (ExecutorService runs = Executors.newFixedThreadPool(AT_ONCE)) {
      assertAll(
          runs.invokeAll(failingRuns(work, clean, kinds)).stream()
              .<Executable>map(run -> run::get));
    }
  }

  private static List<Callable<Void>> failingRuns(Work work, End clean, List<Failing> kinds) {
    List<Callable<Void>> runs = new ArrayList<>();
    for (int number = 0; number < clean.calls().size(); number++) {
      for (Failing kind : kinds) {
        if (kind.fits(clean.calls().get(number))) {
          runs.add(failingRun(work, clean, number, kind));
        }
      }
    }
    return runs;
  }

  private static Callable<Void> failingRun(Work work, End clean, int number, Failing kind) {
    return () -> {
      playFailing(work, clean, number, kind);
      return null;
    };
  }

  private static End play(Work work) {
    try (FaultyApiServer faulty = FaultyApiServer.before(ControlPlane.get());
        Story story = new Story(faulty)) {
      work.prepare(story);
      int before = faulty.calls().size();
      work.begin(story);
      await(work.name()).during(Story.A_WHILE).until(() -> work.isDone(story));
      List<Call> calls = faulty.calls().subList(before, faulty.calls().size());
      story.pass(FLOOR);
      return new End(EndState.of(story), story.requests(), contents(faulty), calls);
    }
  }

  private static void playFailing(Work work, End clean, int number, Failing kind) {
    String name = "%s, %s of %s".formatted(work, kind, clean.calls().get(number));
    try (FaultyApiServer faulty = FaultyApiServer.before(ControlPlane.get());
        Story story = new Story(faulty)) {
      work.prepare(story);
      FailingCall failing = new FailingCall(number, kind.fault(), kind.times());
      faulty.fail(failing);
      work.begin(story);
      await(name).atMost(SOON).until(() -> failing.isOver() && work.isDone(story));
      faulty.fail(call -> NONE);
      // Whatever is still wanted is wanted now.
      story.pass(FLOOR);
      await(name)
          .during(Duration.ofMillis(500))
          .untilAsserted(() -> assertThat(EndState.of(story)).isEqualTo(clean.state()));
      assertThat(story.requests()).as(name).isEqualTo(clean.requests());
      assertThat(contents(faulty)).as(name).isEqualTo(clean.contents());
      assertThatOnlyItsOwnWasWritten(name, faulty);
      assertThatNoExpiryWentBack(name, faulty);
    }
  }

  // A write that changes nothing counts not.
  private static long contents(FaultyApiServer faulty) {
    return secrets(faulty)
        .map(secret -> secret.path("data") + annotation(secret, "checksum"))
        .distinct()
        .count();
  }

  private static void assertThatOnlyItsOwnWasWritten(String name, FaultyApiServer faulty) {
    List<String> credentials =
        faulty.written().stream()
            .filter(written -> written.call().path().contains("/iriscredentials/"))
            .map(written -> written.object().at("/metadata/uid").asText())
            .toList();
    assertThat(secrets(faulty).map(secret -> secret.at("/metadata/ownerReferences/0/uid").asText()))
        .as(name)
        .isNotEmpty()
        .isSubsetOf(credentials);
  }

  private static void assertThatNoExpiryWentBack(String name, FaultyApiServer faulty) {
    assertThat(secrets(faulty).map(secret -> Instant.parse(annotation(secret, "expires-at"))))
        .as(name)
        .isSorted();
  }

  private static Stream<JsonNode> secrets(FaultyApiServer faulty) {
    return faulty.written().stream()
        .filter(written -> written.call().path().contains("/secrets"))
        .map(Written::object);
  }

  private static String annotation(JsonNode object, String name) {
    return object.path("metadata").path("annotations").path("iris.trackunit.com/" + name).asText();
  }
}
