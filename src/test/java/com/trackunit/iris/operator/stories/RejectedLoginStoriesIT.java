package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Logins that the server accepted before and refuses now: all of them for a while, or one. */
class RejectedLoginStoriesIT {
  private static final Duration FIRST_PROBE = Duration.ofSeconds(61);
  private static final Duration SECOND_PROBE = Duration.ofSeconds(121);
  private static final List<String> NAMES = List.of("one", "two", "three", "four", "five");

  @RegisterExtension private final Story story = new Story();
  private final Map<String, List<Instant>> refusals = new ConcurrentHashMap<>();

  @Test
  void aServerThatRefusesEverybodyForMinutesCostsNobodyAValidToken() {
    NAMES.forEach(this::issued);
    Map<String, Instant> expiries = new ConcurrentHashMap<>();
    NAMES.forEach(name -> expiries.put(name, expiry(name)));

    refuse(user -> true);
    story.moveClock(Story.UNTIL_DUE);
    // Those that were not refused yet are sent in their own right.
    int refused = NAMES.size();
    pokeUntil(() -> total() == refused && NAMES.stream().anyMatch(this::toldOfAll));

    story.moveClock(FIRST_PROBE);
    pokeUntil(() -> total() == refused + 1);
    poke();
    await().during(Story.A_WHILE).until(() -> total() == refused + 1);

    refuse(user -> false);
    story.moveClock(SECOND_PROBE);
    Predicate<String> renewed = name -> expiry(name).isAfter(expiries.get(name));
    pokeUntil(() -> NAMES.stream().filter(renewed).count() >= NAMES.size() - 1);
    // Who probed was tried twice. The third try of ten minutes is kept for a correction.
    story.moveClock(minutes(8));
    pokeUntil(() -> NAMES.stream().allMatch(renewed));

    assertThat(expiries.values()).allMatch(expiry -> story.now().isBefore(expiry));
    assertThat(refusals.values()).allMatch(times -> times.size() <= 2);
    assertThat(NAMES)
        .allMatch(name -> story.condition(name, "Renewed").equals("True Succeeded"))
        .allMatch(name -> story.status(name).failures() == null);
  }

  @Test
  void elevenMinutesCostTheOnlyLoginNoValidTokenAcrossARestart() {
    issued("one");
    Instant expiry = expiry("one");

    refuse(user -> true);
    story.moveClock(Story.UNTIL_DUE);
    pokeUntil(() -> total() == 1);
    Instant began = story.now();
    awaitHeldBack("one");
    story.restartOperator();
    story.moveClock(Duration.between(story.now(), nextTry("one")));
    pokeUntil(() -> total() == 2);
    awaitHeldBack("one");
    story.restartOperator();
    story.moveClock(Duration.between(story.now(), nextTry("one")));
    refuse(user -> false);
    pokeUntil(() -> expiry("one").isAfter(expiry));

    assertThat(Duration.between(began, story.now())).isGreaterThan(Duration.ofMinutes(11));
    assertThat(story.now()).isBefore(expiry.minusSeconds(91));
  }

  @Test
  void oneChangedPasswordIsTriedFiveTimesADayAndCostsTheOthersNothing() {
    List<String> three = List.of("one", "two", "three");
    three.forEach(this::issued);

    refuse("user-one"::equals);
    story.moveClock(Story.UNTIL_DUE);
    pokeUntil(() -> total() == 1 && requests("user-two") == 2 && requests("user-three") == 2);
    for (int tries = 2; tries <= 7; tries++) {
      int expected = tries;
      awaitHeldBack("one");
      if (tries == 4) {
        story.restartOperator();
      }
      story.moveClock(Duration.between(story.now(), nextTry("one")));
      pokeUntil(() -> total() == expected);
    }

    List<Instant> times = refusals.get("user-one");
    assertThat(Duration.between(times.get(0), times.get(2))).isLessThan(Duration.ofMinutes(19));
    assertThat(Duration.between(times.get(0), times.get(3))).isBetween(minutes(60), minutes(61));
    assertThat(Duration.between(times.get(3), times.get(4))).isBetween(hours(6), hours(7));
    assertThat(Duration.between(times.get(4), times.get(5))).isBetween(hours(24), hours(25));
    assertThat(Duration.between(times.get(5), times.get(6))).isBetween(hours(24), hours(25));
    assertApart(times, 3, minutes(30));
    assertApart(times, 5, hours(24));
    assertThat(story.condition("two", "Renewed")).isEqualTo("True Succeeded");
    assertThat(story.condition("one", "Renewed")).isEqualTo("False CredentialsRejected");
  }

  private static void assertApart(List<Instant> times, int most, Duration window) {
    IntStream.range(most, times.size())
        .forEach(
            i ->
                assertThat(Duration.between(times.get(i - most), times.get(i)))
                    .isGreaterThanOrEqualTo(window));
  }

  private void issued(String name) {
    story.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: %s, labels: {iris.trackunit.com/credentials: "true"}}
        stringData: {username: user-%s, password: secret, client_id: app, client_secret: hush}
        """
            .formatted(name, name));
    story.createCredential(name, "{credentialsSecretRef: {name: %s}}".formatted(name));
    await().until(() -> story.condition(name, "Ready").equals("True TokenValid"));
  }

  private void refuse(Predicate<String> whom) {
    story
        .server()
        .answer(
            question -> {
              String user = user(question);
              if (!whom.test(user)) {
                return story.server().grant(Duration.ofHours(1));
              }
              refusals
                  .computeIfAbsent(user, unknown -> new CopyOnWriteArrayList<>())
                  .add(story.now());
              return Answer.json(401, "");
            });
  }

  private static String user(Question question) {
    return question.field("username").orElseThrow();
  }

  private long requests(String user) {
    return story.server().questions().stream().filter(one -> user(one).equals(user)).count();
  }

  private int total() {
    return refusals.values().stream().mapToInt(List::size).sum();
  }

  private boolean toldOfAll(String name) {
    return story.condition(name, "Renewed").equals("False EndpointUnavailable");
  }

  private void pokeUntil(Callable<Boolean> done) {
    await()
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              poke();
              return done.call();
            });
  }

  private void poke() {
    NAMES.stream()
        .filter(name -> story.secret(name + "-token") != null)
        .forEach(
            name ->
                story.patchSecret(
                    name + "-token",
                    "{metadata: {annotations: {poke: '%d'}}}".formatted(System.nanoTime())));
  }

  private void awaitHeldBack(String name) {
    await()
        .until(() -> story.status(name).failures() != null && nextTry(name).isAfter(story.now()));
  }

  private Instant nextTry(String name) {
    return Objects.requireNonNull(story.status(name).failures()).nextAttemptTime();
  }

  private Instant expiry(String name) {
    return Objects.requireNonNull(story.status(name).token()).expiresAt();
  }

  private static Duration minutes(long minutes) {
    return Duration.ofMinutes(minutes);
  }

  private static Duration hours(long hours) {
    return Duration.ofHours(hours);
  }
}
