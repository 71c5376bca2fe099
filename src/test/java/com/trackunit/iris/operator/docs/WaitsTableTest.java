package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.renewal.Backoff;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.LoginRejections.Verdict;
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
        argumentSet("broken", "the request broke", 1.0, List.of(RetryClass.TRANSIENT)),
        argumentSet("limited", "429", 0.0, List.of(RetryClass.LIMITED)),
        argumentSet(
            "no OAuth", "no answer of a token endpoint", 0.0, List.of(RetryClass.NOT_OAUTH)),
        argumentSet("restricted", "access restricted", 0.0, List.of(RetryClass.RESTRICTED)),
        argumentSet(
            "configuration", "any other error code", 0.0, List.of(RetryClass.CONFIGURATION)),
        argumentSet("Kubernetes", "the Kubernetes API failed", 0.0, List.of(RetryClass.KUBERNETES)),
        argumentSet(
            "denied", "the Kubernetes API refused", 0.0, List.of(RetryClass.KUBERNETES_DENIED)));
  }

  @ParameterizedTest
  @MethodSource("waits")
  void tellsTheFirstWaitAndTheLongestOfItsDoublings(
      String failed, double jitter, List<RetryClass> kinds) {
    String next = nextTry(failed);
    assertThat(next).contains("doubling to");
    assertThat(kinds)
        .allSatisfy(
            kind -> {
              assertThat(wait(kind, 2, jitter)).isEqualTo(wait(kind, 1, jitter).multipliedBy(2));
              assertThat(durations(next))
                  .containsExactly(wait(kind, 1, jitter), wait(kind, OFTEN, jitter));
            });
    assertThat(next.contains("at once when the spec changes"))
        .isEqualTo(kinds.stream().anyMatch(RetryClass::isRetriedWhenSpecChanges));
  }

  @Test
  void tellsHowTheShortestWaitIsDrawn() {
    assertThat(nextTry("the request broke"))
        .startsWith(wait(RetryClass.TRANSIENT, 1, 0).toSeconds() + "–");
  }

  static Stream<Arguments> logins() {
    LoginStanding accepted = new LoginStanding(true, Duration.ZERO);
    return Stream.of(
        argumentSet("refused", "the login was refused", LoginStanding.UNPROVEN, Verdict.REFUSED, 3),
        argumentSet("no answer", "no answer in time", LoginStanding.UNPROVEN, Verdict.NONE, 3),
        argumentSet(
            "accepted before", "a login that had been accepted", accepted, Verdict.REFUSED, 4));
  }

  @ParameterizedTest
  @MethodSource("logins")
  void tellsTheWaitsOfALogin(
      String failed, LoginStanding standing, Verdict verdict, int different) {
    List<Duration> waits = new ArrayList<>();
    LoginRejections known = LoginRejections.first("login", standing, verdict, NOW);
    for (int tries = 1; tries <= different + 1; tries++) {
      waits.add(Duration.between(known.lastTry(), known.nextTry()));
      known = known.tried(standing, known.nextTry()).answered(standing, verdict);
    }
    String next = nextTry(failed);
    assertThat(durations(next)).isEqualTo(waits.subList(0, different));
    assertThat(next).contains("then once a day");
    assertThat(waits.getLast()).isBetween(Duration.ofHours(22), Duration.ofDays(1));
  }

  @Test
  void tellsNoWaitThatIsNotComparedHere() {
    assertThat(Docs.table(WAITS)).hasSize((int) (waits().count() + logins().count()));
  }

  private static String nextTry(String failed) {
    return Docs.table(WAITS).stream()
        .filter(row -> row.get("what failed").startsWith(failed))
        .map(row -> row.get("next try"))
        .findFirst()
        .orElseThrow();
  }

  private static Duration wait(RetryClass kind, int count, double jitter) {
    return Backoff.delay(kind, count, Duration.ZERO, Duration.ZERO, jitter);
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
