package com.trackunit.iris.operator.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Configuration of the operator, read once from the environment.
 *
 * @param loginLabelRequired whether only labelled Secrets are read as logins
 * @param nudgePods whether to annotate pods that hold an expired token
 */
public record OperatorConfig(
    EndpointsConfig endpoints,
    ReplicaConfig replica,
    ObservabilityConfig observability,
    boolean loginLabelRequired,
    boolean nudgePods) {

  /** Result of reading the environment. */
  public sealed interface Reading {
    /**
     * A configuration to run with.
     *
     * @param unknown names of variables that look like ours and are not
     */
    record Good(OperatorConfig configuration, List<String> unknown) implements Reading {}

    /** All mistakes, one sentence each. Never contains the value of a variable. */
    record Bad(List<String> mistakes) implements Reading {}
  }

  /** Reads every variable, so that one start reports all mistakes. */
  public static Reading read(Map<String, String> environment) {
    EnvReader variables = new EnvReader(environment, new ArrayList<>(), new HashSet<>());
    OperatorConfig configuration =
        new OperatorConfig(
            EndpointsConfig.read(variables),
            ReplicaConfig.read(variables),
            ObservabilityConfig.read(variables),
            variables.read("IRIS_REQUIRE_LOGIN_LABEL", "false", Parsers::flag, "true or false"),
            variables.read("IRIS_NUDGE_PODS", "false", Parsers::flag, "true or false"));
    return variables.mistakes().isEmpty()
        ? new Reading.Good(configuration, variables.unknown("IRIS_"))
        : new Reading.Bad(variables.mistakes());
  }
}
