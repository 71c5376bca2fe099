package com.trackunit.iris.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.oauth.Refusal;
import com.trackunit.iris.operator.status.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README's tables say is what the code says. */
class ReadmeTest {
  private static final Path MAIN = Path.of("src/main/java");
  private final String readme = read(Path.of("README.md"));

  @Test
  void listsEveryReason() {
    assertThat(firstColumn("## Reasons, and what to do"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Reason.values()).map(Reason::text).toList());
  }

  @Test
  void listsEveryReasonThatStalls() {
    String told = readme.substring(readme.indexOf("nothing but a person can help: with "));
    assertThat(allMatches(told.substring(0, told.indexOf(", as")), "`([A-Za-z]+)`"))
        .isEqualTo(allMatches(sources("status/Reason.java"), "\"([A-Za-z]+)\", true"));
  }

  @Test
  void listsEveryVariable() {
    assertThat(firstColumn("## Configuration"))
        .containsExactlyInAnyOrderElementsOf(
            allMatches(sources("controller/Configuration.java"), "\"(IRIS_[A-Z_]+)\""));
  }

  @Test
  void listsEveryKeyOfTheTargetSecret() {
    assertThat(firstColumn("## The target Secret"))
        .containsExactlyInAnyOrderElementsOf(
            allMatches(sources("secret/TargetContent.java"), "(?m)^ {14}\"([a-z_]+)\", "));
  }

  @Test
  void listsEveryOutcomeOfAMetric() {
    Set<String> outcomes =
        Arrays.stream(Refusal.values())
            .map(refusal -> refusal.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toCollection(TreeSet::new));
    outcomes.addAll(allMatches(sources("oauth/TokenAnswer.java"), "Granted _ -> \"([a-z]+)\""));
    outcomes.addAll(allMatches(sources("controller/Nudges.java"), "count\\([^)\"]*\"([a-z]+)\""));
    outcomes.addAll(
        allMatches(sources("controller/Nudges.java"), "count\\([^)\"]*\"[a-z]+\" : \"([a-z]+)\""));
    assertThat(firstColumn("#### Outcomes", "\n[")).isEqualTo(outcomes);
  }

  @Test
  void listsEveryGrantTypeOfAMetric() {
    String told = readme.substring(readme.indexOf("`grant_type` is "));
    assertThat(allMatches(told.substring(0, told.indexOf(';')).substring(16), "`([a-z_]+)`"))
        .isEqualTo(
            allMatches(sources("Grant.java"), "String type\\(\\) \\{\\s+return \"([a-z_]+)\""));
  }

  @Test
  void listsEveryEvent() {
    String events = readme.substring(readme.indexOf("Events tell the transitions"));
    Set<String> told =
        allMatches(events.substring(0, events.indexOf("An ordinary")), "`([A-Za-z]+)`");
    Set<String> announced =
        allMatches(sources("status/Announcement.java"), "\"([A-Z][a-z]+[A-Z][A-Za-z]+)\"");
    announced.addAll(
        List.of(Reason.CREDENTIALS_REJECTED.text(), Reason.TARGET_SECRET_CONFLICT.text()));
    assertThat(told).isEqualTo(announced);
  }

  private Set<String> firstColumn(String heading) {
    return firstColumn(heading, "\n## ");
  }

  private Set<String> firstColumn(String heading, String next) {
    String section = readme.substring(readme.indexOf("\n" + heading) + heading.length());
    int end = section.indexOf(next);
    return allMatches(end < 0 ? section : section.substring(0, end), "(?m)^\\| `([^`{]+)[^|]*\\|");
  }

  private static Set<String> allMatches(String text, String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String sources(String end) {
    try (Stream<Path> files = Files.walk(MAIN)) {
      return files
          .filter(file -> file.toString().endsWith(end))
          .map(ReadmeTest::read)
          .collect(Collectors.joining());
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
