package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.support.CommandResult;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scripts in the manifests of the recipes, in a real shell, against a stand-in of the IRIS API.
 */
class RecipesScriptsIT {
  private static final KubernetesSerialization READER = new KubernetesSerialization();

  private final StandInIris iris = StandInIris.start();
  @TempDir Path folder;

  @AfterEach
  void stop() {
    iris.close();
  }

  @Test
  void theJobCallsWithWhatIsMounted() throws IOException {
    mount().showToken("token");
    iris.accept("token");

    CommandResult run = run("cronjob.md");

    assertThat(run.exitCode()).as(run.stderr()).isZero();
    assertThat(run.stdout()).isEqualTo("answer to /api/asset/v1/assets?size=1");
    assertThat(iris.calls()).hasSize(1);
  }

  @Test
  void theJobFailsWhenItsTokenIsRefused() throws IOException {
    mount().showToken("old");

    assertThat(run("cronjob.md").exitCode()).isNotZero();
    assertThat(iris.calls()).hasSize(1);
  }

  @Test
  void theExportFollowsThePagesAndReadsTheFileForEach() throws IOException {
    MountedSecret mount = mount();
    mount.showToken("first");
    iris.accept("first");
    iris.answer(this::fleet);
    iris.after(
        1,
        () -> {
          mount.showToken("second");
          iris.accept("second");
        });
    Files.createDirectory(folder.resolve("export"));

    CommandResult run = run("aemp.md");

    assertThat(run.exitCode()).as(run.stderr()).isZero();
    assertThat(run.stdout()).isEqualTo("pages: 3\n");
    assertThat(iris.calls())
        .extracting(call -> call.path() + " " + call.authorization() + " " + call.status())
        .containsExactly(
            "/public/api/aemp/v2/15143/-3/Fleet/1 Bearer first 200",
            "/public/api/aemp/v2/15143/-3/Fleet/2 Bearer second 200",
            "/public/api/aemp/v2/15143/-3/Fleet/3 Bearer second 200");
    assertThat(Files.readString(folder.resolve("export/fleet-3.xml"))).isEqualTo(fleet("/Fleet/3"));
  }

  /** One of three pages, with links as Trackunit documents them. */
  private String fleet(String path) {
    int page = Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
    return "<Fleet>" + (page < 3 ? link("next", page + 1) : "") + link("last", 3) + "</Fleet>\n";
  }

  private String link(String rel, int page) {
    return "<Links>\n  <rel>%s</rel>\n  <href>%s/public/api/aemp/v2/15143/-3/Fleet/%d</href>\n</Links>\n"
        .formatted(rel, iris.url(), page);
  }

  @Test
  void eachCallTakesItsOwnToken() throws IOException {
    mount().show(Map.of("rest/authorization", "Bearer r", "graphql/authorization", "Bearer g"));
    iris.accept("r", "g");

    CommandResult run = run("two-tokens.md");

    assertThat(run.exitCode()).as(run.stderr()).isZero();
    assertThat(iris.calls())
        .extracting(call -> call.path() + " " + call.authorization())
        .containsExactly("/api/asset/v1/assets?size=1 Bearer r", "/api/graphql/ Bearer g");
  }

  private MountedSecret mount() throws IOException {
    return new MountedSecret(Files.createDirectory(folder.resolve("iris")));
  }

  /** Runs what the only container of a page runs. */
  private CommandResult run(String page) {
    Container container =
        RecipesPages.page(page)
            .blocks()
            .flatMap(block -> loaded(block.after()))
            .flatMap(RecipesScriptsIT::containers)
            .findFirst()
            .orElseThrow();
    List<String> command = new ArrayList<>(container.getCommand());
    command.addAll(container.getArgs());
    command.replaceAll(
        word ->
            word.replace("https://iris.trackunit.com", iris.url())
                .replace("/var/run/iris", folder.resolve("iris").toString())
                .replace("/export", folder.resolve("export").toString()));
    return RecipesTools.run(folder, Map.of(), command);
  }

  private static Stream<HasMetadata> loaded(String yaml) {
    return Arrays.stream(yaml.split("(?m)^---$"))
        .filter(document -> !document.contains("kind: IrisCredential"))
        .map(document -> READER.<HasMetadata>unmarshal(document));
  }

  private static Stream<Container> containers(HasMetadata object) {
    return switch (object) {
      case Pod pod -> pod.getSpec().getContainers().stream();
      case CronJob job ->
          job.getSpec().getJobTemplate().getSpec().getTemplate().getSpec().getContainers().stream();
      default -> Stream.of();
    };
  }
}
