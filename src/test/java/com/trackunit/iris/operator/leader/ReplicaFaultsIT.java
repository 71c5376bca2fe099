package com.trackunit.iris.operator.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.FaultyApiServer;
import com.trackunit.iris.operator.support.FaultyApiServer.Fault;
import com.trackunit.iris.operator.support.MovableClock;
import com.trackunit.iris.operator.support.OperatorProcess;
import com.trackunit.iris.operator.support.Replicas;
import com.trackunit.iris.operator.support.RunningOperator;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Replicas that are frozen, cut off, robbed of their lease or wrong about the time: no older token
 * follows a newer one into the Secret, and one token more is requested at most.
 */
@Execution(ExecutionMode.CONCURRENT)
class ReplicaFaultsIT {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final Duration TERM = Duration.ofSeconds(15);
  private static final Duration SHORT_LIFE = Duration.ofSeconds(24);
  private static final Duration A_WHILE = Duration.ofSeconds(2);

  private final ControlPlane plane = ControlPlane.get();
  private final Replicas replicas = new Replicas(plane);
  private final FakeAuthorizationServer server = replicas.server();

  @AfterEach
  void end() {
    replicas.close();
  }

  @Test
  void aLeaderThatWasFrozenPastTheEndOfTheTokenAsksAndWritesNothing() {
    firstTokenIsShort();
    try (OperatorProcess first = replicas.leader("first");
        OperatorProcess second = replicas.standby("second")) {
      replicas.createCredential("fleet");
      await().until(() -> replicas.ready("fleet"));
      Instant over = Instant.now().plus(SHORT_LIFE);

      first.pause();
      replicas.awaitHolder("second", TERM.plus(GRACE));
      await().until(() -> replicas.token("fleet"), "token-2"::equals);
      await().until(() -> Instant.now().isAfter(over) && replicas.ready("fleet"));
      long mark = plane.audit().mark();
      first.resume();

      assertEnds(first);
      await().during(A_WHILE).until(() -> replicas.token("fleet").equals("token-2"));
      assertThat(replicas.writes(mark)).isEmpty();
      assertThat(server.questions()).hasSize(2);
      assertThat(second.isReady()).isTrue();
    }
  }

  @Test
  void aWriteOfALeaderThatWasCutOffComesTooLate() {
    try (FaultyApiServer cut = FaultyApiServer.before(plane)) {
      Map<String, String> environment = new HashMap<>(replicas.environment("first"));
      environment.keySet().removeIf(name -> name.startsWith("KUBERNETES_"));
      environment.put("KUBECONFIG", cut.kubeconfig().toString());
      CountDownLatch written = new CountDownLatch(1);
      firstTokenIsShort();
      try (OperatorProcess first = replicas.leader("first", environment);
          OperatorProcess second = replicas.standby("second")) {
        cut.fail(
            call -> {
              if (call.method().equals("PATCH") && call.path().endsWith("/fleet-token")) {
                cut.hang();
                written.countDown();
              }
              return Fault.NONE;
            });
        replicas.createCredential("fleet");
        await().until(() -> written.getCount() == 0);

        assertEnds(first);
        replicas.awaitHolder("second", TERM.plus(GRACE));
        await().until(() -> replicas.token("fleet"), "token-3"::equals);
        await().until(() -> replicas.ready("fleet"));
        long mark = plane.audit().mark();
        cut.letWatchesGo();

        // It was on its way all the time, and reaches the API server now.
        await()
            .atMost(GRACE)
            .until(() -> replicas.writes(mark).stream().anyMatch(call -> call.code() == 409));
        await().during(A_WHILE).until(() -> replicas.token("fleet").equals("token-3"));
        assertThat(server.questions()).hasSize(3);
        assertThat(second.isReady()).isTrue();
      }
    }
  }

  @Test
  void aLeaderWhoseLeaseWasStolenDuringARequestWritesNothing() {
    CountDownLatch ended = new CountDownLatch(1);
    server.answer(
        question -> {
          FakeAuthorizationServer.Answer answer = server.grant(Duration.ofHours(1));
          replicas.stealLease();
          await().forever().until(() -> ended.getCount() == 0);
          return answer;
        });
    try (OperatorProcess first = replicas.leader("first")) {
      replicas.createCredential("fleet");
      assertEnds(first);
    }
    ended.countDown();
    assertThat(server.questions()).hasSize(1);
    assertThat(replicas.token("fleet")).isEmpty();
  }

  @Test
  @SuppressWarnings("try") // Which of them ends first is what it is about.
  void clocksTenMinutesApartCostOneRequest() {
    MovableClock ahead = new MovableClock();
    ahead.move(Duration.ofMinutes(10));
    try (RunningOperator first = replica("ahead", ahead)) {
      replicas.awaitHolder("ahead", START);
      replicas.createCredential("fleet");
      await().until(() -> replicas.token("fleet"), "token-1"::equals);
      try (RunningOperator second = replica("right", new MovableClock())) {
        first.close();
        replicas.awaitHolder("right", TERM.plus(GRACE));
        await().until(() -> replicas.token("fleet"), "token-2"::equals);
        try (RunningOperator third = replica("ahead", ahead)) {
          second.close();
          replicas.awaitHolder("ahead", TERM.plus(GRACE));
          await().during(A_WHILE).until(() -> replicas.token("fleet").equals("token-2"));
          assertThat(third.get("/readyz")).startsWith("200 ");
          assertThat(server.questions()).hasSize(2);
        }
      }
    }
  }

  @Test
  void aProcessWithoutHeapEnds() {
    Map<String, String> environment = new HashMap<>(replicas.environment("first"));
    // One that collects garbage all the time may lose its lease first.
    environment.put("IRIS_LEADER_ELECTION", "false");
    try (OperatorProcess operator = OperatorProcess.startWithHeap(environment, "24m")) {
      operator.awaitReady();
      replicas.createCredential("fleet");
      await().until(() -> replicas.ready("fleet"));

      for (int i = 0; i < 400 && !operator.isGoneWithin(Duration.ZERO); i++) {
        replicas.orderLarge(i);
      }

      assertThat(operator.isGoneWithin(START)).isTrue();
      // That of -XX:+ExitOnOutOfMemoryError.
      assertThat(operator.exitCode()).isEqualTo(3);
      assertThat(operator.printed()).contains("java.lang.OutOfMemoryError");
    }
  }

  private void firstTokenIsShort() {
    AtomicInteger grants = new AtomicInteger();
    server.answer(
        question -> server.grant(grants.incrementAndGet() == 1 ? SHORT_LIFE : Duration.ofHours(1)));
  }

  private static void assertEnds(OperatorProcess first) {
    assertThat(first.isGoneWithin(START)).isTrue();
    assertThat(first.exitCode()).isEqualTo(1);
    assertThat(first.printed()).contains("is lost, so this replica ends.");
  }

  private RunningOperator replica(String name, MovableClock clock) {
    Map<String, String> environment = new HashMap<>(replicas.environment(name));
    environment.remove("IRIS_NAMESPACES");
    environment.put("IRIS_PORT", "0");
    return RunningOperator.start(
        plane.operatorConfig(), Set.of(replicas.namespace()), server.url(), environment, clock);
  }
}
