package com.trackunit.iris.operator.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.trackunit.iris.operator.support.ControlPlaneBinaries.Way;
import io.fabric8.kubeapitest.binary.OSInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlPlaneBinariesTest {
  @TempDir Path folder;

  @Test
  void takesTheFirstFolderThatHasEveryProgram() throws IOException {
    Path partial = folderOf("partial", "etcd");
    Path complete = folderOf("complete", "etcd", "kubectl");

    assertThat(
            ControlPlaneBinaries.firstFolder(
                List.of("etcd", "kubectl"),
                List.of(
                    new Way("first", () -> partial),
                    new Way("second", () -> complete),
                    new Way("third", () -> ControlPlaneBinaries.assets("never asked")))))
        .isEqualTo(complete);
  }

  @Test
  void saysWhyEachWayFailed() throws IOException {
    Path partial = folderOf("partial", "etcd");

    assertThatThrownBy(
            () ->
                ControlPlaneBinaries.firstFolder(
                    List.of("etcd", "kubectl"),
                    List.of(
                        new Way("KUBEBUILDER_ASSETS", () -> ControlPlaneBinaries.assets(null)),
                        new Way(
                            "k8s",
                            () -> ControlPlaneBinaries.newest(folder.resolve("none"), "1.34.")),
                        new Way("build", () -> partial))))
        .hasMessageContaining("KUBEBUILDER_ASSETS: not set")
        .hasMessageContaining("k8s: no such folder")
        .hasMessageContaining("build: no kubectl in " + partial);
  }

  @Test
  void takesTheNewestPatchOfTheMinorVersion() throws IOException {
    OSInfo platform = new OSInfo();
    String suffix = "-" + platform.getOSName() + "-" + platform.getOSArch();
    for (String version : List.of("1.33.11", "1.34.2", "1.34.10", "1.35.0")) {
      folderOf(version + suffix);
    }
    folderOf("1.34.99-plan9-mips");

    assertThat(ControlPlaneBinaries.newest(folder, "1.34.")).hasFileName("1.34.10" + suffix);
    assertThat(ControlPlaneBinaries.newest(folder, "1.34.2")).hasFileName("1.34.2" + suffix);
    assertThatThrownBy(() -> ControlPlaneBinaries.newest(folder, "1.34.1"))
        .hasMessage("no folder 1.34.1" + suffix);
  }

  private Path folderOf(String name, String... programs) throws IOException {
    Path made = Files.createDirectory(folder.resolve(name));
    for (String program : programs) {
      assertThat(Files.createFile(made.resolve(program)).toFile().setExecutable(true)).isTrue();
    }
    return made;
  }
}
