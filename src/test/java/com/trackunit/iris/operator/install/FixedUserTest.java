package com.trackunit.iris.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * OpenShift gives each namespace a range of users and refuses a pod that names another one: {@code
 * runAsNonRoot} must do, and for that the image's user must have a number.
 */
class FixedUserTest {
  @Test
  void noManifestSetsOne() throws IOException {
    List<Path> manifests = new ArrayList<>(Docs.PAGES.stream().map(Page::file).toList());
    for (String folder : List.of("crds", "deploy", "src/test/e2e", "src/test/java")) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        files.filter(file -> !folder.endsWith("java") || isDemo(file)).forEach(manifests::add);
      }
    }

    assertThat(manifests)
        .filteredOn(Files::isRegularFile)
        .filteredOn(file -> !file.toString().endsWith("_test.yaml"))
        .hasSizeGreaterThan(40)
        .allSatisfy(
            file ->
                assertThat(Files.readString(file))
                    .as(file.toString())
                    .doesNotContainPattern(
                        "(?i)(runAsUser|runAsGroup|fsGroup|supplementalGroups)\\W"));
  }

  @Test
  void theImageHasOneWithANumber() throws IOException {
    assertThat(Files.readString(Path.of("Dockerfile"))).containsPattern("(?m)^USER [1-9][0-9]+");
  }

  private static boolean isDemo(Path file) {
    return file.toString().contains("/demo/");
  }
}
