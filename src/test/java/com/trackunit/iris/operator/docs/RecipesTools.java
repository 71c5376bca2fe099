package com.trackunit.iris.operator.docs;

import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.TestForks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The programs that the recipes are run with: {@code caddy}, {@code collector} and the jars of
 * {@code spring}. Made once per machine; a failure to make them is an error.
 */
final class RecipesTools {
  private static final String INSTALL = "src/test/recipes/install";
  private static final long BUILD_MINUTES = 30;
  private static final long RUN_MINUTES = 5;

  private static final class Made {
    static final Path FOLDER = TestForks.oneByOne("recipes", RecipesTools::make);
  }

  private RecipesTools() {}

  /** Where one of them is. */
  static Path path(String name) {
    return Made.FOLDER.resolve(name);
  }

  /** Runs a program of this machine, in a folder, and waits for its end. */
  static CommandResult run(Path folder, Map<String, String> environment, List<String> command) {
    return run(folder, environment, command, RUN_MINUTES);
  }

  private static Path make() {
    Path project = Path.of("").toAbsolutePath();
    CommandResult made = run(project, Map.of(), List.of("bash", INSTALL), BUILD_MINUTES);
    if (made.exitCode() != 0) {
      throw new IllegalStateException(INSTALL + " failed; it needs Go:\n" + made.stderr());
    }
    return Path.of(made.stdout().strip());
  }

  private static CommandResult run(
      Path folder, Map<String, String> environment, List<String> command, long minutes) {
    try {
      // Files instead of pipes: none can fill up while another is read.
      Path output = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "recipes");
      Path stdout = output.resolve("out");
      Path stderr = output.resolve("err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(stdout.toFile())
              .redirectError(stderr.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroyForcibly();
        throw new IllegalStateException("Not done in " + minutes + " minutes: " + command);
      }
      return new CommandResult(
          process.exitValue(), Files.readString(stdout), Files.readString(stderr));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
