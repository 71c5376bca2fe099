package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.support.Docs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every claim of the security page is held by a test that exists: internals.md names the tests by
 * the first words of the claim.
 */
class SecurityPageTest {
  private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");

  private final List<Map<String, String>> held = Docs.table("## What holds the claims of SECURITY");
  private final Map<String, Path> tests = tests();

  @Test
  void everyClaimIsHeldByOneRowAndEveryRowHoldsAClaim() {
    assertThat(held).allMatch(row -> NAMED.matcher(row.get("held by")).find());
    assertThat(claims().map(SecurityPageTest::rowsThatHold))
        .hasSizeGreaterThan(25)
        .allMatch(rows -> rows.size() == 1)
        .flatMap(rows -> rows)
        .containsExactlyElementsOf(held);
  }

  @Test
  void everyNamedTestExists() {
    assertThat(held.stream().flatMap(row -> NAMED.matcher(row.get("held by")).results()))
        .isNotEmpty()
        .allSatisfy(
            named ->
                assertThat(read(tests.get(named.group(1) + ".java")))
                    .as(named.group())
                    .containsPattern("@(Parameterized)?(Test|Property)\\b")
                    .contains("void " + named.group(2) + "("));
  }

  /** Who cannot do something, then what the operator never does. */
  private static Stream<String> claims() {
    return Stream.concat(
        Docs.table("## Who is trusted with what").stream()
            .filter(row -> !row.get("cannot do").equals("–"))
            .map(
                row -> row.get("who").replace("**", "").replaceAll("\\[([^]]+)]\\([^)]+\\)", "$1")),
        Docs.section("## What it never does")
            .lines()
            .filter(line -> line.startsWith("* "))
            .map(line -> line.substring(2)));
  }

  private static List<Map<String, String>> rowsThatHold(String claim) {
    return Docs.table("## What holds the claims of SECURITY").stream()
        .filter(row -> claim.startsWith(row.get("claim")))
        .toList();
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
