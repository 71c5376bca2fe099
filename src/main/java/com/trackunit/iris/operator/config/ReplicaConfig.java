package com.trackunit.iris.operator.config;

import java.util.Set;

/**
 * Which credentials this replica serves, and how it comes to act for them.
 *
 * @param namespaces that are watched; empty: all
 * @param shard the credentials that are this operator's; empty: those of no shard
 * @param leaderElection whether there may be other replicas
 * @param podNamespace the namespace of this pod, empty when the environment does not tell
 * @param podName the name of this pod, empty when the environment does not tell
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
