package com.trackunit.iris.operator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Prometheus' own judge of rules, expressions and scrapes. Finding none is an error. */
public final class Promtool {
  private static final String INSTALL = "src/test/promtool/install";
  private static final long MINUTES = 30;

  private final String program;

  private Promtool(String program) {
    this.program = program;
  }

  /** The one of this machine; the first time it may have to be fetched. */
  public static Promtool get() {
    CommandResult installed = run("", List.of("bash", INSTALL));
    if (installed.exitCode() != 0) {
      throw new IllegalStateException(INSTALL + " failed:\n" + installed.stderr());
    }
    return new Promtool(installed.stdout().strip());
  }

  public CommandResult run(String... arguments) {
    return runWithInput("", arguments);
  }

  public CommandResult runWithInput(String input, String... arguments) {
    return run(input, Stream.concat(Stream.of(program), Stream.of(arguments)).toList());
  }

  private static CommandResult run(String input, List<String> command) {
    try {
      // Files instead of pipes: none can fill up while another is read.
      Path folder = Files.createTempDirectory(Path.of("target"), "promtool");
      Path stdin = Files.writeString(folder.resolve("in"), input);
      Path stdout = folder.resolve("out");
      Path stderr = folder.resolve("err");
      Process process =
          new ProcessBuilder(command)
              .redirectInput(stdin.toFile())
              .redirectOutput(stdout.toFile())
              .redirectError(stderr.toFile())
              .start();
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IllegalStateException("Not done in " + MINUTES + " minutes: " + command);
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
