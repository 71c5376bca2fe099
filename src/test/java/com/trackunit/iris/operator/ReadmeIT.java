package com.trackunit.iris.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every block of YAML in the README is taken by a real API server. */
class ReadmeIT {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```yaml\n(.*?)^ *```");

  private final ControlPlane plane = ControlPlane.get();

  static Stream<String> blocks() throws IOException {
    return BLOCK
        .matcher(Files.readString(Path.of("README.md")))
        .results()
        .map(block -> block.group(1).stripIndent());
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void isTaken(String yaml) {
    String namespace = plane.newNamespace();
    CommandResult result =
        plane.kubectlWithInput(yaml, "apply", "--dry-run=server", "-n", namespace, "-f", "-");
    assertThat(result.stderr()).isEmpty();
    assertThat(result.exitCode()).isZero();
  }
}
