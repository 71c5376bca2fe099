package com.trackunit.iris.operator.install;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts that the release workflow runs, and the workflows themselves. */
class ReleaseScriptsTest {
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

  @Test
  void theVersionsOfThisCheckoutAgree() throws Exception {
    Ended check = run("check-version", "v" + pomVersion());

    assertThat(check.code()).as(check.printed()).isZero();
  }

  @Test
  void aTagOfAnotherVersionIsRefusedWithEveryPlace() throws Exception {
    Ended check = run("check-version", "v99.0.0");

    assertThat(check.code()).isEqualTo(1);
    assertThat(check.printed())
        .contains("pom.xml states", "Dockerfile states", "deploy/install.yaml states")
        .contains("deploy/base/deployment.yaml states", "not 99.0.0");
    assertThat(run("check-version", "0.1.0").code()).isEqualTo(1);
  }

  @Test
  void theNotesAreTheSectionOfTheVersion(@TempDir Path folder) throws Exception {
    Path changelog = folder.resolve("CHANGELOG.md");
    Files.writeString(
        changelog, "# Changelog\n\n## [0.2.0] - 2026-12-01\n\n- new\n\n## [0.1.0]\n\n- old\n");

    assertThat(run("notes", "0.2.0", changelog.toString()).printed().strip()).isEqualTo("- new");
    assertThat(run("notes", "0.3.0", changelog.toString()).code()).isEqualTo(1);
  }

  @Test
  void theInstallationNamesTheDigest() throws Exception {
    String image = "image: ghcr.io/trackunit/iris-credential-operator:" + pomVersion();

    assertThat(run("install-yaml", DIGEST).printed().lines())
        .filteredOn(line -> line.contains("image: "))
        .isNotEmpty()
        .allMatch(line -> line.strip().equals(image + "@" + DIGEST));
    assertThat(run("install-yaml", "latest").code()).isEqualTo(2);
  }

  @Test
  void thePluginIsPackedWithItsChecksum(@TempDir Path folder) throws Exception {
    assertThat(run("kubectl-plugin", folder.toString()).code()).isZero();

    byte[] archive = Files.readAllBytes(folder.resolve("kubectl-iris.tar.gz"));
    String checksum =
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive));
    assertThat(Files.readString(folder.resolve("iris.yaml")))
        .startsWith("apiVersion: krew.googlecontainertools.github.com/v1alpha2\n")
        .contains("sha256: \"" + checksum + "\"", "/v" + pomVersion() + "/kubectl-iris.tar.gz");
    Process unpack =
        new ProcessBuilder("tar", "-xzf", "kubectl-iris.tar.gz").directory(folder.toFile()).start();
    assertThat(unpack.waitFor()).isZero();
    assertThat(folder.resolve("kubectl-iris"))
        .isExecutable()
        .hasSameBinaryContentAs(Path.of("deploy/kubectl/kubectl-iris"));
    assertThat(run("kubectl-plugin", "/nonexistent").code()).isEqualTo(2);
  }

  @Test
  void theWorkflowsPassActionlintAndZizmor() throws Exception {
    Ended lint = run("lint");

    assertThat(lint.code()).as(lint.printed()).isZero();
  }

  @Test
  void everyFileThatTheEndToEndTestUsesExists() throws IOException {
    Path folder = Path.of("src/test/e2e");
    Matcher named =
        Pattern.compile("\\$here/([\\w./-]+)").matcher(Files.readString(folder.resolve("run")));

    assertThat(named.results().map(file -> folder.resolve(file.group(1))))
        .hasSizeGreaterThan(3)
        .allSatisfy(file -> assertThat(file).exists());
  }

  @Test
  void theTagOfTheVersionComesAfterScanSignatureAndAttestations() throws IOException {
    String workflow = Files.readString(Path.of(".github/workflows/release.yml"));
    String before = workflow.substring(0, workflow.indexOf("- name: Give it the tag"));

    assertThat(before)
        .contains("trivy-action@", "cosign sign", "attest-build-provenance@", "attest-sbom@")
        .contains("push-by-digest=true")
        .doesNotContain("tags: ${{", "--tag \"$IMAGE:$version\"", "helm push");
  }

  @Test
  void everyImageThatIsPulledIsNamedByTagAndDigest() throws IOException {
    String files =
        Files.readString(Path.of("Dockerfile"))
            + Files.readString(Path.of(".github/workflows/ci.yml"));
    Matcher named =
        Pattern.compile("(?m)^.*(?:_IMAGE=|FROM |node: )(?!\\$|scratch)(\\S+)").matcher(files);

    assertThat(named.results().map(image -> image.group(1)))
        .hasSize(4)
        .allMatch(image -> image.matches("\\S+:[\\w.-]+@sha256:[0-9a-f]{64}"));
  }

  private static String pomVersion() throws IOException {
    return Files.readString(Path.of("pom.xml")).replaceFirst("(?s).*?<version>(.*?)<.*", "$1");
  }

  private static Ended run(String script, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(Stream.of("bash", "src/release/" + script), Stream.of(arguments)).toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), printed);
  }

  private record Ended(int code, String printed) {}
}
