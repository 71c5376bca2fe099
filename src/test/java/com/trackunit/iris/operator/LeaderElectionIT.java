package com.trackunit.iris.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ApiCall;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.OperatorProcess;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The shipped jar twice, of which one acts; each test has a lease, a shard, of its own. */
class LeaderElectionIT {
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration HAND_OVER = Duration.ofSeconds(2);
  private static final Duration TERM = Duration.ofSeconds(15);
  private static final Duration LOOK = Duration.ofMillis(20);

  private final ControlPlane plane = ControlPlane.get();
  private final String namespace = plane.newNamespace();
  private final FakeAuthorizationServer server = FakeAuthorizationServer.start();

  @AfterEach
  void closeServer() {
    server.close();
  }

  @Test
  void handsOverWithinTwoSecondsOfSigterm() {
    try (OperatorProcess first = leader("first");
        OperatorProcess second = standby("second")) {
      order("before");
      await().atMost(START).until(() -> token("before"), "token-1"::equals);
      assertThat(first.get("/metrics")).contains("iris_credential_ready{name=\"before\"");
      assertThat(second.get("/livez")).startsWith("200 ");
      assertThat(second.get("/metrics"))
          .startsWith("200 ")
          .contains("jvm_memory_used_bytes")
          .doesNotContain("name=\"before\"");

      long told = System.nanoTime();
      first.terminate();
      order("after");
      awaitHolder("second", GRACE);
      assertThat(since(told)).as("hand-over").isLessThan(HAND_OVER);
      await().atMost(GRACE).pollInterval(LOOK).until(() -> token("after"), "token-2"::equals);
      System.out.println("From SIGTERM to the next token: " + since(told));
      assertThat(first.isGoneWithin(GRACE)).isTrue();
      await().until(() -> second.get("/metrics").contains("name=\"before\""));
      assertThat(server.questions()).hasSize(2);
      assertThat(second.get("/livez")).startsWith("200 ");
    }
  }

  @Test
  void followsALeaderThatWasKilledWhenItsTermIsOver() {
    try (OperatorProcess first = leader("first");
        OperatorProcess second = standby("second")) {
      long killed = System.nanoTime();
      first.kill();
      order("fleet");
      awaitHolder("second", TERM.plus(GRACE));
      System.out.println("From SIGKILL to the next leader: " + since(killed));
      await().atMost(GRACE).until(() -> token("fleet"), "token-1"::equals);
      assertThat(second.isReady()).isTrue();
    }
  }

  @Test
  void endsALeaderThatWasAwayAndWritesNothingMore() {
    CountDownLatch away = new CountDownLatch(1);
    server.answer(
        question -> {
          FakeAuthorizationServer.Answer answer = server.grant(Duration.ofHours(1));
          await().forever().until(() -> server.questions().size() > 1 || away.getCount() == 0);
          return answer;
        });
    try (OperatorProcess first = leader("first");
        OperatorProcess second = standby("second")) {
      order("fleet");
      await().atMost(START).until(() -> server.questions().size() == 1);
      first.pause();
      away.countDown();
      awaitHolder("second", TERM.plus(GRACE));
      await().atMost(GRACE).until(() -> token("fleet"), "token-2"::equals);
      await().atMost(GRACE).until(() -> ready("fleet"));
      long mark = plane.audit().mark();

      first.resume();

      assertThat(first.isGoneWithin(GRACE)).isTrue();
      assertThat(first.exitCode()).isEqualTo(1);
      assertThat(first.printed()).contains("is lost, so this replica ends.", "within 10 s");
      assertThat(writes(mark)).isEmpty();
      assertThat(token("fleet")).isEqualTo("token-2");
      assertThat(second.isReady()).isTrue();
    }
  }

