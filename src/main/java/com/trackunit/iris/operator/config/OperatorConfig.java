package com.trackunit.iris.operator.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Configuration of the operator, read once from the environment.
 *
 * @param nudgePods whether to annotate pods that hold an expired token
 */
public record OperatorConfig(
    EndpointsConfig endpoints,
    ReplicaConfig replica,
    ObservabilityConfig observability,
    boolean nudgePods) {

  /** Result of reading the environment. */
  public sealed interface Reading {
    record Good(OperatorConfig configuration) implements Reading {}

    /** All mistakes, one sentence each. Never contains the value of a variable. */
    record Bad(List<String> mistakes) implements Reading {}
  }

  /** Reads every variable, so that one start reports all mistakes. */
  public static Reading read(Map<String, String> environment) {
    EnvReader variables = new EnvReader(environment, new ArrayList<>());
    OperatorConfig configuration =
        new OperatorConfig(
            EndpointsConfig.read(variables),
            ReplicaConfig.read(variables),
            ObservabilityConfig.read(variables),
            variables.read("IRIS_NUDGE_PODS", "false", Parsers::flag, "true or false"));
    return variables.mistakes().isEmpty()
        ? new Reading.Good(configuration)
        : new Reading.Bad(variables.mistakes());
  }
}
