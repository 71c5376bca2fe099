package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.support.Docs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every command of the documentation is run by a test, or stands here with what keeps it from that.
 */
class CommandsTest {
  /** By the reason, the commands that no test of this suite runs. */
  private static final Map<String, List<String>> NOT_RUN =
      Map.of(
          "needs a container builder: src/test/e2e/page runs it",
          List.of("docker build", "docker push"),
          "needs a release, and none is published yet",
          List.of(
              "cosign verify",
              "gh attestation verify",
              "git clone",
              "git checkout",
              "helm install iris-credential-operator oci://ghcr.io",
              "kubectl apply -f https:",
              "skopeo copy",
              "crane copy ghcr.io/trackunit/iris-credential-operator:",
              "crane copy ghcr.io/trackunit/charts/"),
          "needs a container that runs: src/test/e2e/run runs the first",
          List.of("kubectl logs -n iris-system \"$(", "kubectl logs -n iris-system POD --previous"),
          "is Maven, which cannot run inside itself: see everyMavenCommandNamesWhatIsThere",
          List.of(
              "./mvnw verify",
              "./mvnw -B -ntp verify",
              "./mvnw verify -Dkubernetes.version=1.30.14",
              "./mvnw verify -Precipes",
              "./mvnw verify -Pfaults",
              "./mvnw test -Dtest=RenewalPlannerTest",
              "./mvnw -Pquick test -Dtest=RenewalPlannerTest",
              "./mvnw verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false"
                  + " -Dit.test=RepairStoriesIT",
              "./mvnw verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false"
                  + " -Dit.test=CrashTableIT",
              "./mvnw spotless:apply",
              "./mvnw -Pgenerate",
              "./mvnw -Pdemo",
              "./mvnw -Pkeycloak verify",
              "./mvnw -Psimulate",
              "./mvnw -Pmeasure",
              "./mvnw -Pfuzz test",
              "./mvnw -Pmutation test-compile"),
          "is spoken of, and not for typing",
          List.of(
              "helm registry login",
              "helm rollback",
              "kubectl apply",
              "kubectl create",
              "kubectl iris check",
              "kubectl iris renew",
              "kubectl delete --cascade=orphan",
              "kubectl describe",
              "kubectl get",
              "kubectl patch"));

  private static final Path TESTS = Path.of("src/test/java");

  /** How a test takes its commands out of the documentation: one by one, or those of a section. */
  private static final Pattern TAKEN =
      Pattern.compile("Docs\\s*\\.(command|steps)\\(\\s*\"([^\"]+)\"");

  @Test
  void everyCommandIsRunByATestOrNamedWithTheReasonWhyNot() {
    Set<String> excused =
        NOT_RUN.values().stream()
            .flatMap(List::stream)
            .map(Docs::command)
            .collect(Collectors.toCollection(TreeSet::new));

    Set<String> run = run();
    assertThat(run).isNotEmpty().doesNotContainAnyElementsOf(excused);
    assertThat(Docs.commands(Docs.TEXT))
        .filteredOn(command -> !run.contains(command))
        .containsExactlyInAnyOrderElementsOf(excused);
  }

  @Test
  void everyMavenCommandNamesWhatIsThere() {
    String pom = read(Path.of("pom.xml"));
    assertThat(Docs.commands(Docs.TEXT))
        .filteredOn(command -> command.startsWith("./mvnw "))
        .isNotEmpty()
        .allSatisfy(
            command -> {
              assertThat(named(command, "-P(\\w+)"))
                  .allMatch(profile -> pom.contains("<id>" + profile + "</id>"));
              assertThat(named(command, ":([a-z-]+):"))
                  .allMatch(plugin -> pom.contains(">" + plugin + "<"));
              assertThat(tests(command)).noneMatch(test -> sources(test).isEmpty());
              assertThat(named(command, "-D(\\w+\\.update)"))
                  .allSatisfy(
                      property ->
                          assertThat(sources(tests(command).findFirst().get()))
                              .singleElement()
                              .asString()
                              .contains("System.getProperty(\"" + property + "\")"));
            });
  }

  private static Set<String> run() {
    return sources("*IT").stream()
        .flatMap(source -> TAKEN.matcher(source).results())
        .flatMap(
            taken ->
                taken.group(1).equals("command")
                    ? Stream.of(Docs.command(taken.group(2)))
                    : Docs.commands(Docs.section(taken.group(2))).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> tests(String command) {
    return named(command, "-D(?:it\\.)?test='?([\\w*,]+)")
        .flatMap(tests -> Stream.of(tests.split(",")))
        .filter(test -> !test.equals("NONE"));
  }

  private static Stream<String> named(String command, String pattern) {
    return Pattern.compile(pattern).matcher(command).results().map(match -> match.group(1));
  }

  private static List<String> sources(String glob) {
    var wanted = TESTS.getFileSystem().getPathMatcher("glob:" + glob + ".java");
    try (Stream<Path> files = Files.walk(TESTS)) {
      return files
          .filter(file -> wanted.matches(file.getFileName()))
          .map(CommandsTest::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
