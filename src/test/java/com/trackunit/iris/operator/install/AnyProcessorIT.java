package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The class cache of the image, made here, starts on a processor other than that of its training.
 */
class AnyProcessorIT {
  private static final String JAR = "iris-credential-operator.jar";
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  @TempDir static Path folder;

  @BeforeAll
  static void train() throws IOException {
    Files.copy(Path.of("target", JAR), folder.resolve(JAR));
    for (String name : List.of("java.options", "Training.java")) {
      Files.copy(Path.of("src/main/image", name), folder.resolve(name));
    }

    Ended training = run(List.of("sh", "src/main/image/train", JAVA.toString(), folder.toString()));

    assertThat(training.code()).as(training.printed()).isZero();
  }

  @Test
  void holdsNoMachineCode() {
    Ended start = start(List.of(), "-Xlog:aot+codecache*=debug", "-Xlog:aot");

    assertThat(start.printed())
        .contains("Opened AOT cache")
        .doesNotContain("AOT code entries", "Adapters:");
  }

  @Test
  void startsOnAProcessorWithoutAvx() {
    String qemu =
        run(List.of("bash", "src/test/qemu/install")).printed().lines().toList().getLast();

    Ended start = start(List.of(qemu, "-cpu", "Nehalem"));

    assertThat(start.printed()).contains("The operator cannot start. The Kubernetes API server");
    assertThat(start.code()).isEqualTo(1);
  }

  private static Ended start(List<String> processor, String... options) {
    List<String> command = new ArrayList<>(processor);
    command.add(JAVA.toString());
    command.add("@" + folder.resolve("java.options"));
    command.addAll(List.of("-XX:AOTMode=on", "-XX:AOTCache=" + folder.resolve("classes.aot")));
    command.addAll(List.of(options));
    command.addAll(List.of("-jar", folder.resolve(JAR).toString()));
    return run(command);
  }

  private static Ended run(List<String> command) {
    try {
      Path printed = Files.createTempFile(folder, "printed", ".log");
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.redirectErrorStream(true).redirectOutput(printed.toFile());
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      builder.environment().put("KUBERNETES_MASTER", "http://127.0.0.1:1");
      builder.environment().put("IRIS_PORT", "0");
      Process process = builder.start();
      if (!process.waitFor(5, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError("Not done in 5 minutes: " + String.join(" ", command));
      }
      return new Ended(process.exitValue(), Files.readString(printed));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private record Ended(int code, String printed) {}
}
