package com.trackunit.iris.operator.renewal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of waits. */
class BackoffTest {
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");

  static Stream<Arguments> waits() {
    return Stream.of(
        argumentSet("transient, first, lowest jitter", RetryClass.TRANSIENT, 1, 0, 0, 0.0, 1_000),
        argumentSet("transient, first, half", RetryClass.TRANSIENT, 1, 0, 0, 0.5, 1_500),
        argumentSet("transient, third", RetryClass.TRANSIENT, 3, 0, 0, 0.0, 4_000),
        argumentSet("transient, sixth: at most 60 s", RetryClass.TRANSIENT, 6, 0, 0, 0.0, 30_000),
        argumentSet("transient, thousandth: still", RetryClass.TRANSIENT, 1000, 0, 0, 0.0, 30_000),
        argumentSet(
            "transient, 40 s of the token left: an eighth of it",
            RetryClass.TRANSIENT,
            6,
            0,
            40,
            0.0,
            5_000),
        argumentSet(
            "transient, 8 s of the token left: at least 2 s",
            RetryClass.TRANSIENT,
            6,
            0,
            8,
            0.0,
            2_000),
        argumentSet(
            "transient, first, 8 s left: its own is shorter",
            RetryClass.TRANSIENT,
            1,
            0,
            8,
            0.0,
            1_000),
        argumentSet("limited, nothing asked", RetryClass.LIMITED, 1, 0, 0, 0.0, 30_000),
        argumentSet(
            "limited, 5 s asked: our own is longer", RetryClass.LIMITED, 1, 5, 0, 0.0, 30_000),
        argumentSet("limited, an hour asked", RetryClass.LIMITED, 1, 3600, 0, 0.0, 3_600_000),
        argumentSet(
            "limited, an hour asked, half a jitter: a tenth more",
            RetryClass.LIMITED,
            1,
            3600,
            0,
            0.5,
            3_960_000),
        argumentSet("limited, sixth: at most 15 min", RetryClass.LIMITED, 6, 0, 0, 0.0, 900_000),
        argumentSet(
            "limited, 8 s of the token left: no hurry", RetryClass.LIMITED, 1, 0, 8, 0.0, 30_000),
        argumentSet(
            "rejected: what is left of the login's wait",
            RetryClass.REJECTED,
            1,
            77,
            0,
            0.9,
            77_000),
        argumentSet(
            "configuration, first: 15 min", RetryClass.CONFIGURATION, 1, 0, 0, 0.9, 900_000),
        argumentSet(
            "configuration, second: 30 min", RetryClass.CONFIGURATION, 2, 0, 0, 0.9, 1_800_000),
        argumentSet(
            "configuration, sixth: at most 6 h",
            RetryClass.CONFIGURATION,
            6,
            0,
            0,
            0.9,
            21_600_000),
        argumentSet(
            "limited, 480 s of the token left, nothing asked: a quarter of it",
            RetryClass.LIMITED,
            4,
            0,
            480,
            0.0,
            120_000),
        argumentSet(
            "limited, 300 s asked: not sooner, though the token ends",
            RetryClass.LIMITED,
            1,
            300,
            200,
            0.0,
            300_000),
        argumentSet("503, 120 s asked: not sooner", RetryClass.TRANSIENT, 1, 120, 0, 0.0, 120_000),
        argumentSet("malformed, fourth", RetryClass.MALFORMED, 4, 0, 0, 0.0, 8_000),
        argumentSet("malformed, fifth in a row", RetryClass.MALFORMED, 5, 0, 0, 0.9, 900_000),
        argumentSet("malformed, sixth", RetryClass.MALFORMED, 6, 0, 0, 0.9, 1_800_000),
        argumentSet(
            "configuration, 40 s of the token left: the last try 10 s before its end",
            RetryClass.CONFIGURATION,
            2,
            0,
            40,
            0.5,
            30_000),
        argumentSet(
            "restricted, 65 s of the token left: the last try 15 s before its end at most",
            RetryClass.RESTRICTED,
            1,
            0,
            65,
            1.0,
            50_000),
        argumentSet(
            "configuration, 15 s of the token left: too late for a last try",
            RetryClass.CONFIGURATION,
            1,
            0,
            15,
            0.5,
            900_000),
        argumentSet(
            "no verdict: what is left of the login's wait",
            RetryClass.NO_VERDICT,
            1,
            77,
            0,
            0.9,
            77_000),
        argumentSet("restricted, first: 15 min", RetryClass.RESTRICTED, 1, 0, 0, 0.9, 900_000),
        argumentSet("untrusted, first: 1 min", RetryClass.NOT_OAUTH, 1, 0, 0, 0.9, 60_000),
        argumentSet(
            "untrusted, twentieth: at most 6 h", RetryClass.NOT_OAUTH, 20, 0, 0, 0.9, 21_600_000),
        argumentSet(
            "configuration, 480 s of the token left: a quarter of it",
            RetryClass.CONFIGURATION,
            1,
            0,
            480,
            0.9,
            120_000),
        argumentSet(
            "configuration, 100 s of the token left: at least a minute",
            RetryClass.CONFIGURATION,
            3,
            0,
            100,
            0.9,
            60_000),
        argumentSet(
            "configuration, a day of the token left: its own is shorter",
            RetryClass.CONFIGURATION,
            1,
            0,
            86_400,
            0.9,
            900_000),
        argumentSet(
            "restricted, 480 s of the token left: a quarter of it",
            RetryClass.RESTRICTED,
            1,
            0,
            480,
            0.9,
            120_000),
        argumentSet(
            "untrusted, tenth, 480 s of the token left: a quarter of it",
            RetryClass.NOT_OAUTH,
            10,
            0,
            480,
            0.9,
            120_000),
        argumentSet("Kubernetes, first: 1 s", RetryClass.KUBERNETES, 1, 0, 0, 0.9, 1_000),
        argumentSet(
            "Kubernetes, seventh: at most 60 s", RetryClass.KUBERNETES, 7, 0, 0, 0.9, 60_000),
        argumentSet("denied, first: 1 min", RetryClass.KUBERNETES_DENIED, 1, 0, 0, 0.9, 60_000),
        argumentSet(
            "denied, fifth: at most 10 min", RetryClass.KUBERNETES_DENIED, 5, 0, 0, 0.9, 600_000),
        argumentSet("missing: no wait, only looks", RetryClass.WAITING, 5, 0, 0, 0.9, 0));
  }

