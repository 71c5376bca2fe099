package com.trackunit.iris.operator.leader;

import com.trackunit.iris.operator.health.ResourceVersions;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The Lease as this replica last saw it, and since when its version is unchanged.
 *
 * <p>Measures elapsed time in this process, never the times that another replica wrote, so that
 * clock skew cannot lead to two leaders.
 *
 * @param holder empty when the Lease was released
 * @param since monotonic time when this version was first seen
 */
record ObservedLease(String version, String holder, Duration term, Instant since) {
  private static final Duration USUAL_TERM = Duration.ofSeconds(15);
  private static final Duration LONGEST_TERM = Duration.ofMinutes(10);

  /** The current observation, given the previous one. */
  static ObservedLease of(Lease lease, @Nullable ObservedLease before, Instant now) {
    String version = lease.getMetadata().getResourceVersion();
    LeaseSpec spec = Objects.requireNonNullElseGet(lease.getSpec(), LeaseSpec::new);
    return before != null && before.version.equals(version)
        ? before
        : new ObservedLease(
            version,
            Objects.requireNonNullElse(spec.getHolderIdentity(), ""),
            term(spec.getLeaseDurationSeconds()),
            now);
  }

  /**
   * Whether this version is older than the previous one: the cluster was restored from a backup.
   */
  boolean isOlderThan(@Nullable ObservedLease before) {
    return before != null && ResourceVersions.isOlder(version, before.version);
  }

  // A holder without a term may still renew, and one with an endless term may be dead.
  private static Duration term(@Nullable Integer seconds) {
    if (seconds == null || seconds <= 0) {
      return USUAL_TERM;
    }
    Duration term = Duration.ofSeconds(seconds);
    return term.compareTo(LONGEST_TERM) > 0 ? LONGEST_TERM : term;
  }

  /** Whether this replica may acquire the Lease, or renew it because it is the holder. */
  boolean isFreeFor(String replica, Instant now) {
    return holder.isEmpty() || holder.equals(replica) || !now.isBefore(since.plus(term));
  }
}
