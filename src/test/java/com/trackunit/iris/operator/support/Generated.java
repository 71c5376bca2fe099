package com.trackunit.iris.operator.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of the repository that are made from others: {@code ./mvnw -Pgenerate} writes them. */
public final class Generated {
  private Generated() {}

  /** Writes this file where the build generates, and fails if it holds anything else. */
  public static void check(Path file, String expected) {
    try {
      if (System.getProperty("generate") != null) {
        Files.writeString(file, expected);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(file)
        .as("run ./mvnw -Pgenerate, read the difference and commit it")
        .hasContent(expected);
  }
}
