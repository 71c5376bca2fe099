package com.trackunit.iris.operator.install;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of the image, made of the modules that the Dockerfile names. */
class ImageRuntimeIT {
  private static final Path JDK = Path.of(System.getProperty("java.home"), "bin");
  private static final String AGENT =
      """
      public final class Agent {
        public static void premain(String arguments, java.lang.instrument.Instrumentation jvm) {
          System.out.println("The agent is loaded.");
        }
      }
      """;

  @TempDir private Path folder;

  @Test
  void startsTheJarWithAnAgentThatSomebodyAdds() throws Exception {
    Path java = folder.resolve("java");
    run(JDK.resolve("jlink"), "--output", java.toString(), "--add-modules", modules());

    String printed =
        run(
            java.resolve("bin/java"),
            "@src/main/image/java.options",
            "-javaagent:" + agent(),
            "-jar",
            "target/iris-credential-operator.jar",
            "--version");

    assertThat(printed).contains("The agent is loaded.", "iris-credential-operator ");
  }

  private static String modules() throws IOException {
    Matcher modules =
        Pattern.compile("--add-modules \\\\\\n +([a-z.,]+)")
            .matcher(Files.readString(Path.of("Dockerfile")));
    assertThat(modules.find()).isTrue();
    return modules.group(1);
  }

  private Path agent() throws Exception {
    Path source = Files.writeString(folder.resolve("Agent.java"), AGENT);
    Path manifest = Files.writeString(folder.resolve("manifest"), "Premain-Class: Agent\n");
    Path jar = folder.resolve("agent.jar");
    run(JDK.resolve("javac"), "-d", folder.toString(), source.toString());
    run(
        JDK.resolve("jar"),
        "--create",
        "--file=" + jar,
        "--manifest=" + manifest,
        "-C",
        folder.toString(),
        "Agent.class");
    return jar;
  }

  private static String run(Path program, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }
}
