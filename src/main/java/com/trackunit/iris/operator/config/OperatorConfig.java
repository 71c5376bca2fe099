package com.trackunit.iris.operator.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How the operator was told to run, read from the environment once.
 *
 * @param nudgePods whether pods are annotated that hold an expired token
 */
public record OperatorConfig(
    EndpointsConfig endpoints,
    ReplicaConfig replica,
    ObservabilityConfig observability,
    boolean nudgePods) {

  /** What reading the environment came to. */
  public sealed interface Reading {
    record Good(OperatorConfig configuration) implements Reading {}

    /** Every mistake, one sentence each; never the value of a variable. */
    record Bad(List<String> mistakes) implements Reading {}
  }

  /** Reads every variable, so that every mistake is told at once. */
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
