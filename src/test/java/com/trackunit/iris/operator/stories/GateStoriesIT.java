package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the authorization server sees when many credentials want a token at once. Whose turn it is
 * then, and how long the others wait, is said by {@code RequestGateTest}, {@code
 * EndpointHealthTest} and the simulation.
 */
class GateStoriesIT {
  private static final List<String> FIVE = List.of("a", "b", "c", "d", "e");
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(50);
  // Probes are two seconds apart and more; the server measures a little less.
  private static final Duration BETWEEN_PROBES = Duration.ofMillis(1900);
  private static final int BROKEN_UNTIL_IT_IS_OUT = 5;
  private static final int LIMITED_UNTIL_ALL_PAUSE = 2;
  private static final Answer UNAVAILABLE = Answer.json(503, "");
  private static final Answer LIMITED =
      new Answer(429, Map.of("Retry-After", "" + RETRY_AFTER.toSeconds()), "");

  @RegisterExtension private final Story story = new Story();
  private final List<Asked> log = new CopyOnWriteArrayList<>();
  private final AtomicInteger pokes = new AtomicInteger();

  private record Asked(String user, Instant at, int status) {}

  @Test
  void fiveThroughAnOutageAndAFlood() {
    replaceOperator("IRIS_MAX_CONCURRENT_REQUESTS", "1");
    grants();
    long beginning = story.mark();
    FIVE.forEach(this::createCredential);
    await("first tokens").atMost(LONG).until(() -> allAreServed(0));
    // One target each, however long it waits.
    assertThat(story.allCalls(beginning))
        .filteredOn(call -> call.user().equals(ControlPlane.OPERATOR) && call.code() == 404)
        .hasSizeLessThanOrEqualTo(FIVE.size());

    int outage = answers(UNAVAILABLE);
    pass(Story.UNTIL_DUE);
    await("two probes").atMost(LONG).until(() -> log.size() >= outage + BROKEN_UNTIL_IT_IS_OUT + 2);
    assertProbesOneByOne(since(outage));
    assertThat(isOpen()).isTrue();

    int well = grants();
    pass(LONG);
    await("recovery").atMost(LONG).until(() -> allAreServed(well));
    await().until(() -> !isOpen());

    int flood = answers(LIMITED);
    pass(Story.UNTIL_DUE);
    await("a pause").atMost(LONG).until(this::isOpen);
    pass(RETRY_AFTER.dividedBy(2));
    await()
        .during(Story.A_WHILE)
        .until(() -> since(flood).size(), size -> size == LIMITED_UNTIL_ALL_PAUSE);
    assertThat(since(flood).stream().map(Asked::user)).doesNotHaveDuplicates();

    int calm = grants();
    pass(LONG);
    await("all well again").atMost(LONG).until(() -> allAreServed(calm));
  }

  @Test
  void fourteenAtOnceAskNoMoreThanAllowed() {
    replaceOperator("IRIS_MAX_REQUESTS_PER_SECOND", "2");
    grants();
    Instant began = Instant.now();
    IntStream.range(0, 14).mapToObj("c%02d"::formatted).forEach(this::createCredential);

    await("first tokens").atMost(LONG).until(() -> log.size() == 14);

    // One at once, and what two quiet seconds saved: whatever comes later waited for its turn.
    int saved = 1 + 2 * 2;
    assertThat(IntStream.range(saved, log.size()))
        .allSatisfy(
            number ->
                assertThat(log.get(number).at())
                    .isAfterOrEqualTo(began.plusMillis(500L * (number - saved))));
  }

  /** With room for one at a time, whoever asks nobody must not keep it. */
  @Test
  void aTurnThatIsNotUsedIsGivenBack() {
    replaceOperator("IRIS_MAX_CONCURRENT_REQUESTS", "1");
    story.createCredential("without-login", "{credentialsSecretRef: {name: missing}}");
    await()
        .until(
            () -> story.condition("without-login", "Renewed"),
            "False CredentialsSecretNotFound"::equals);

    story.issued();

    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
  }

  private static void assertProbesOneByOne(List<Asked> outage) {
    assertThat(IntStream.range(BROKEN_UNTIL_IT_IS_OUT, outage.size()))
        .allSatisfy(
            probe ->
                assertThat(Duration.between(outage.get(probe - 1).at(), outage.get(probe).at()))
                    .isGreaterThan(BETWEEN_PROBES));
  }

  private boolean isOpen() {
    return story.metrics().contains("iris_endpoint_circuit_open{grant_type=\"password\"} 1.0");
  }

  private boolean allAreServed(int from) {
    return FIVE.stream()
        .allMatch(
            user ->
                since(from).stream()
                    .anyMatch(asked -> asked.user().equals(user) && asked.status() == 200));
  }

  private List<Asked> since(int from) {
    return List.copyOf(log).subList(from, log.size());
  }

  private int grants() {
    return answers(question -> story.server().grant(Duration.ofHours(1)));
  }

  private int answers(Answer answer) {
    return answers(question -> answer);
  }

  /** Returns how many requests were answered otherwise. */
  private int answers(Function<Question, Answer> script) {
    int before = log.size();
    story
        .server()
        .answer(
            question -> {
              Answer answer = script.apply(question);
              log.add(new Asked(user(question), Instant.now(), answer.status()));
              return answer;
            });
    return before;
  }

  private static String user(Question question) {
    return question.field("username").orElseThrow();
  }

  private void replaceOperator(String variable, String value) {
    story.replaceOperator(story.server().url(), Map.of(variable, value));
  }

  /** Moves the operator's time on and makes it look at all five. */
  private void pass(Duration time) {
    story.moveClock(time);
    String next = "poke-" + pokes.incrementAndGet();
    FIVE.forEach(name -> story.annotates(name + "-token", "poke", next));
  }

  private void createCredential(String name) {
    story.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: %s}
        stringData: {username: %s, password: secret, client_id: app, client_secret: hush}
        """
            .formatted(name, name));
    story.createCredential(name, "{credentialsSecretRef: {name: %s}}".formatted(name));
  }
}
