package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every rule of crash safety is held by a test that exists. */
class HowItWorksPageTest {
  private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");

  private final List<String> rules = rules();

  @Test
  void everyRuleNamesATest() {
    assertThat(rules).hasSizeGreaterThan(10).allMatch(rule -> NAMED.matcher(rule).find());
  }

  @Test
  void everyNamedTestExists() throws IOException {
    Map<String, Path> tests = tests();
    assertThat(rules.stream().flatMap(rule -> NAMED.matcher(rule).results()))
        .allSatisfy(
            named ->
                assertThat(Files.readString(tests.get(named.group(1) + ".java")))
                    .as(named.group())
                    .containsPattern("[ >]" + named.group(2) + "\\("));
  }

  private static List<String> rules() {
    try {
      String page = Files.readString(Path.of("docs", "how-it-works.md"));
      int start = page.indexOf("| --- |", page.indexOf("## Crash safety"));
      return page.substring(start, page.indexOf("\n\n", start)).lines().skip(1).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Path> tests() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      return files
          .filter(file -> file.toString().matches(".*(Test|IT)\\.java"))
          .collect(Collectors.toMap(file -> file.getFileName().toString(), file -> file));
    }
  }
}
