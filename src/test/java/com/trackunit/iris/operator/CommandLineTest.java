package com.trackunit.iris.operator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done with arguments. */
class CommandLineTest {
  private static final BuildVersion BUILD = new BuildVersion("1.2.3", "abc");

  @Test
  void startsTheOperatorWithoutArguments() {
    assertThat(CommandLine.read(new String[0], BUILD)).isEmpty();
  }

  @Test
  void tellsTheVersion() {
    assertThat(CommandLine.read(new String[] {"--version"}, BUILD))
        .hasValue(new CommandLine("iris-credential-operator 1.2.3 (revision abc)\n", 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h"})
  void tellsHowItIsUsed(String argument) {
    assertThat(CommandLine.read(new String[] {argument}, BUILD))
        .hasValueSatisfying(
            answer -> {
              assertThat(answer.text()).contains("Usage:", "--version", "--help", "KUBECONFIG");
              assertThat(answer.exitCode()).isZero();
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "--helpme", "", "--version --help", "--namespaces=a"})
  void refusesEverythingElse(String arguments) {
    assertThat(CommandLine.read(arguments.split(" "), BUILD))
        .hasValueSatisfying(
            answer -> {
              assertThat(answer.text()).contains("no such argument", "Usage:");
              assertThat(answer.exitCode()).isEqualTo(2);
            });
  }

  @Test
  void knowsWhichBuildItIs() {
    assertThat(BuildVersion.ofThisProgram().version()).matches("[0-9]+[.][0-9]+[.][0-9]+.*");
    assertThat(BuildVersion.ofThisProgram().revision()).matches("unknown|[0-9a-f]{40}");
  }
}
