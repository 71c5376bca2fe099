package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.oauth.TokenError;
import com.trackunit.iris.operator.outcome.Reason;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.DesiredSecret;
import com.trackunit.iris.operator.secret.Orders;
import com.trackunit.iris.operator.support.Readme;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the README's tables say is what the code says. The long ones have tests of their own: {@link
 * ReadmeConfigurationTest}, {@link ReadmeResourceTest}, {@link ReadmeWaitsTest}, {@link
 * MonitoringTest}.
 */
class ReadmeTest {
  private static final String REASONS = "## Reasons, and what to do";
  private static final Path MAIN = Path.of("src/main/java");
  private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");

  /** Every condition that there can be, as another test writes it. */
  private final String sentences = read(Path.of("src/test/resources/sentences.txt"));

  @Test
  void listsEveryReason() {
    assertThat(names(REASONS, "reason"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Reason.values()).map(Reason::text).toList());
  }

  @Test
  void listsTheConditionsThatHaveAReason() {
    Map<String, Set<String>> told = new TreeMap<>();
    Readme.table(REASONS)
        .forEach(
            row ->
                told.put(
                    Readme.words(row.get("reason")).getFirst(),
                    new TreeSet<>(Readme.words(row.get("of")))));
    Map<String, Set<String>> seen =
        matches(sentences, "(?m)^  (Ready|Renewed)=\\w+ (\\w+):")
            .collect(
                Collectors.groupingBy(
                    condition -> condition.group(2),
                    TreeMap::new,
                    Collectors.mapping(
                        condition -> condition.group(1), Collectors.toCollection(TreeSet::new))));
    assertThat(told).isEqualTo(seen);
  }

  @Test
  void listsEveryReasonThatStalls() {
    String told = Readme.section(REASONS);
    assertThat(
            Readme.words(
                told.substring(told.indexOf("can help: with "), told.indexOf(", as `Renewed`"))))
        .containsExactlyInAnyOrderElementsOf(allMatches(sentences, "Stalled=True (\\w+):"));
  }

  @Test
  void listsEveryKeyOfTheTargetSecretAndWhatItHolds() {
    StoredToken token =
        new StoredToken(
            Lifetime.of(NOW, Duration.ofHours(1)), NOW, "api", "spec", "hash", null, null);
    Map<String, String> held = DesiredSecret.render(Orders.fleet(), token, "secret").data();
    assertThat(names("## The target Secret", "key"))
        .containsExactlyInAnyOrderElementsOf(held.keySet());
    assertThat(Readme.table("## The target Secret"))
        .filteredOn(row -> row.get("value").startsWith("`"))
        .hasSize(4)
        .allSatisfy(
            row ->
                assertThat(held.get(Readme.words(row.get("key")).getFirst()))
                    .isEqualTo(
                        Readme.words(row.get("value")).getFirst()
                            + (row.get("value").contains("and the token") ? " secret" : "")));
  }

  @Test
  void listsEveryOutcomeOfARequest() {
    Set<String> outcomes =
        Arrays.stream(TokenError.values())
            .map(refusal -> refusal.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toCollection(TreeSet::new));
    outcomes.addAll(allMatches(sources("oauth/TokenResponse.java"), "Granted _ -> \"([a-z]+)\""));
    assertThat(outcomesOf("request")).containsExactlyInAnyOrderElementsOf(outcomes);
  }

  @Test
  void listsEveryOutcomeOfANudge() {
    String nudges = sources("nudge/PodNudger.java");
    Set<String> outcomes = allMatches(nudges, "count\\([^)\"]*\"([a-z]+)\"");
    outcomes.addAll(allMatches(nudges, "count\\([^)\"]*\"[a-z]+\" : \"([a-z]+)\""));
    assertThat(outcomesOf("nudge")).containsExactlyInAnyOrderElementsOf(outcomes);
  }

  @Test
  void listsEveryGrantTypeOfAMetric() {
    String told = Readme.section("#### Outcomes");
    assertThat(Readme.words(told.substring(0, told.indexOf(';'))))
        .startsWith("grant_type")
        .filteredOn(word -> !word.equals("grant_type"))
        .containsExactlyInAnyOrderElementsOf(
            allMatches(sources("Grant.java"), "String type\\(\\) \\{\\s+return \"([a-z_]+)\""));
  }

  @Test
  void listsEveryEvent() {
    String events = Readme.section(REASONS);
    String told = events.substring(events.indexOf("Events tell"), events.indexOf("An ordinary"));
    Set<String> announced =
        allMatches(sources("status/StatusEvent.java"), "\"([A-Z][a-z]+[A-Z][A-Za-z]+)\"");
    announced.addAll(
        List.of(Reason.CREDENTIALS_REJECTED.text(), Reason.TARGET_SECRET_CONFLICT.text()));
    assertThat(Readme.words(told)).containsExactlyInAnyOrderElementsOf(announced);
  }

  @Test
  void listsEveryOverlayAndComponent() {
    assertThat(names("### Overlays", "start from"))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of("deploy/overlays", "deploy/components")
                .flatMap(ReadmeTest::folders)
                .toList());
  }

  @Test
  void everyLinkLeadsSomewhere() {
    Set<String> headings =
        matches(Readme.TEXT, "(?m)^#+ (.+)$")
            .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
            .map(heading -> "#" + heading.replaceAll("[^\\w -]", "").replace(' ', '-'))
            .collect(Collectors.toSet());
    assertThat(allMatches(Readme.TEXT, "\\]\\(([^)]+)\\)"))
        .filteredOn(link -> !link.startsWith("https://"))
        .isNotEmpty()
        .allMatch(link -> headings.contains(link) || Files.exists(Path.of(link)));
  }

  private static List<String> outcomesOf(String what) {
    return Readme.table("#### Outcomes").stream()
        .filter(row -> row.get("of").equals(what))
        .map(row -> Readme.words(row.get("outcome")).getFirst())
        .toList();
  }

  private static List<String> names(String heading, String column) {
    return Readme.column(heading, column).stream()
        .map(cell -> Readme.words(cell).getFirst())
        .toList();
  }

  private static Stream<String> folders(String parent) {
    try (Stream<Path> folders = Files.list(Path.of(parent))) {
      return folders.map(Path::toString).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<MatchResult> matches(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results();
  }

  private static Set<String> allMatches(String text, String pattern) {
    return matches(text, pattern)
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
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
