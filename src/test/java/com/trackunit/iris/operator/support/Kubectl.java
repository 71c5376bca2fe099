package com.trackunit.iris.operator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The real kubectl, as a cluster administrator, blind to the kubeconfig of whoever runs the tests.
 */
final class Kubectl {

  private static final long TIMEOUT_SECONDS = 300;

  private final Path program;
  private final Path kubeconfig;
  private final Path folder;

  Kubectl(Path program, Path kubeconfig, Path folder) {
    this.program = program;
    this.kubeconfig = kubeconfig;
    this.folder = folder;
  }

  CommandResult run(String input, String... arguments) {
    List<String> command = new ArrayList<>(command());
    command.addAll(List.of(arguments));
    return execute(input, command);
  }

  /** Runs what a person types into a shell. */
  CommandResult shell(String script) {
    return shellWith(String.join(" ", command()), script);
  }

  /** The same with a kubectl that looks at this namespace. */
  CommandResult shell(String namespace, String script) {
    return shellWith(String.join(" ", command()) + " --namespace=" + namespace, script);
  }

  /** Runs what a person types into a POSIX shell that finds kubectl's plugins in this folder. */
  CommandResult shell(Path plugins, String script) {
    return execute(
        "",
        List.of(
            "env",
            "PATH=%s:%s:%s".formatted(plugins, program.getParent(), System.getenv("PATH")),
            "KUBECONFIG=" + kubeconfig,
            "KUBECACHEDIR=" + folder.resolve("kubectl-cache"),
            "sh",
            "-ec",
            script));
  }

  private CommandResult shellWith(String kubectl, String script) {
    return execute(
        "", List.of("bash", "-ec", "kubectl() { %s \"$@\"; }\n%s".formatted(kubectl, script)));
  }

  private List<String> command() {
    return List.of(
        program.toString(),
        "--kubeconfig=" + kubeconfig,
        "--cache-dir=" + folder.resolve("kubectl-cache"));
  }

  private CommandResult execute(String input, List<String> command) {
    try {
      // Files instead of pipes: none can fill up while another is read.
      Path stdin = Files.writeString(Files.createTempFile(folder, "kubectl", ".in"), input);
      Path stdout = Files.createTempFile(folder, "kubectl", ".out");
      Path stderr = Files.createTempFile(folder, "kubectl", ".err");
      Process process =
          new ProcessBuilder(command)
              .redirectInput(stdin.toFile())
              .redirectOutput(stdout.toFile())
              .redirectError(stderr.toFile())
              .start();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(
            "Not done in " + TIMEOUT_SECONDS + " s: " + String.join(" ", command));
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
