package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Fifty credentials with lives of 20 to 40 s in real time, as their authorization server sees it.
 */
@Isolated("compares the order and the seconds of requests")
class GateStoriesIT {
  private static final int FIFTY = 50;
  private static final int TWENTY = 20;
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration OUTAGE = Duration.ofSeconds(25);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(8);
  private static final Answer UNAVAILABLE = Answer.json(503, "");
  private static final Answer LIMITED =
      new Answer(429, Map.of("Retry-After", "" + RETRY_AFTER.toSeconds()), "");

  @RegisterExtension private final Story story = new Story();
  private final List<Asked> log = new CopyOnWriteArrayList<>();
  private final Map<String, Instant> expiries = new ConcurrentHashMap<>();

  private record Asked(String user, Instant at, int status) {}

  @Test
  void fiftyThroughAnOutageAndAFlood() {
    answer((user, at) -> granted(user, at));
    long beginning = story.mark();
    IntStream.range(0, FIFTY).mapToObj("c%02d"::formatted).forEach(this::order);
    await("first tokens").atMost(LONG).until(() -> expiries.size() == FIFTY);
    // One target each, however long it waits.
    assertThat(story.allCalls(beginning))
        .filteredOn(call -> call.user().equals(ControlPlane.OPERATOR) && call.code() == 404)
        .hasSizeLessThanOrEqualTo(FIFTY);

    List<Asked> outage = during(UNAVAILABLE, OUTAGE);
    assertProbesOneByOne(outage);
    assertThat(story.metrics()).contains("iris_endpoint_circuit_open{grant_type=\"password\"} 1.0");

    assertRecoversInTheOrderOfExpiry(outage);
    assertThat(story.metrics()).contains("iris_endpoint_circuit_open{grant_type=\"password\"} 0.0");

    List<Asked> flood = during(LIMITED, RETRY_AFTER.plusSeconds(4));
    assertNobodyAsksInsideRetryAfter(flood);

    Instant well = Instant.now();
    answer((user, at) -> granted(user, at));
    await("all well again").atMost(LONG).until(() -> servedSince(well).size() == FIFTY);
    assertWithinTheCap(5);
  }

  @Test
  void twentyAtOnceAskNoMoreThanAllowed() {
    story.replaceOperator(story.server().url(), Map.of("IRIS_MAX_REQUESTS_PER_SECOND", "2"));
    answer((user, at) -> granted(user, at));
    IntStream.range(0, TWENTY).mapToObj("c%02d"::formatted).forEach(this::order);

    await("first tokens").atMost(LONG).until(() -> expiries.size() == TWENTY);

    assertWithinTheCap(2);
  }

  /** With room for one at a time, whoever asks nobody must not keep it. */
  @Test
  void aTurnThatIsNotUsedIsGivenBack() {
    story.replaceOperator(story.server().url(), Map.of("IRIS_MAX_CONCURRENT_REQUESTS", "1"));
    story.order("without-login", "{credentialsSecretRef: {name: missing}}");
    await()
        .until(
            () -> story.condition("without-login", "Renewed"),
            "False CredentialsSecretNotFound"::equals);

    story.issued();

    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
  }

  // Five broken requests open it, while seven more may be in flight; then one at a time, two
  // seconds apart and more.
  private static void assertProbesOneByOne(List<Asked> outage) {
    List<Integer> close =
        IntStream.range(1, outage.size())
            .filter(
                i ->
                    Duration.between(outage.get(i - 1).at(), outage.get(i).at())
                            .compareTo(Duration.ofMillis(1900))
                        < 0)
            .boxed()
            .toList();
    assertThat(close).allSatisfy(i -> assertThat(i).isLessThan(5 + 7));
    assertThat(outage).hasSizeBetween(close.size() + 4, 24);
  }

  private void assertRecoversInTheOrderOfExpiry(List<Asked> outage) {
    Map<String, Instant> before = Map.copyOf(expiries);
    Set<String> triedInVain = new HashSet<>(outage.stream().map(Asked::user).toList());
    Instant well = Instant.now();
    answer((user, at) -> granted(user, at));
    await("recovery").atMost(LONG).until(() -> servedSince(well).size() == FIFTY);

    // The first is the probe, which the next one to come makes; those that were tried in vain have
    // a wait of their own.
    List<String> served =
        servedSince(well).stream().skip(1).filter(user -> !triedInVain.contains(user)).toList();
    List<String> byExpiry = served.stream().sorted(Comparator.comparing(before::get)).toList();
    assertThat(served).hasSizeGreaterThan(FIFTY / 2);
    // As many as may ask at once come in any order.
    assertThat(served)
        .allSatisfy(
            user ->
                assertThat(served.indexOf(user))
                    .isBetween(byExpiry.indexOf(user) - 6, byExpiry.indexOf(user) + 6));
  }

  private static void assertNobodyAsksInsideRetryAfter(List<Asked> flood) {
    Asked first = flood.getFirst();
    Asked second =
        flood.stream()
            .filter(asked -> !asked.user().equals(first.user()))
            .findFirst()
            .orElseThrow();
    // What was on its way already arrives within half a second.
    Instant from = second.at().plusMillis(500);
    Instant to = second.at().plus(RETRY_AFTER);
    assertThat(flood).noneMatch(asked -> asked.at().isAfter(from) && asked.at().isBefore(to));
    assertThat(flood.stream().map(Asked::user)).doesNotHaveDuplicates();
  }

  private void assertWithinTheCap(int perSecond) {
    for (int seconds : new int[] {1, 10, 60}) {
      Duration window = Duration.ofSeconds(seconds);
      assertThat(log)
          .allSatisfy(
              end ->
                  assertThat(
                          log.stream()
                              .filter(asked -> !asked.at().isAfter(end.at()))
                              .filter(asked -> asked.at().isAfter(end.at().minus(window))))
                      .hasSizeLessThanOrEqualTo(perSecond * (seconds + 2)));
    }
  }

  private List<Asked> during(Answer answer, Duration time) {
    Instant from = Instant.now();
    answer((user, at) -> answer);
    await().atMost(LONG).until(() -> Instant.now().isAfter(from.plus(time)));
    return log.stream().filter(asked -> !asked.at().isBefore(from)).toList();
  }

  /** The users in the order in which they got a token since then. */
  private List<String> servedSince(Instant from) {
    return log.stream()
        .filter(asked -> asked.status() == 200 && !asked.at().isBefore(from))
        .map(Asked::user)
        .distinct()
        .toList();
  }

  private void answer(BiFunction<String, Instant, Answer> script) {
    story
        .server()
        .answer(
            question -> {
              Instant at = Instant.now();
              String user = user(question);
              Answer answer = script.apply(user, at);
              log.add(new Asked(user, at, answer.status()));
              return answer;
            });
  }

  private Answer granted(String user, Instant at) {
    Duration life = Duration.ofSeconds(20 + user.hashCode() % 21);
    expiries.put(user, at.plus(life));
    return story.server().grant(life);
  }

  private static String user(Question question) {
    return question.field("username").orElseThrow();
  }

  private void order(String name) {
    story.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: %s}
        stringData: {username: %s, password: secret, client_id: app, client_secret: hush}
        """
            .formatted(name, name));
    story.order(name, "{credentialsSecretRef: {name: %s}}".formatted(name));
  }
}
