package com.trackunit.iris.operator.leader;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.support.ControlPlane;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

/** Whether a shard is served, as its Lease tells from one look to the next. */
class ShardLeasesIT {
  private static final ZonedDateTime RENEWED = ZonedDateTime.parse("2026-05-04T12:00:00Z");

  private final ControlPlane plane = ControlPlane.get();
  private final String namespace = plane.newNamespace();
  private final ShardLeases leases = new ShardLeases(plane.admin(), namespace);

  @Test
  void aShardIsServedWhileItsLeaseIsRenewed() {
    assertThat(leases.test("north")).as("no Lease").isFalse();
    write("iris-credential-operator-north", "north-1", RENEWED);
    assertThat(leases.test("north")).as("first look").isTrue();
    assertThat(leases.test("north")).as("not renewed since").isFalse();
    write("iris-credential-operator-north", "north-1", RENEWED.plusSeconds(2));
    assertThat(leases.test("north")).as("renewed").isTrue();
    write("iris-credential-operator-north", "", RENEWED.plusSeconds(4));
    assertThat(leases.test("north")).as("given back").isFalse();
    write("iris-credential-operator-north", "north-2", RENEWED.plusSeconds(4));
    assertThat(leases.test("north")).as("led again").isTrue();
  }

  @Test
  void anEmptyLabelIsNobodysEvenWhileTheFirstOperatorLeads() {
    write("iris-credential-operator", "first", RENEWED);

    assertThat(leases.test("")).isFalse();
  }

  private void write(String name, String holder, ZonedDateTime renewed) {
    Lease lease =
        new LeaseBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(name)
            .endMetadata()
            .withNewSpec()
            .withHolderIdentity(holder)
            .withRenewTime(renewed)
            .endSpec()
            .build();
    plane.admin().resource(lease).forceConflicts().serverSideApply();
  }
}
