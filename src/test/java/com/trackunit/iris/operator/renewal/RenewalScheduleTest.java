package com.trackunit.iris.operator.renewal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.Generate.constant;
import static org.quicktheories.generators.Generate.longRange;
import static org.quicktheories.generators.Generate.range;
import static org.quicktheories.generators.SourceDSL.doubles;
import static org.quicktheories.generators.SourceDSL.strings;

import com.trackunit.iris.operator.renewal.RenewalSchedule.Remark;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.quicktheories.core.Gen;

/** When a token is renewed: the arithmetic by example, and what holds for every life. */
class RenewalScheduleTest {
  private static final Instant ISSUED = Instant.parse("2026-05-04T12:00:00Z");
  private static final RenewBefore DEFAULT = new RenewBefore.ByDefault();
  private static final long TEN_YEARS = 315_360_000;

  static Stream<Arguments> renewals() {
    return Stream.of(
        argumentSet(
            "by default, lowest jitter: half of the life", 3600, DEFAULT, 0.0, 1800, Remark.NONE),
        argumentSet(
            "by default, highest jitter: two thirds of the life",
            3600,
            DEFAULT,
            0.999_999,
            2411,
            Remark.NONE),
        argumentSet(
            "1200 s, highest jitter: two thirds", 1200, DEFAULT, 0.999_999, 803, Remark.NONE),
        argumentSet(
            "a margin: that long before the end", 3600, margin(1200), 0.5, 2400, Remark.NONE),
        argumentSet(
            "a percentage: when that share is left", 3600, percentage(40), 0.5, 2160, Remark.NONE),
        argumentSet(
            "a margin smaller than twice the mount's lag: not so late",
            3600,
            margin(60),
            0.5,
            3360,
            Remark.NONE),
        argumentSet(
            "a percentage smaller than twice the mount's lag: not so late",
            3600,
            percentage(1),
            0.5,
            3360,
            Remark.NONE),
        argumentSet(
            "a margin that leaves 10 s: taken", 3600, margin(3590), 0.0, 10, Remark.MANY_REQUESTS),
        argumentSet(
            "99 percent: every 36 s, as asked",
            3600,
            percentage(99),
            0.0,
            36,
            Remark.MANY_REQUESTS),
        argumentSet(
            "76 percent: twice as often as by default and more",
            3600,
            percentage(76),
            0.0,
            864,
            Remark.MANY_REQUESTS),
        argumentSet("75 percent: not worth a remark", 3600, percentage(75), 0.0, 900, Remark.NONE),
        argumentSet(
            "a margin that leaves 9 s: refused",
            3600,
            margin(3591),
            0.0,
            1800,
            Remark.MARGIN_REFUSED),
        argumentSet(
            "a margin longer than the life: refused",
            3600,
            margin(7200),
            0.0,
            1800,
            Remark.MARGIN_REFUSED),
        argumentSet(
            "480 s, highest jitter: not later than twice the mount's lag before the end",
            480,
            DEFAULT,
            0.999,
            240,
            Remark.NONE),
        argumentSet(
            "479 s, highest jitter: the rule alone", 479, DEFAULT, 0.999_999, 320, Remark.NONE),
        argumentSet(
            "479 s, a small margin: as the user says", 479, margin(20), 0.0, 459, Remark.NONE),
        argumentSet("240 s: not short yet", 240, DEFAULT, 0.0, 120, Remark.NONE),
        argumentSet("239 s: half, and short", 239, DEFAULT, 0.999, 119, Remark.SHORT_LIFETIME),
        argumentSet(
            "239 s and a margin: half, and short",
            239,
            margin(200),
            0.0,
            119,
            Remark.SHORT_LIFETIME),
        argumentSet("one second: at once", 1, DEFAULT, 0.5, 0, Remark.SHORT_LIFETIME));
  }

  @ParameterizedTest
  @MethodSource("renewals")
  void renewsAfter(long life, RenewBefore wish, double jitter, long expected, Remark remark) {
    RenewalSchedule.Renewal renewal = RenewalSchedule.of(life(life), wish, jitter);
    assertThat(Duration.between(ISSUED, renewal.at()).toSeconds()).isEqualTo(expected);
    assertThat(renewal.remark()).isEqualTo(remark);
  }

  @Test
  void everyRenewalIsWithinTheLife() {
    qt().forAll(longRange(1, TEN_YEARS), wishes(), draws())
        .checkAssert(RenewalScheduleTest::everyRenewalIsWithinTheLife);
  }

