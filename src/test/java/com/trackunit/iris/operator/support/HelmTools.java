package com.trackunit.iris.operator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The programs that the chart is tested with: {@code helm3}, {@code helm4}, {@code helm-unittest},
 * and {@code glua}, the Lua of Argo CD. Built once per machine; a failed build is an error.
 */
public final class HelmTools {
  private static final String INSTALL = "src/test/helm/install";
  private static final long BUILD_MINUTES = 30;
  private static final long RUN_MINUTES = 3;

  private static final class Built {
    static final HelmTools INSTANCE = TestForks.oneByOne("helm", HelmTools::new);
  }

  private final Path folder;
  private final Path home;

  private HelmTools() {
    try {
      home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "helm");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    CommandResult built = execute(Map.of(), List.of("bash", INSTALL), BUILD_MINUTES);
    if (built.exitCode() != 0) {
      throw new IllegalStateException(INSTALL + " failed; it needs Go:\n" + built.stderr());
    }
    folder = Path.of(built.stdout().strip());
  }

  public static HelmTools get() {
    return Built.INSTANCE;
  }

  /** Runs one of the programs; it reaches no cluster. */
  public CommandResult run(String program, String... arguments) {
    return run(program, home.resolve("no-kubeconfig"), arguments);
  }

  /** Runs one of the programs with this kubeconfig. */
  public CommandResult run(String program, Path kubeconfig, String... arguments) {
    List<String> command =
        Stream.concat(Stream.of(folder.resolve(program).toString()), Stream.of(arguments)).toList();
    return execute(Map.of("KUBECONFIG", kubeconfig.toString()), command, RUN_MINUTES);
  }

  private CommandResult execute(Map<String, String> variables, List<String> command, long minutes) {
    try {
      // Files instead of pipes: none can fill up while another is read.
      Path stdout = Files.createTempFile(home, "run", ".out");
      Path stderr = Files.createTempFile(home, "run", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectOutput(stdout.toFile())
              .redirectError(stderr.toFile());
      builder.environment().putAll(folders());
      builder.environment().putAll(variables);
      Process process = builder.start();
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

  /** Where Helm keeps its own files: not in the home of the person who runs the tests. */
  private Map<String, String> folders() {
    Map<String, String> folders = new HashMap<>();
    for (String kind : List.of("CACHE", "CONFIG", "DATA")) {
      folders.put("HELM_" + kind + "_HOME", home.resolve(kind).toString());
    }
    return folders;
  }
}
