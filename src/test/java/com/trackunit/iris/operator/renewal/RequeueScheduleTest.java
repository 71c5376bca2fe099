package com.trackunit.iris.operator.renewal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.Generate.enumValues;
import static org.quicktheories.generators.Generate.longRange;
import static org.quicktheories.generators.SourceDSL.doubles;
import static org.quicktheories.generators.SourceDSL.lists;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.quicktheories.core.Gen;

/** When to look again: at the next instant at which something changes by time alone. */
class RequeueScheduleTest {
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");

  static Stream<Arguments> sleeps() {
    return Stream.of(
        argumentSet("nothing ahead: five minutes", seen(new TargetState.Absent()), null, 300),
        argumentSet("renewal in a minute", seen(held(60, 1800)), null, 60),
        argumentSet("renewal past, expiry in a minute", seen(held(-60, 60)), null, 60),
        argumentSet("renewal in an hour: five minutes", seen(held(3600, 7200)), null, 300),
        argumentSet("renewal this very instant: it was acted on", seen(held(0, 7200)), null, 300),
        argumentSet(
            "the next try in 20 s",
            seen(held(-60, 1800)).withFailure(failure(RetryClass.TRANSIENT, -1, 20)),
            null,
            20),
        argumentSet(
            "the floor in 4 s",
            seen(new TargetState.Absent()).withLastRequest(NOW.minusSeconds(6)),
            null,
            4),
        argumentSet(
            "the floor in 4 s, and no request that it holds back",
            seen(held(60, 1800)).withLastRequest(NOW.minusSeconds(6)),
            null,
            60),
        argumentSet(
            "a correction may be tried in 8 s",
            seen(held(-60, 1800))
                .withLoginVersion("2")
                .withFailure(failure(RetryClass.CONFIGURATION, -2, 900)),
            null,
            8),
        argumentSet(
            "a requested renewal is too soon for 8 s",
            new Observation(
                NOW,
                "spec",
                "request",
                held(60, 1800),
                failure(RetryClass.TRANSIENT, -2, 50),
                null,
                null,
                null,
                new UserRequest(false, "now", null)),
            null,
            8),
        argumentSet(
            "missing for 3 s: look in 3 s",
            seen(new TargetState.Absent()).withFailure(failure(RetryClass.WAITING, -3, -3)),
            null,
            3),
        argumentSet(
            "missing for an hour: look in a minute",
            seen(new TargetState.Absent()).withFailure(failure(RetryClass.WAITING, -3600, -3600)),
            null,
            60),
        argumentSet(
            "refused an hour ago: look in a minute",
            seen(held(-60, 1800)).withFailure(failure(RetryClass.REJECTED, -3600, 18_000)),
            null,
            60),
        argumentSet(
            "limited an hour ago: no look",
            seen(held(-60, 1800)).withFailure(failure(RetryClass.LIMITED, -3600, 200)),
            null,
            200),
        argumentSet(
            "an earlier credential's Secret, this one 4 s old",
            created(4, new TargetState.Predecessor()),
            null,
            4),
        argumentSet(
            "an earlier credential's Secret, this one 33 s old: when the collector's minute is over",
            created(33, new TargetState.Predecessor()),
            null,
            27),
        argumentSet("a call to be repeated in 7 s", seen(held(60, 1800)), NOW.plusSeconds(7), 7));
  }

  @ParameterizedTest
  @MethodSource("sleeps")
  void sleeps(Observation seen, @Nullable Instant retry, long expected) {
    assertThat(RequeueSchedule.after(seen, retry, NOW, 0)).hasSeconds(expected);
  }

  @Test
  void neverLessThanASecond() {
    Instant halfASecondBefore = NOW.plusSeconds(60).minusMillis(500);
    assertThat(RequeueSchedule.after(seen(held(60, 1800)), null, halfASecondBefore, 0))
        .hasSeconds(1);
  }

  @Test
  void theSleepsOfManySpreadByATenth() {
    assertThat(RequeueSchedule.after(seen(new TargetState.Absent()), null, NOW, 0.5))
        .hasSeconds(285);
  }

  @Test
  void neverInThePastAndNeverBeyondFiveMinutes() {
    qt().forAll(
            lists().of(longRange(-4_000_000, 4_000_000)).ofSize(4),
            enumValues(RetryClass.class),
            draws())
        .checkAssert(RequeueScheduleTest::neverInThePastAndNeverBeyondFiveMinutes);
  }

  private static void neverInThePastAndNeverBeyondFiveMinutes(
      List<Long> seconds, RetryClass kind, double jitter) {
    Observation seen =
        seen(held(seconds.get(0), seconds.get(1)))
            .withFailure(failure(kind, seconds.get(2), seconds.get(3)));
    assertThat(RequeueSchedule.after(seen, null, NOW, jitter))
        .isBetween(Duration.ofSeconds(1), Duration.ofMinutes(5));
  }

  /**
   * A server that always grants, whatever life it promises: the floor holds, and nothing sleeps
   * through a renewal.
   */
  @Test
  void neverTwoSuccessesWithinTenSeconds() {
    qt().withExamples(300)
        .forAll(longRange(1, 100_000), draws())
        .checkAssert(RequeueScheduleTest::neverTwoSuccessesWithinTenSeconds);
  }

  private static void neverTwoSuccessesWithinTenSeconds(long life, double jitter) {
    Instant now = NOW;
    Observation seen = seen(new TargetState.Absent());
    Instant last = null;
    for (int step = 0; step < 400; step++) {
      if (RenewalPlanner.plan(seen, now) instanceof Plan.Ask) {
        if (last != null) {
          assertThat(Duration.between(last, now))
              .isGreaterThanOrEqualTo(RenewalPlanner.MINIMUM_INTERVAL);
        }
        last = now;
        seen = seen(issued(now, life, jitter)).withLastRequest(now);
      }
      now = now.plus(RequeueSchedule.after(seen, null, now, jitter));
    }
    assertThat(last).isAfter(NOW);
  }

  private static Gen<Double> draws() {
    return doubles().between(0, Math.nextDown(1.0));
  }

  private static TargetState issued(Instant now, long life, double jitter) {
    Lifetime lifetime = Lifetime.of(now, Duration.ofSeconds(life));
    Instant renewAt = RenewalSchedule.of(lifetime, new RenewBefore.ByDefault(), jitter).at();
    return new TargetState.Held(
        new StoredToken(lifetime, renewAt, "api", "spec", "hash", null, null), false, false);
  }

  private static Observation seen(TargetState target) {
    return created(7200, target);
  }

  private static Observation created(long secondsAgo, TargetState target) {
    return new Observation(
        NOW.minusSeconds(secondsAgo),
        "spec",
        "request",
        target,
        null,
        null,
        null,
        null,
        UserRequest.NONE);
  }

  private static TargetState held(long renew, long expire) {
    Lifetime life = new Lifetime(NOW.minusSeconds(3600), NOW.plusSeconds(expire));
    return new TargetState.Held(
        new StoredToken(life, NOW.plusSeconds(renew), "api", "spec", "hash", null, null),
        false,
        false);
  }

  private static RetryState failure(RetryClass kind, long last, long next) {
    return new RetryState(
        kind, "Reason", 2, NOW.plusSeconds(last), NOW.plusSeconds(next), "request", "1", null);
  }
}