  @Test
  void endsALeaderWhoseLeaseSomebodyTook() {
    try (OperatorProcess first = leader("first")) {
      plane
          .admin()
          .leases()
          .inNamespace("iris-system")
          .withName(lease())
          .edit(
              lease ->
                  new LeaseBuilder(lease)
                      .editSpec()
                      .withHolderIdentity("somebody")
                      .endSpec()
                      .build());
      assertThat(first.isGoneWithin(GRACE)).isTrue();
      assertThat(first.exitCode()).isEqualTo(1);
      assertThat(first.printed())
          .contains(
              "The lease iris-system/%s is lost, so this replica ends. somebody took it."
                  .formatted(lease()));
    }
  }

  @Test
  void saysAtTheStartWhichRightIsMissing() {
    Map<String, String> environment = environment("first");
    environment.put("POD_NAMESPACE", namespace);
    try (OperatorProcess operator = OperatorProcess.start(environment)) {
      assertThat(operator.isGoneWithin(START)).isTrue();
      assertThat(operator.exitCode()).isEqualTo(1);
      assertThat(operator.printed())
          .contains(
              "The operator cannot start. The operator may not get leases in namespace "
                  + namespace
                  + ", and IRIS_LEADER_ELECTION needs one.");
    }
  }

  private OperatorProcess leader(String name) {
    OperatorProcess operator = OperatorProcess.start(environment(name));
    awaitHolder(name, START);
    await().atMost(START).until(operator::isReady);
    return operator;
  }

  private OperatorProcess standby(String name) {
    OperatorProcess operator = OperatorProcess.start(environment(name));
    await().atMost(START).until(operator::isReady);
    await().atMost(START).until(() -> operator.printed().contains("This replica stands by."));
    return operator;
  }

  private Map<String, String> environment(String name) {
    Map<String, String> environment = new HashMap<>();
    environment.put("KUBECONFIG", plane.operatorKubeconfig().toString());
    environment.put("IRIS_TOKEN_URL", server.url().toString());
    environment.put("IRIS_REQUEST_TIMEOUT", "60s");
    environment.put("IRIS_NAMESPACES", namespace);
    environment.put("IRIS_SHARD", namespace);
    environment.put("IRIS_LEADER_ELECTION", "true");
    environment.put("POD_NAMESPACE", "iris-system");
    environment.put("POD_NAME", name);
    return environment;
  }

  private String lease() {
    return "iris-credential-operator-" + namespace;
  }

  private void awaitHolder(String name, Duration patience) {
    await(name + " to lead").atMost(patience).pollInterval(LOOK).until(() -> leads(name));
  }

  private boolean leads(String name) {
    var lease = plane.admin().leases().inNamespace("iris-system").withName(lease()).get();
    return lease != null && name.equals(lease.getSpec().getHolderIdentity());
  }

  private void order(String name) {
    plane.kubectlWithInput(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: login}
        stringData: {username: user, password: password, client_id: id, client_secret: secret}
        ---
        apiVersion: iris.trackunit.com/v1
        kind: IrisCredential
        metadata: {name: %s, labels: {iris.trackunit.com/shard: %s}}
        spec: {credentialsSecretRef: {name: login}}
        """
            .formatted(name, namespace),
        "apply",
        "-n",
        namespace,
        "-f",
        "-");
  }

  private String token(String credential) {
    Secret target =
        plane.admin().secrets().inNamespace(namespace).withName(credential + "-token").get();
    return target == null
        ? ""
        : new String(
            Base64.getDecoder().decode(target.getData().get("access_token")),
            StandardCharsets.UTF_8);
  }

  private boolean ready(String credential) {
    return plane
        .kubectl("get", "iriscred", credential, "-n", namespace, "--no-headers")
        .stdout()
        .contains("True");
  }

  private List<ApiCall> writes(long mark) {
    return plane.audit().since(mark, ControlPlane.OPERATOR).stream()
        .filter(call -> call.namespace().equals(namespace))
        .filter(call -> List.of("create", "update", "patch", "delete").contains(call.verb()))
        .toList();
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}
