package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.docs.RecipesPages.Block;
import com.trackunit.iris.operator.docs.RecipesPages.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The recipes hang together, and a test runs each of them or the page says that none does. */
class RecipesTest {
  private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\(([^)#]*)(?:#([^)]*))?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final String NOT_RUN = "**Nobody has run this one:**";

  static List<Page> pages() {
    return RecipesPages.all();
  }

  @Test
  void theIndexNamesEveryPage() {
    Set<String> named =
        links(RecipesPages.page("README.md"))
            .map(link -> link.group(1))
            .filter(target -> !target.startsWith("../") && !target.contains("://"))
            .collect(Collectors.toCollection(TreeSet::new));
    named.add("README.md");
    assertThat(named).containsExactlyElementsOf(pages().stream().map(Page::name).toList());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkLeadsSomewhere(Page page) throws IOException {
    for (MatchResult link : links(page).filter(any -> !any.group(1).contains("://")).toList()) {
      Path target =
          link.group(1).isEmpty()
              ? RecipesPages.FOLDER.resolve(page.name())
              : RecipesPages.FOLDER.resolve(link.group(1)).normalize();
      assertThat(target).as(link.group()).exists();
      if (link.group(2) != null) {
        assertThat(anchors(target)).as(link.group()).contains(link.group(2));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyBlockIsRunOrThePageSaysThatItIsNot(Page page) {
    assertThat(page.text().split("(?m)^ *```", -1)).hasSize(2 * (int) page.blocks().count() + 1);
    assertThat(page.blocks()).isNotEmpty().allMatch(block -> isRun(block) != saysItIsNot(page));
  }

  /**
   * By RecipesManifestsIT, RecipesKustomizeIT, RecipesStagingIT and RecipesProgramsIT; each takes
   * all of its kind.
   */
  private static boolean isRun(Block block) {
    return switch (block.language()) {
      case "yaml" -> block.text().startsWith("apiVersion: ") || isInstalled(block.page());
      case "diff" -> block.after().startsWith("apiVersion: ") || isProgram(block.page());
      case "sh" -> isInstalled(block.page()) || isProgram(block.page());
      default -> false;
    };
  }

  private static boolean isInstalled(String page) {
    return List.of("kustomize.md", "production-and-staging.md").contains(page);
  }

  private static boolean isProgram(String page) {
    return Arrays.stream(RecipesProgram.values()).anyMatch(program -> program.page().equals(page));
  }

  private static boolean saysItIsNot(Page page) {
    return page.text().contains(NOT_RUN);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SPRING")
  void theCommandOfAPageIsTheOneThatIsRun(RecipesProgram program) {
    String interpreter = Path.of(program.command().getFirst()).getFileName().toString();
    String arguments = String.join(" ", program.command().subList(1, program.command().size()));
    assertThat(RecipesPages.page(program.page()).block("sh").text())
        .isEqualTo(interpreter + " " + arguments + " '/api/asset/v1/assets?size=1'\n");
  }

  @ParameterizedTest
  @CsvSource({
    "sidecar.md, image: caddy:, caddy/go.mod, github.com/caddyserver/caddy/v2 v",
    "sidecar.md, builds Caddy v, caddy/go.mod, github.com/caddyserver/caddy/v2 v",
    "opentelemetry.md, opentelemetry-collector-contrib:, collector/go.mod, bearertokenauthextension"
        + " v",
    "opentelemetry.md, the extension v, collector/go.mod, bearertokenauthextension v",
    "spring.md, with Spring Boot, spring/pom.xml, <version>",
  })
  void theVersionOfAPageIsTheOneThatIsRun(String page, String told, String file, String required)
      throws IOException {
    String run = Files.readString(Path.of("src/test/recipes").resolve(file));
    assertThat(versionAfter(told, RecipesPages.page(page).text()))
        .isEqualTo(versionAfter(required, run));
  }

  private static String versionAfter(String prefix, String text) {
    Matcher version = Pattern.compile(Pattern.quote(prefix) + " *([0-9.]*[0-9])").matcher(text);
    assertThat(version.find()).as(prefix).isTrue();
    return version.group(1);
  }

  private static Stream<MatchResult> links(Page page) {
    return LINK.matcher(page.prose()).results();
  }

  private static List<String> anchors(Path file) throws IOException {
    return HEADING
        .matcher(Files.readString(file))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }
}
