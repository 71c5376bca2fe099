package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Question;
import com.trackunit.iris.operator.support.FaultyApiServer;
import com.trackunit.iris.operator.support.OperatorProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Odd days as the shipped jar lives them, by real time: an operator whose clock is behind leaves
 * tokens that are due or not, and the jar goes on.
 */
class ShippedJarStoriesIT {
  // Operators of other tests watch all namespaces of theirs.
  private static final ControlPlane PLANE = ControlPlane.another();
  private static final Duration NOT_DUE = Duration.ofMinutes(20);
  private static final Duration DUE = Duration.ofMinutes(46);
  private static final Duration LIFE = Duration.ofHours(1);
  private static final Duration MOUNT_LAG = Duration.ofSeconds(91);
  // The first login that tries whether all are still refused, a minute later, is refused too.
  private static final Duration REFUSES_FOR = Duration.ofSeconds(75);
  // Whatever is not to be asked twice would be by then.
  private static final Duration QUIET = Story.MINIMUM_INTERVAL.plus(Story.A_WHILE);
  private static final List<String> FIVE = List.of("a", "b", "c", "d", "e");

  private final FaultyApiServer api = FaultyApiServer.before(PLANE);
  private final Story story = new Story(api);

  @AfterAll
  static void endAll() {
    PLANE.close();
  }

  @AfterEach
  void end() {
    story.close();
    api.close();
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aGatewaysBlipAtARenewalLeavesNoPodWithADeadToken() {
    Duration life = Duration.ofMinutes(20);
    story.server().grantFor(life);
    issuedAgo(life.minusMinutes(4), "fleet");
    Instant expiry = expiry("fleet");
    Answer blip = new Answer(404, Map.of("Content-Type", "text/html"), "default backend - 404");
    story.server().answer(question -> story.requests() == 2 ? blip : story.server().grant(life));

    try (OperatorProcess jar = start()) {
      await().atMost(Duration.ofSeconds(90)).until(() -> expiry("fleet").isAfter(expiry));

      assertThat(Instant.now()).isBefore(expiry.minus(MOUNT_LAG));
      assertThat(story.requests()).isEqualTo(3);
      assertThat(jar.isReady()).isTrue();
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aServerThatRefusesEverybodyForAMinuteCostsNobodyAValidToken() {
    issuedAgo(DUE, FIVE.toArray(String[]::new));
    Map<String, Instant> expiries =
        FIVE.stream().collect(Collectors.toMap(name -> name, this::expiry));
    List<String> refused = new CopyOnWriteArrayList<>();
    AtomicReference<Instant> first = new AtomicReference<>();
    story
        .server()
        .answer(
            question -> {
              // How many are refused at once is the machine's speed: three of five at least.
              first.compareAndSet(null, Instant.now());
              if (Instant.now().isAfter(first.get().plus(REFUSES_FOR))) {
                return story.server().grant(LIFE);
              }
              refused.add(user(question));
              return Answer.json(401, "");
            });

    try (OperatorProcess jar = start()) {
      await()
          .atMost(Duration.ofMinutes(7))
          .until(() -> FIVE.stream().allMatch(name -> expiry(name).isAfter(expiries.get(name))));

      assertThat(expiries.values()).allMatch(Instant.now().plus(MOUNT_LAG)::isBefore);
      assertThat(FIVE)
          .allMatch(name -> refused.stream().filter(("user-" + name)::equals).count() <= 2);
      assertThat(jar.get("/readyz")).startsWith("200 ");
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aTouchedLoginCostsAtMostOneTokenEachAfterAStartAndNoneLater() {
    issuedAgo(NOT_DUE, FIVE.toArray(String[]::new));
    try (OperatorProcess jar = start()) {
      touchAll(1);
      int most = 2 * FIVE.size();
      await().during(QUIET).atMost(QUIET.multipliedBy(2)).until(() -> story.requests() <= most);
      int asked = story.requests();

      touchAll(2);

      await().during(QUIET).atMost(QUIET.multipliedBy(2)).until(() -> story.requests() == asked);
      assertThat(jar.isReady()).isTrue();
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aCredentialThatIsGoneWhileItsWatchIsDeadIsAskedForOnceAtMost() {
    issuedAgo(NOT_DUE, "fleet");
    try (OperatorProcess jar = start()) {
      api.holdWatches("/iriscredentials");
      story.credential(Story.FLEET).delete();
      story.deleteSecret(Story.TARGET);
      await().until(() -> story.requests() == 2 && story.secret("fleet-token") != null);

      story.deleteSecret(Story.TARGET);

      await().during(QUIET).atMost(QUIET.multipliedBy(2)).until(() -> story.requests() == 2);
      assertThat(story.secret(Story.TARGET)).isNull();
      assertThat(jar.get("/livez")).startsWith("200 ");
    }
  }

  private void issuedAgo(Duration ago, String... names) {
    story.moveClock(ago.negated());
    for (String name : names) {
      story.apply(
          """
          apiVersion: v1
          kind: Secret
          metadata: {name: login-%s, labels: {iris.trackunit.com/credentials: "true"}}
          stringData: {username: user-%s, password: secret, client_id: app, client_secret: hush}
          """
              .formatted(name, name));
      story.createCredential(name, "{credentialsSecretRef: {name: login-%s}}".formatted(name));
      await().until(() -> story.condition(name, "Renewed").equals("True Succeeded"));
    }
    story.stopOperator();
  }

  private OperatorProcess start() {
    OperatorProcess jar =
        OperatorProcess.start(
            Map.of(
                "KUBECONFIG", api.kubeconfig().toString(),
                "IRIS_TOKEN_URL", story.server().url().toString(),
                "IRIS_NAMESPACES", story.namespace()));
    await().until(() -> jar.get("/metrics").contains("iris_credential_ready{"));
    return jar;
  }

  private void touchAll(int time) {
    FIVE.forEach(name -> story.annotates("login-" + name, "touched", String.valueOf(time)));
  }

  private static String user(Question question) {
    return question.field("username").orElseThrow();
  }

  private Instant expiry(String name) {
    return Objects.requireNonNull(story.status(name).token()).expiresAt();
  }
}