  @ParameterizedTest
  @MethodSource("waits")
  void waits(
      RetryClass kind, int count, long retryAfter, long tokenLeft, double jitter, long millis) {
    assertThat(
            Backoff.delay(
                kind, count, Duration.ofSeconds(retryAfter), Duration.ofSeconds(tokenLeft), jitter))
        .hasMillis(millis);
  }

  static Stream<Arguments> followings() {
    return Stream.of(
        argumentSet("cut short: the first again", RetryClass.CONFIGURATION, 120, 1),
        argumentSet("the first: the second", RetryClass.CONFIGURATION, 900, 2),
        argumentSet("the first, rounded up: the second", RetryClass.CONFIGURATION, 901, 2),
        argumentSet("the second, cut short: again", RetryClass.CONFIGURATION, 1_700, 2),
        argumentSet("a certificate's first: the second", RetryClass.NOT_OAUTH, 60, 2),
        argumentSet("the longest: the longest", RetryClass.CONFIGURATION, 21_600, 20));
  }

  @ParameterizedTest
  @MethodSource("followings")
  void followings(RetryClass kind, long last, int expected) {
    assertThat(Backoff.following(kind, Duration.ofSeconds(last))).isEqualTo(expected);
  }

  static Stream<Arguments> looks() {
    return Stream.of(
        argumentSet("just gone: after a second", 0, 1),
        argumentSet("for 3 s: after 3 more", 3, 3),
        argumentSet("for an hour: every minute", 3600, 60),
        argumentSet("since a future time: after a second", -5, 1));
  }

  @ParameterizedTest
  @MethodSource("looks")
  void looks(long missing, long expected) {
    assertThat(Backoff.look(Duration.ofSeconds(missing))).hasSeconds(expected);
  }

  @Test
  void aWaitIsNeverShortenedByBeingWrittenDown() {
    RetryState failure = failure(NOW.plusMillis(400), NOW.plusMillis(1_400));
    assertThat(failure.lastTime()).isEqualTo(NOW);
    assertThat(failure.nextAttempt()).isEqualTo(NOW.plusSeconds(2));
    assertThat(failure(NOW, NOW.plusSeconds(1)).nextAttempt()).isEqualTo(NOW.plusSeconds(1));
  }

  @Test
  void aClockThatWasSetBackStartsTheSameWaitAnew() {
    RetryState before = failure(NOW, NOW.plusSeconds(30));
    RetryState back = before.asOf(NOW.minusSeconds(3600));
    assertThat(back.lastTime()).isEqualTo(NOW.minusSeconds(3600));
    assertThat(back.nextAttempt()).isEqualTo(NOW.minusSeconds(3570));
    assertThat(before.asOf(NOW)).isSameAs(before);
  }

  private static RetryState failure(Instant last, Instant next) {
    return new RetryState(RetryClass.TRANSIENT, "Reason", 1, last, next, "request", null, null);
  }
}
