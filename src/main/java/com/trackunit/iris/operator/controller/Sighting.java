package com.trackunit.iris.operator.controller;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a replica saw of the lease, and since when nobody has renewed it.
 *
 * <p>Reckons in time that elapsed here and never by the times another replica wrote, so that skewed
 * clocks make no second leader.
 *
 * @param holder empty when the lease was given back
 * @param since elapsed time, in nanoseconds, when this version was first seen
 */
record Sighting(String version, String holder, Duration term, long since) {

  /** What is seen now, given what was seen before. */
  static Sighting of(Lease lease, @Nullable Sighting before, long nanos) {
    String version = lease.getMetadata().getResourceVersion();
    LeaseSpec spec = Objects.requireNonNullElseGet(lease.getSpec(), LeaseSpec::new);
    return before != null && before.version.equals(version)
        ? before
        : new Sighting(
            version,
            Objects.requireNonNullElse(spec.getHolderIdentity(), ""),
            Duration.ofSeconds(Objects.requireNonNullElse(spec.getLeaseDurationSeconds(), 0)),
            nanos);
  }

  /** Whether this replica may take the lease, or renew it because it is its own. */
  boolean isFreeFor(String replica, long nanos) {
    return holder.isEmpty() || holder.equals(replica) || nanos - since >= term.toNanos();
  }
}
