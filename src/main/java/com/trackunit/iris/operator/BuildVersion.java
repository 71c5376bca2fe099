package com.trackunit.iris.operator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/**
 * Which build this is, as Maven wrote it.
 *
 * @param version the release
 * @param revision the commit; "unknown" when the build was not told
 */
public record BuildVersion(String version, String revision) {
  /** The build of this program. */
  public static BuildVersion ofThisProgram() {
    Properties build = new Properties();
    try (InputStream file = BuildVersion.class.getResourceAsStream("build.properties")) {
      build.load(Objects.requireNonNull(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new BuildVersion(build.getProperty("version"), build.getProperty("revision"));
  }
}
