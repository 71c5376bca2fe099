package com.trackunit.iris.operator.docs;

import static java.net.HttpURLConnection.HTTP_OK;
import static java.net.HttpURLConnection.HTTP_UNAUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.docs.RecipesPages.Block;
import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * The programs of the recipes, run against a stand-in of the IRIS API while their token changes.
 */
class RecipesProgramsIT {
  /** Those that need more than what every machine has. */
  private static final String BUILT = "SPRING|GO";

  private static final String PATH = "/api/asset/v1/assets?size=1";
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC", // quick to begin
          "IRIS_USERNAME", "fleet-sync@example.com",
          "IRIS_PASSWORD", "correct horse & battery staple",
          "IRIS_CLIENT_ID", "fleet",
          "IRIS_CLIENT_SECRET", "fleet-secret");

  private final StandInIris iris = StandInIris.start();
  private final FakeAuthorizationServer authorization = FakeAuthorizationServer.start();
  @TempDir Path folder;
  private MountedSecret mount;

  @BeforeEach
  void mount() throws IOException {
    mount = new MountedSecret(Files.createDirectory(folder.resolve("iris")));
  }

  @AfterEach
  void stop() {
    iris.close();
    authorization.close();
  }

  @ParameterizedTest
  @EnumSource(names = BUILT, mode = Mode.MATCH_NONE)
  void theOldProgramAsksForItsTokenItself(RecipesProgram program) throws IOException {
    iris.accept("token-1");

    CommandResult run = run(program, program.block().before(), PATH);

    assertThat(run.exitCode()).as(run.stderr()).isZero();
    assertThat(run.stdout()).contains("answer to " + PATH);
    assertThat(authorization.questions()).hasSize(1);
  }

  @ParameterizedTest
  @Tag("recipes")
  @EnumSource(names = BUILT, mode = Mode.MATCH_ANY)
  void theOldProgramThatIsBuiltAsksForItsTokenItself(RecipesProgram program) throws IOException {
    theOldProgramAsksForItsTokenItself(program);
  }

  @ParameterizedTest
  @EnumSource(names = BUILT, mode = Mode.MATCH_NONE)
  void theNewProgramFollowsTheFile(RecipesProgram program) throws IOException {
    mount.showToken("first");
    iris.accept("first");
    iris.after(1, () -> changeTo("second")); // between two calls: nobody notices
    iris.before(3, () -> changeTo("third")); // under a call: it is refused, and repeated once
    iris.before(5, iris::accept); // the file holds nothing better: no call is repeated

    CommandResult run = run(program, program.block().after(), PATH, PATH, PATH, PATH, PATH);

    assertThat(iris.statuses())
        .as(run.stderr())
        .containsExactly(HTTP_OK, HTTP_OK, HTTP_UNAUTHORIZED, HTTP_OK, HTTP_UNAUTHORIZED);
    assertThat(iris.calls())
        .extracting(call -> call.authorization().replace("Bearer ", ""))
        .containsExactly("first", "second", "second", "third", "third");
    assertThat(run.stdout().split("answer to ", -1)).hasSize(4);
    assertThat(run.exitCode()).isNotZero();
    assertThat(authorization.questions()).isEmpty();
  }

  @ParameterizedTest
  @Tag("recipes")
  @EnumSource(names = BUILT, mode = Mode.MATCH_ANY)
  void theNewProgramThatIsBuiltFollowsTheFile(RecipesProgram program) throws IOException {
    theNewProgramFollowsTheFile(program);
  }

  @Test
  @Tag("recipes")
  void aConfigTreeThatIsReadOnceIsRefusedWhenTheTokenEnds() throws IOException {
    String asImported =
        RecipesProgram.SPRING
            .block()
            .after()
            .replace("Option.ALWAYS_READ", "Option.AUTO_TRIM_TRAILING_NEW_LINE");
    mount.showToken("first");
    iris.accept("first");
    iris.after(1, () -> changeTo("second"));

    CommandResult run = run(RecipesProgram.SPRING, asImported, PATH, PATH);

    assertThat(iris.statuses()).as(run.stderr()).containsExactly(HTTP_OK, HTTP_UNAUTHORIZED);
  }

  @ParameterizedTest
  @EnumSource
  void fewLinesChange(RecipesProgram program) {
    Block diff = program.block();

    assertThat(diff.lines("+")).isBetween(1L, 5L);
    assertThat(diff.after()).doesNotContain("PASSWORD", "/token");
  }

  private void changeTo(String token) {
    mount.showToken(token);
    iris.accept(token);
  }

  private CommandResult run(RecipesProgram program, String source, String... paths)
      throws IOException {
    Path file = folder.resolve(program.file());
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        source
            .replace("https://auth.trackunit.com/token", authorization.url().toString())
            .replace("https://iris.trackunit.com", iris.url())
            .replace("/var/run/iris", mount.folder().toString()));
    List<String> command = new ArrayList<>(program.command());
    command.addAll(List.of(paths));
    return RecipesTools.run(folder, ENVIRONMENT, command);
  }
}
