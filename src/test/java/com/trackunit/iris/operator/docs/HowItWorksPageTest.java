package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.renewal.RenewalSchedule;
import com.trackunit.iris.operator.support.Docs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every rule of crash safety is held by a test that exists. */
class HowItWorksPageTest {
  private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");

  /** A row of {@code kubectl get} with the columns EXPIRES and RENEWS, of a token of an hour. */
  private static final Pattern SAMPLE =
      Pattern.compile("True +TokenValid +Succeeded +(\\d{4}-\\S+Z) +(\\d{4}-\\S+Z)");

  private static final Duration HOUR = Duration.ofHours(1);

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

  @Test
  void tellsTheSharesOfALifeBetweenWhichATokenIsRenewed() {
    assertThat(RenewalSchedule.EARLIEST).isEqualTo(0.5);
    assertThat(Math.round(RenewalSchedule.LATEST * 3)).isEqualTo(2);
    assertThat(Docs.page("docs/how-it-works.md").text())
        .contains(
            "at half of its life, plus up to %d percent"
                .formatted(Math.round((RenewalSchedule.LATEST - RenewalSchedule.EARLIEST) * 100)));
    assertThat(Docs.page("docs/use.md").text()).contains("between half and two thirds of its life");
  }

  @Test
  void everySampleIsRenewedWhenTheRuleSays() {
    List<MatchResult> samples =
        Docs.PAGES.stream().flatMap(page -> SAMPLE.matcher(page.text()).results()).toList();
    assertThat(samples)
        .hasSizeGreaterThan(1)
        .allSatisfy(
            sample -> {
              Instant expiry = Instant.parse(sample.group(1));
              double left = Duration.between(Instant.parse(sample.group(2)), expiry).toSeconds();
              assertThat(1 - left / HOUR.toSeconds())
                  .isBetween(RenewalSchedule.EARLIEST, RenewalSchedule.LATEST);
            });
  }

  private static List<String> rules() {
    try {
      String page = Files.readString(Path.of("docs", "internals.md"));
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
