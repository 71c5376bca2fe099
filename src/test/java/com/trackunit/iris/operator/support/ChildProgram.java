package com.trackunit.iris.operator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A program that cannot outlive this JVM, not even a killed one.
 *
 * <p>A shell between the two holds the other end of a pipe: when the pipe closes, by {@link #stop}
 * or by the death of the JVM, the shell kills the program. Its output goes to a file; nothing
 * restarts it.
 */
public final class ChildProgram {
  private static final String GUARD =
      """
      exec 3<&0
      "$@" 3<&- & program=$!
      { read -r _ <&3; kill -KILL $program; } & guard=$!
      wait $program; code=$?
      kill $guard
      exit $code
      """;

  private final String name;
  private final Path log;
  private final Process shell;

  private ChildProgram(String name, Path log, Process shell) {
    this.name = name;
    this.log = log;
    this.shell = shell;
  }

  public static ChildProgram start(Path program, Path logFolder, List<String> arguments) {
    String name = program.getFileName().toString();
    Path log = logFolder.resolve(name + ".log");
    List<String> command =
        Stream.concat(Stream.of("sh", "-c", GUARD, "sh", program.toString()), arguments.stream())
            .toList();
    try {
      Process shell =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new ChildProgram(name, log, shell);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it ended with; empty while it runs. */
  OptionalInt exitCode() {
    return shell.isAlive() ? OptionalInt.empty() : OptionalInt.of(shell.exitValue());
  }

  /** Throws with the last lines it printed when the program is no longer there. */
  public void requireAlive() {
    if (shell.isAlive()) {
      return;
    }
    throw new IllegalStateException(
        "%s ended with exit code %d:%n%s".formatted(name, shell.exitValue(), lastLines()));
  }

  public String lastLines() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  public void stop() {
    try {
      shell.getOutputStream().close();
      shell.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
