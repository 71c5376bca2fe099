package com.trackunit.iris.operator.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.trackunit.iris.operator.renewal.Fingerprint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is tested. */
public final class Sources {
  private Sources() {}

  /** The commit that is checked out, a fingerprint of the sources where there is no git. */
  public static String commit() {
    try {
      Process git = new ProcessBuilder("git", "rev-parse", "HEAD").start();
      String commit = new String(git.getInputStream().readAllBytes(), UTF_8).strip();
      return git.waitFor() == 0 ? commit : fingerprint();
    } catch (IOException e) {
      return fingerprint();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String fingerprint() {
    try (Stream<Path> files = Files.walk(Path.of("src", "main"))) {
      return Fingerprint.of(
          files
              .filter(Files::isRegularFile)
              .sorted()
              .map(Sources::text)
              .collect(Collectors.joining()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
