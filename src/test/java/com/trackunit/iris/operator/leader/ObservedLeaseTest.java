package com.trackunit.iris.operator.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a replica may take the lease. */
class ObservedLeaseTest {
  private static final int TRIES = 1000;
  private static final Instant START = Instant.EPOCH.plus(Duration.ofHours(7));

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "another holds it and was just seen,                '1', other, 0,  false",
    "another holds it and may still renew,              '1', other, 14, false",
    "another holds it and has not renewed in its term,  '1', other, 15, true",
    "another renewed it meanwhile,                      '2', other, 20, false",
    "it was given back,                                 '2', '',    0,  true",
    "it is this replica's own,                          '2', me,    0,  true"
  })
  void isFree(String when, String version, String holder, int later, boolean free) {
    ObservedLease first = ObservedLease.of(lease("1", "other"), null, START);
    Instant now = START.plusSeconds(later);

    assertThat(ObservedLease.of(lease(version, holder), first, now).isFreeFor("me", now))
        .as(when)
        .isEqualTo(free);
  }

  @Test
  void isFreeWhenNobodyEverFilledItIn() {
    Lease empty =
        new LeaseBuilder().withNewMetadata().withResourceVersion("1").endMetadata().build();

    assertThat(ObservedLease.of(empty, null, START).isFreeFor("me", START)).isTrue();
  }

  @Test
  void isNotFreeAtOnceWhenItsHolderNamedNoTerm() {
    Lease open = lease("1", "other");
    open.getSpec().setLeaseDurationSeconds(null);
    ObservedLease first = ObservedLease.of(open, null, START);

    assertThat(first.isFreeFor("me", START.plusSeconds(14))).isFalse();
    assertThat(first.isFreeFor("me", START.plusSeconds(15))).isTrue();
  }

  @Test
  void readsAnyLeaseThatTheApiServerCouldHold() {
    for (long seed = 0; seed < TRIES; seed++) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      LeaseSpec spec = new LeaseSpec();
      spec.setHolderIdentity(pick(random, null, "", "me", "other"));
      spec.setLeaseDurationSeconds(pick(random, null, -1, 0, 15, Integer.MAX_VALUE));
      spec.setLeaseTransitions(pick(random, null, -1, 0, Integer.MAX_VALUE));
      Lease lease = lease("1", "other");
      lease.setSpec(pick(random, null, spec));
      ObservedLease before = ObservedLease.of(lease("2", "me"), null, START);

      ObservedLease sighting = ObservedLease.of(lease, pick(random, null, before), START);

      assertThat(sighting.isFreeFor("me", START.plus(Duration.ofHours(2))))
          .as("seed " + seed)
          .isTrue();
      assertThat(LeaseClient.transitions(spec, true)).as("seed " + seed).isNotNegative();
    }
  }

  @Test
  void isOlderOnceTheClusterWasRestored() {
    ObservedLease before = ObservedLease.of(lease("100", "me"), null, START);

    assertThat(ObservedLease.of(lease("99", "me"), before, START).isOlderThan(before)).isTrue();
    assertThat(ObservedLease.of(lease("101", "me"), before, START).isOlderThan(before)).isFalse();
    assertThat(before.isOlderThan(null)).isFalse();
  }

  @SafeVarargs
  private static <T> T pick(RandomGenerator random, T... values) {
    return values[random.nextInt(values.length)];
  }

  // The times in it are of a clock that is an hour behind: they say nothing.
  private static Lease lease(String version, String holder) {
    return new LeaseBuilder()
        .withNewMetadata()
        .withResourceVersion(version)
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity(holder)
        .withLeaseDurationSeconds(15)
        .withRenewTime(Instant.EPOCH.atZone(ZoneOffset.UTC))
        .endSpec()
        .build();
  }
}
