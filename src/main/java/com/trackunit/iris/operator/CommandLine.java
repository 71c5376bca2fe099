package com.trackunit.iris.operator;

import java.util.List;
import java.util.Optional;

/**
 * What the arguments ask for instead of a start of the operator, which takes none: all that it
 * needs to know is in the environment.
 *
 * @param text what is printed
 * @param exitCode 0, or 2 if there is no such argument
 */
record CommandLine(String text, int exitCode) {
  private static final int MISUSED = 2;
  private static final String USAGE =
      """
      Keeps one fresh IRIS token in a Kubernetes Secret for each IrisCredential.

      Usage:
        java -jar iris-credential-operator.jar            starts the operator
        java -jar iris-credential-operator.jar --version  prints the version
        java -jar iris-credential-operator.jar --help     prints this text

      The cluster is that of KUBECONFIG, or that of the pod it runs in. Everything else is set by environment variables:
      https://github.com/trackunit/iris-credential-operator/blob/main/docs/install.md#configuration
      """;

  /** Reads the arguments; empty if the operator is to be started. */
  static Optional<CommandLine> read(String[] arguments, BuildVersion build) {
    if (arguments.length == 0) {
      return Optional.empty();
    }
    return Optional.of(
        switch (String.join(" ", List.of(arguments))) {
          case "--version" ->
              new CommandLine(
                  "iris-credential-operator %s (revision %s)%n"
                      .formatted(build.version(), build.revision()),
                  0);
          case "--help", "-h" -> new CommandLine(USAGE, 0);
          default -> new CommandLine("The operator takes no such argument.\n\n" + USAGE, MISUSED);
        });
  }
}
