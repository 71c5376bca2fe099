package com.trackunit.iris.operator.leader;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a shard has an operator: one whose Lease was renewed since the last look. The first
 * look believes a Lease that has a holder. No clock is compared with that of another node.
 */
public final class ShardLeases implements Predicate<String> {
  private final Map<String, ZonedDateTime> renewals = new HashMap<>();
  private final KubernetesClient client;
  private final String namespace;

  ShardLeases(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /**
   * Whether the shard is served.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the Lease cannot be read
   */
  @Override
  public synchronized boolean test(String shard) {
    // No operator serves an empty label; the Lease without a suffix is that of no label at all.
    ZonedDateTime renewed = shard.isEmpty() ? null : renewed(shard);
    if (renewed == null) {
      renewals.remove(shard);
      return false;
    }
    return !renewed.equals(renewals.put(shard, renewed));
  }

  private @Nullable ZonedDateTime renewed(String shard) {
    Lease lease =
        client.leases().inNamespace(namespace).withName(ReplicaIdentity.lease(shard)).get();
    LeaseSpec spec = lease == null ? null : lease.getSpec();
    String holder = spec == null ? null : spec.getHolderIdentity();
    return spec == null || holder == null || holder.isEmpty() ? null : spec.getRenewTime();
  }
}
