package com.trackunit.iris.operator.config;

import java.util.Set;

/**
 * Which credentials this replica serves, and whether it needs leader election.
 *
 * @param namespaces the namespaces to watch; empty: all
 * @param shard the shard whose credentials this operator serves; empty: those without a shard label
 * @param leaderElection whether to elect a leader, because other replicas may exist
 * @param podNamespace the namespace of this pod, empty if POD_NAMESPACE is not set
 * @param podName the name of this pod, empty if POD_NAME is not set
 */
public record ReplicaConfig(
    Set<String> namespaces,
    String shard,
    boolean leaderElection,
    String podNamespace,
    String podName) {
  static ReplicaConfig read(EnvReader variables) {
    return new ReplicaConfig(
        variables.read(
            "IRIS_NAMESPACES", "", Parsers::names, "a comma-separated list of namespaces"),
        variables.read(
            "IRIS_SHARD",
            "",
            Parsers::shard,
            "at most 63 lower-case letters, digits and hyphens, as a label and a Lease's name take them"),
        variables.read("IRIS_LEADER_ELECTION", "false", Parsers::flag, "true or false"),
        variables.text("POD_NAMESPACE"),
        variables.text("POD_NAME"));
  }
}
