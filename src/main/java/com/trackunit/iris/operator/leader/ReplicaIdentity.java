package com.trackunit.iris.operator.leader;

import com.trackunit.iris.operator.config.ReplicaConfig;
import com.trackunit.iris.operator.time.TimeSource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Identity of one operator among several: the credentials that it serves, its Lease and its name.
 */
public final class ReplicaIdentity {
  private static final String LEASE = "iris-credential-operator";

  /** The label of a credential that names its shard. */
  public static final String SHARD_LABEL = "iris.trackunit.com/shard";

  private ReplicaIdentity() {}

  /** Label selector of the credentials of a shard; empty: those without a shard label. */
  public static String selector(String shard) {
    return shard.isEmpty() ? "!" + SHARD_LABEL : SHARD_LABEL + "=" + shard;
  }

  /** The leadership of this replica: with or without an election. */
  public static Leadership leadership(
      ReplicaConfig configuration, Config kubernetes, TimeSource time) {
    if (!configuration.leaderElection()) {
      return new Leadership.Alone();
    }
    String shard = configuration.shard();
    LeaseClient leases =
        new LeaseClient(kubernetes, namespace(configuration, kubernetes), lease(shard));
    // Halt at once: running work must not complete, because another replica may hold the Lease
    // already.
    Runnable end = () -> Runtime.getRuntime().halt(1);
    return new LeaderElector(leases, name(configuration), time, end);
  }

  /**
   * The Leases of the other shards, which are in the namespace of this one's. Empty for an operator
   * of a shard, and without an election: then others need no Lease either.
   */
  public static Optional<ShardLeases> otherShards(
      ReplicaConfig configuration, Config kubernetes, KubernetesClient client) {
    return configuration.leaderElection() && configuration.shard().isEmpty()
        ? Optional.of(new ShardLeases(client, namespace(configuration, kubernetes)))
        : Optional.empty();
  }

  /** The name of a shard's Lease. */
  static String lease(String shard) {
    return shard.isEmpty() ? LEASE : LEASE + "-" + shard;
  }

  private static String namespace(ReplicaConfig configuration, Config kubernetes) {
    return configuration.podNamespace().isEmpty()
        ? Objects.requireNonNullElse(kubernetes.getNamespace(), "default")
        : configuration.podNamespace();
  }

  private static String name(ReplicaConfig configuration) {
    if (!configuration.podName().isEmpty()) {
      return configuration.podName();
    }
    try {
      return InetAddress.getLocalHost().getHostName() + "-" + UUID.randomUUID();
    } catch (UnknownHostException e) {
      return UUID.randomUUID().toString();
    }
  }
}
