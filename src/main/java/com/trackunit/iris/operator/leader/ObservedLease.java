package com.trackunit.iris.operator.leader;

import com.trackunit.iris.operator.health.ResourceVersions;
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
record ObservedLease(String version, String holder, Duration term, long since) {
  private static final Duration USUAL_TERM = Duration.ofSeconds(15);
  private static final Duration LONGEST_TERM = Duration.ofMinutes(10);

  /** What is seen now, given what was seen before. */
  static ObservedLease of(Lease lease, @Nullable ObservedLease before, long nanos) {
    String version = lease.getMetadata().getResourceVersion();
    LeaseSpec spec = Objects.requireNonNullElseGet(lease.getSpec(), LeaseSpec::new);
    return before != null && before.version.equals(version)
        ? before
        : new ObservedLease(
            version,
            Objects.requireNonNullElse(spec.getHolderIdentity(), ""),
            term(spec.getLeaseDurationSeconds()),
            nanos);
  }

  /**
   * Whether this is an earlier version than the one seen before: the cluster was restored from a
   * backup.
   */
  boolean isOlderThan(@Nullable ObservedLease before) {
    return before != null && ResourceVersions.isOlder(version, before.version);
  }

  // A holder without a term may be renewing all the same, and one with an endless term may be dead.
  private static Duration term(@Nullable Integer seconds) {
    if (seconds == null || seconds <= 0) {
      return USUAL_TERM;
    }
    Duration term = Duration.ofSeconds(seconds);
    return term.compareTo(LONGEST_TERM) > 0 ? LONGEST_TERM : term;
  }

  /** Whether this replica may take the lease, or renew it because it is its own. */
  boolean isFreeFor(String replica, long nanos) {
    return holder.isEmpty() || holder.equals(replica) || nanos - since >= term.toNanos();
  }
}
