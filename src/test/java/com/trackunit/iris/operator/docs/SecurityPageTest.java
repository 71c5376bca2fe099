package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every claim of the security page is held by a test that exists. */
class SecurityPageTest {
  private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");

  private final List<String> claims = claims();
  private final Map<String, Path> tests = tests();

  @Test
  void everyClaimNamesATest() {
    assertThat(claims).hasSizeGreaterThan(10).allMatch(claim -> NAMED.matcher(claim).find());
  }

  @Test
  void everyNamedTestExists() {
    assertThat(claims.stream().flatMap(claim -> NAMED.matcher(claim).results()))
        .allSatisfy(
            named ->
                assertThat(read(tests.get(named.group(1) + ".java")))
                    .as(named.group())
                    .containsPattern("@(Parameterized)?(Test|Property)\\b")
                    .contains("void " + named.group(2) + "("));
  }

  private static List<String> claims() {
    String page = read(Path.of("SECURITY.md"));
    int start = page.indexOf("| --- | --- |\n", page.indexOf("## What it never does"));
    return page.substring(start, page.indexOf("\n\n", start)).lines().skip(1).toList();
  }

  private static Map<String, Path> tests() {
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      return files
          .filter(file -> file.toString().matches(".*(Test|IT)\\.java"))
          .collect(Collectors.toMap(file -> file.getFileName().toString(), file -> file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
