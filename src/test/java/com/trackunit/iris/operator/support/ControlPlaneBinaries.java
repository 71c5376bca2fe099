package com.trackunit.iris.operator.support;

import io.fabric8.kubeapitest.binary.BinaryDownloader;
import io.fabric8.kubeapitest.binary.OSInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the programs of a Kubernetes control plane come from: four ways, the quickest first.
 *
 * <p>Finding none is an error, never a reason to skip a test. Starts nothing but the build.
 */
final class ControlPlaneBinaries {
  /** A way to get a folder of programs; it throws when it is not open on this machine. */
  record Way(String name, Callable<Path> folder) {}

  private static final OSInfo PLATFORM = new OSInfo();
  private static final String SUFFIX = "-" + PLATFORM.getOSName() + "-" + PLATFORM.getOSArch();

  /** A whole version, or a minor one with the dot, of which any patch will do. */
  static final String VERSION = System.getProperty("kubernetes.version", "1.34.");

  private static final Path INSTALL = Path.of("src/test/control-plane/install");
  private static final long DOWNLOAD_MINUTES = 3;
  private static final long BUILD_MINUTES = 30;

  private ControlPlaneBinaries() {}

  /** A folder that holds all the named programs. */
  static Path folderWith(String... programs) {
    Path directory =
        Path.of(
            Optional.ofNullable(System.getenv("KUBE_API_TEST_DIR"))
                .orElse(System.getProperty("user.home") + "/.kubeapitest"));
    List<Way> ways =
        List.of(
            new Way("KUBEBUILDER_ASSETS", () -> assets(System.getenv("KUBEBUILDER_ASSETS"))),
            new Way(directory + "/k8s", () -> newest(directory.resolve("k8s"), VERSION)),
            new Way("download", () -> downloaded(directory)),
            new Way(INSTALL.toString(), ControlPlaneBinaries::built));
    return TestForks.oneByOne("control-plane", () -> firstFolder(List.of(programs), ways));
  }

  /** The first way whose folder holds every program; a later way is not tried before its turn. */
  static Path firstFolder(List<String> programs, List<Way> ways) {
    List<String> refusals = new ArrayList<>();
    for (Way way : ways) {
      try {
        Path folder = way.folder().call();
        List<String> missing =
            programs.stream()
                .filter(program -> !Files.isExecutable(folder.resolve(program)))
                .toList();
        if (missing.isEmpty()) {
          return folder;
        }
        refusals.add(way.name() + ": no " + String.join(", no ", missing) + " in " + folder);
      } catch (Exception e) {
        refusals.add(way.name() + ": " + e.getMessage());
      }
    }
    throw new IllegalStateException(
        "No Kubernetes control plane to test against ("
            + String.join(" · ", refusals)
            + "): open one of these ways.");
  }

  static Path assets(@Nullable String folder) {
    if (folder == null || folder.isBlank()) {
      throw new IllegalStateException("not set");
    }
    return Path.of(folder);
  }

  static Path newest(Path versions, String wanted) throws IOException {
    if (!Files.isDirectory(versions)) {
      throw new IllegalStateException("no such folder");
    }
    try (Stream<Path> folders = Files.list(versions)) {
      return folders
          .filter(folder -> isOf(wanted, version(folder)))
          .max(Comparator.comparingInt(ControlPlaneBinaries::patchVersion))
          .orElseThrow(() -> new IllegalStateException("no folder " + wildcard(wanted) + SUFFIX));
    }
  }

  private static boolean isOf(String wanted, String version) {
    return wanted.endsWith(".") ? version.startsWith(wanted) : version.equals(wanted);
  }

  private static String wildcard(String wanted) {
    return wanted.endsWith(".") ? wanted + "*" : wanted;
  }

  private static int patchVersion(Path folder) {
    String version = version(folder);
    String patch = version.substring(version.lastIndexOf('.') + 1);
    return patch.matches("\\d{1,4}") ? Integer.parseInt(patch) : -1;
  }

  private static String version(Path folder) {
    String name = folder.getFileName().toString();
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : "";
  }

  private static Path downloaded(Path directory) throws InterruptedException {
    // The downloader sets no time-out of its own, and a firewall that drops packets never answers.
    CompletableFuture<Path> download =
        CompletableFuture.supplyAsync(
            () ->
                new BinaryDownloader(directory.toString(), PLATFORM)
                    .downloadLatestWildcard(wildcard(VERSION))
                    .toPath());
    try {
      return download.get(DOWNLOAD_MINUTES, TimeUnit.MINUTES);
    } catch (ExecutionException e) {
      throw new IllegalStateException(String.valueOf(e.getCause()), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("not done in " + DOWNLOAD_MINUTES + " minutes", e);
    }
  }

  private static Path built() throws IOException, InterruptedException {
    System.err.println("Building a Kubernetes control plane with Go, about five minutes …");
    Process build =
        new ProcessBuilder("bash", INSTALL.toString(), VERSION.endsWith(".") ? "" : VERSION)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    // It prints one line, so the pipe cannot fill up while nobody reads it.
    if (!build.waitFor(BUILD_MINUTES, TimeUnit.MINUTES)) {
      build.descendants().forEach(ProcessHandle::destroy);
      build.destroy();
      throw new IllegalStateException("not done in " + BUILD_MINUTES + " minutes");
    }
    String output = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (build.exitValue() != 0) {
      throw new IllegalStateException(
          "exit code " + build.exitValue() + ", see above; it needs Go");
    }
    return Path.of(output.strip());
  }
}
