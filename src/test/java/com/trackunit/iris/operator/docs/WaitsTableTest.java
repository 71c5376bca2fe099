package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.renewal.Backoff;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.LoginStanding;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.support.Docs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of waits is the operator's. */
class WaitsTableTest {
  private static final String WAITS = "### After a failure";
  private static final Pattern WAIT = Pattern.compile("(\\d+) (s|min|h)\\b");
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");
  private static final int OFTEN = 1_000;

  static Stream<Arguments> waits() {
    return Stream.of(
        argumentSet("broken", "the exchange broke", 1.0, List.of(RetryClass.TRANSIENT)),
        argumentSet("limited", "429", 0.0, List.of(RetryClass.LIMITED)),
        argumentSet("untrusted", "a certificate", 0.0, List.of(RetryClass.UNTRUSTED)),
        argumentSet(
            "refused otherwise",
            "any other refusal",
            0.0,
            List.of(RetryClass.CONFIGURATION, RetryClass.RESTRICTED)),
        argumentSet("Kubernetes", "the Kubernetes API failed", 0.0, List.of(RetryClass.KUBERNETES)),
        argumentSet(
            "denied", "the Kubernetes API refused", 0.0, List.of(RetryClass.KUBERNETES_DENIED)));
  }

  @ParameterizedTest
  @MethodSource("waits")
  void tellsTheFirstWaitAndTheLongestOfItsDoublings(
      String failed, double draw, List<RetryClass> kinds) {
    String next = nextTry(failed);
    assertThat(next).contains("doubling to");
    assertThat(kinds)
        .allSatisfy(
            kind -> {
              assertThat(wait(kind, 2, draw)).isEqualTo(wait(kind, 1, draw).multipliedBy(2));
              assertThat(durations(next))
                  .containsExactly(wait(kind, 1, draw), wait(kind, OFTEN, draw));
            });
    assertThat(next.contains("at once when the spec changes"))
        .isEqualTo(kinds.stream().anyMatch(RetryClass::isRetriedWhenSpecChanges));
  }

  @Test
  void tellsTheWaitsOfARefusedLoginAndHowTheShortestIsDrawn() {
    LoginRejections first = LoginRejections.first("login", NOW);
    LoginRejections second = first.tried(NOW);
    LoginRejections third = second.tried(NOW);
    assertThat(durations(nextTry("the login was refused")))
        .containsExactly(
            Duration.between(NOW, first.nextTry()), Duration.between(NOW, second.nextTry()));
    assertThat(nextTry("the login was refused")).contains("then once a day");
    assertThat(third.nextTry()).isEqualTo(NOW.plus(Duration.ofDays(1)));
    assertThat(third.tried(NOW).nextTry()).isEqualTo(third.nextTry());
    assertThat(nextTry("the exchange broke"))
        .startsWith(wait(RetryClass.TRANSIENT, 1, 0).toSeconds() + "–");
  }

  @Test
  void tellsTheWaitsOfALoginThatHadBeenAccepted() {
    LoginStanding accepted = new LoginStanding(true, Duration.ZERO);
    List<Duration> waits = new ArrayList<>();
    LoginRejections known = LoginRejections.first("login", accepted, NOW);
    for (int refusals = 1; refusals <= 5; refusals++) {
      waits.add(Duration.between(known.lastTry(), known.nextTry()));
      known = known.tried(refusals, accepted, known.nextTry());
    }
    String next = nextTry("a login that had been accepted");
    assertThat(durations(next)).isEqualTo(waits.subList(0, 4));
    assertThat(next).contains("then once a day");
    assertThat(waits.getLast()).isEqualTo(Duration.ofDays(1));
  }

  @Test
  void tellsNoWaitThatIsNotComparedHere() {
    assertThat(Docs.table(WAITS)).hasSize((int) waits().count() + 2);
  }

  private static String nextTry(String failed) {
    return Docs.table(WAITS).stream()
        .filter(row -> row.get("what failed").startsWith(failed))
        .map(row -> row.get("next try"))
        .findFirst()
        .orElseThrow();
  }

  private static Duration wait(RetryClass kind, int count, double draw) {
    return Backoff.delay(kind, count, Duration.ZERO, Duration.ZERO, draw);
  }

  private static List<Duration> durations(String told) {
    return WAIT.matcher(told).results().map(WaitsTableTest::duration).toList();
  }

  private static Duration duration(MatchResult told) {
    long count = Long.parseLong(told.group(1));
    return switch (told.group(2)) {
      case "s" -> Duration.ofSeconds(count);
      case "min" -> Duration.ofMinutes(count);
      default -> Duration.ofHours(count);
    };
  }
}
