package com.trackunit.iris.operator.docs;

import static com.trackunit.iris.operator.oauth.Exchanges.LOGIN;
import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.oauth.TokenError;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.DesiredSecret;
import com.trackunit.iris.operator.status.Reason;
import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.Specs;
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
 * What the tables of the documentation say is what the code says. The long ones have tests of their
 * own: {@link VariablesTableTest}, {@link FieldsTableTest}, {@link WaitsTableTest}, {@code
 * stories.MonitoringIT}.
 */
class TablesTest {
  private static final String REASONS = "## Do what the reason says";
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
    Docs.table(REASONS)
        .forEach(
            row ->
                told.put(
                    Docs.words(row.get("reason")).getFirst(),
                    new TreeSet<>(Docs.words(row.get("of")))));
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
    String told = Docs.section(REASONS);
    assertThat(
            Docs.words(told.substring(told.indexOf("comes with "), told.indexOf(", as `Renewed`"))))
        .containsExactlyInAnyOrderElementsOf(allMatches(sentences, "Stalled=True (\\w+):"));
  }

  @Test
  void listsEveryKeyOfTheTargetSecretAndWhatItHolds() {
    StoredToken token =
        new StoredToken(
            Lifetime.of(NOW, Duration.ofHours(1)), NOW, "api", "spec", "hash", null, null);
    Map<String, String> held = DesiredSecret.render(Specs.fleet(), token, "secret").data();
    assertThat(names("## The target Secret", "key"))
        .containsExactlyInAnyOrderElementsOf(held.keySet());
    assertThat(Docs.table("## The target Secret"))
        .filteredOn(row -> row.get("value").startsWith("`"))
        .hasSize(4)
        .allSatisfy(
            row ->
                assertThat(held.get(Docs.words(row.get("key")).getFirst()))
                    .isEqualTo(
                        Docs.words(row.get("value")).getFirst()
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
    String told = Docs.section("### Outcomes");
    assertThat(Docs.words(told.substring(0, told.indexOf(';'))))
        .startsWith("grant_type")
        .filteredOn(word -> !word.equals("grant_type"))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    Arrays.stream(GrantType.values()).map(GrantType::label),
                    Stream.of(LOGIN.refresh("refresh").type()))
                .toList());
  }

  @Test
  void listsEveryEvent() {
    String told = Docs.section("### Events");
    Set<String> announced =
        allMatches(sources("status/StatusEvent.java"), "\"([A-Z][a-z]+[A-Z][A-Za-z]+)\"");
    announced.addAll(
        List.of(Reason.CREDENTIALS_REJECTED.text(), Reason.TARGET_SECRET_CONFLICT.text()));
    assertThat(Docs.words(told)).containsExactlyInAnyOrderElementsOf(announced);
  }

  @Test
  void listsEveryOverlayAndComponent() {
    assertThat(names("## Choose an overlay", "start from"))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of("deploy/overlays", "deploy/components")
                .flatMap(TablesTest::folders)
                .toList());
  }

  private static List<String> outcomesOf(String what) {
    return Docs.table("### Outcomes").stream()
        .filter(row -> row.get("of").equals(what))
        .map(row -> Docs.words(row.get("outcome")).getFirst())
        .toList();
  }

  private static List<String> names(String heading, String column) {
    return Docs.column(heading, column).stream().map(cell -> Docs.words(cell).getFirst()).toList();
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
          .map(TablesTest::read)
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