  private static void everyRenewalIsWithinTheLife(long seconds, RenewBefore wish, double jitter) {
    Lifetime life = life(seconds);
    Instant at = RenewalSchedule.of(life, wish, jitter).at();
    assertThat(at).isBetween(life.issuedAt(), life.expiresAt());
    assertThat(life.length()).isLessThanOrEqualTo(Lifetime.LONGEST);
  }

  @Test
  void aLongLifeLeavesTwiceTheMountsLag() {
    qt().forAll(longRange(480, TEN_YEARS), wishes(), draws())
        .checkAssert(RenewalScheduleTest::aLongLifeLeavesTwiceTheMountsLag);
  }

  private static void aLongLifeLeavesTwiceTheMountsLag(
      long seconds, RenewBefore wish, double jitter) {
    Lifetime life = life(seconds);
    Instant at = RenewalSchedule.of(life, wish, jitter).at();
    assertThat(Duration.between(at, life.expiresAt()))
        .isGreaterThanOrEqualTo(RenewalSchedule.MOUNT_LAG.multipliedBy(2));
    assertThat(Duration.between(life.issuedAt(), at))
        .isGreaterThanOrEqualTo(RenewalSchedule.LEAST_USE);
  }

  @Test
  void byDefaultAtLeastAThirdIsLeft() {
    qt().forAll(longRange(240, TEN_YEARS), draws())
        .checkAssert(RenewalScheduleTest::byDefaultAtLeastAThirdIsLeft);
  }

  private static void byDefaultAtLeastAThirdIsLeft(long seconds, double jitter) {
    Lifetime life = life(seconds);
    Duration used = Duration.between(ISSUED, RenewalSchedule.of(life, DEFAULT, jitter).at());
    assertThat(used)
        .isBetween(
            life.length().dividedBy(2).minusSeconds(1),
            life.length().multipliedBy(67).dividedBy(100));
  }

  @Test
  void aDrawIsAlwaysTheSameAndInRange() {
    qt().forAll(strings().allPossible().ofLengthBetween(0, 100), longRange(0, 4_000_000_000L))
        .checkAssert(RenewalScheduleTest::aDrawIsAlwaysTheSameAndInRange);
  }

  private static void aDrawIsAlwaysTheSameAndInRange(String uid, long second) {
    Instant at = Instant.ofEpochSecond(second);
    assertThat(Jitter.of(uid, at))
        .isGreaterThanOrEqualTo(0)
        .isLessThan(1)
        .isEqualTo(Jitter.of(uid, at.plusNanos(999_999_999)));
  }

  @Test
  void drawsSpreadEvenly() {
    double sum = 0;
    for (int i = 0; i < 10_000; i++) {
      sum += Jitter.of("uid-" + i, ISSUED);
    }
    assertThat(sum / 10_000).isBetween(0.49, 0.51);
  }

  @Test
  void aLifeIsInWholeSecondsAndNeverLongerThanPromised() {
    Lifetime life = Lifetime.of(ISSUED.plusMillis(900), Duration.ofSeconds(3600));
    assertThat(life).isEqualTo(new Lifetime(ISSUED, ISSUED.plusSeconds(3600)));
    assertThat(life.isOver(ISSUED.plusMillis(3_599_999))).isFalse();
    assertThat(life.isOver(ISSUED.plusSeconds(3600))).isTrue();
  }

  @Test
  void aRepeatedTokenKeepsTheEarlierEnd() {
    Lifetime life = life(3600);
    assertThat(life.endingNoLaterThan(ISSUED.plusSeconds(100)).length()).hasSeconds(100);
    assertThat(life.endingNoLaterThan(ISSUED.plusSeconds(4000))).isEqualTo(life);
  }

  private static Gen<RenewBefore> wishes() {
    Gen<RenewBefore> margins = longRange(0, 2 * TEN_YEARS).map(RenewalScheduleTest::margin);
    return constant(DEFAULT).mix(margins).mix(range(1, 99).map(RenewalScheduleTest::percentage));
  }

  private static Gen<Double> draws() {
    return doubles().between(0, Math.nextDown(1.0));
  }

  private static Lifetime life(long seconds) {
    return Lifetime.of(ISSUED, Duration.ofSeconds(seconds));
  }

  private static RenewBefore margin(long seconds) {
    return new RenewBefore.Margin(Duration.ofSeconds(seconds));
  }

  private static RenewBefore percentage(int percent) {
    return new RenewBefore.Percentage(percent);
  }
}
