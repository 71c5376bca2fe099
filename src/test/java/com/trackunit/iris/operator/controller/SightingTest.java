package com.trackunit.iris.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a replica may take the lease. */
class SightingTest {
  private static final long START = Duration.ofHours(7).toNanos();

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
    Sighting first = Sighting.of(lease("1", "other"), null, START);
    long now = START + Duration.ofSeconds(later).toNanos();

    assertThat(Sighting.of(lease(version, holder), first, now).isFreeFor("me", now))
        .as(when)
        .isEqualTo(free);
  }

  @Test
  void isFreeWhenNobodyEverFilledItIn() {
    Lease empty =
        new LeaseBuilder().withNewMetadata().withResourceVersion("1").endMetadata().build();

    assertThat(Sighting.of(empty, null, START).isFreeFor("me", START)).isTrue();
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
