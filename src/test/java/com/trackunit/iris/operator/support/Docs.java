package com.trackunit.iris.operator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The commands, blocks and tables of the documentation, word for word, on whichever page they
 * stand.
 */
public final class Docs {
  public static final List<Page> PAGES = pages();
  public static final String TEXT =
      PAGES.stream().map(Page::text).collect(Collectors.joining("\n"));

  private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```(\\w*)\n(.*?)^ *```$");
  private static final Pattern SPAN = Pattern.compile("`([^`]+)`");
  private static final Pattern TYPED = Pattern.compile("(kubectl|docker|helm|git|\\./mvnw) .+");

  private Docs() {}

  /** A fenced block, without the indentation of a list around it. */
  public record Block(String language, String text) {
    Stream<String> commands() {
      Stream<String> lines = text.replaceAll(" *\\\\\n *", " ").lines();
      return switch (language) {
        case "sh" -> lines;
        case "console" ->
            lines.filter(line -> line.startsWith("$ ")).map(line -> line.substring(2));
        default -> Stream.of();
      };
    }
  }

  /** The page of this path. */
  public static Page page(String file) {
    return PAGES.stream()
        .filter(page -> page.file().equals(Path.of(file)))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("There is no page " + file));
  }

  /** What stands under this heading, up to the next one, on the one page that has it. */
  public static String section(String heading) {
    List<String> found = PAGES.stream().flatMap(page -> page.section(heading).stream()).toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          "%d pages have the heading %s".formatted(found.size(), heading));
    }
    return found.getFirst();
  }

  /** The blocks in this part of a page. */
  public static Stream<Block> blocks(String part) {
    return BLOCK
        .matcher(part)
        .results()
        .map(block -> new Block(block.group(1), block.group(2).stripIndent()));
  }

  /** What a reader of a section types and applies, in this order. */
  public static Stream<Block> steps(String heading) {
    List<Block> blocks = blocks(section(heading)).toList();
    return IntStream.range(0, blocks.size())
        .filter(i -> List.of("sh", "yaml").contains(blocks.get(i).language))
        .mapToObj(i -> withInput(blocks.get(i), blocks.subList(i + 1, blocks.size())));
  }

  /** A command that waits for lines is given those of the block that follows. */
  private static Block withInput(Block step, List<Block> following) {
    String waits = "=/dev/stdin\n";
    return step.text.contains(waits)
        ? new Block(
            step.language,
            step.text.replace(
                waits, "=/dev/stdin <<'END'\n" + following.getFirst().text() + "END\n"))
        : step;
  }

  /** The commands in this part of a page, in blocks and in sentences. */
  public static Set<String> commands(String part) {
    return Stream.concat(
            blocks(part).flatMap(Block::commands),
            words(BLOCK.matcher(part).replaceAll("")).stream()
                .filter(word -> TYPED.matcher(word).matches()))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The one command that is this, or else begins so. */
  public static String command(String beginning) {
    Set<String> all = commands(TEXT);
    List<String> found =
        all.contains(beginning)
            ? List.of(beginning)
            : all.stream().filter(command -> command.startsWith(beginning)).toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException("Not one command begins so: " + beginning + found);
    }
    return found.getFirst();
  }

  /** The first table under a heading: of each row the cells, by the name of their column. */
  public static List<Map<String, String>> table(String heading) {
    List<List<String>> rows =
        section(heading)
            .lines()
            .dropWhile(line -> !line.startsWith("|"))
            .takeWhile(line -> line.startsWith("|"))
            .map(line -> Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList())
            .toList();
    return rows.stream().skip(2).map(row -> named(rows.getFirst(), row)).toList();
  }

  private static Map<String, String> named(List<String> columns, List<String> cells) {
    Map<String, String> row = new LinkedHashMap<>();
    IntStream.range(0, columns.size()).forEach(i -> row.put(columns.get(i), cells.get(i)));
    return row;
  }

  /** A column of that table. */
  public static List<String> column(String heading, String name) {
    return table(heading).stream().map(row -> row.get(name)).toList();
  }

  /** What is set as code in a text. */
  public static List<String> words(String text) {
    return SPAN.matcher(text)
        .results()
        .map(span -> span.group(1).replaceAll("\\s+", " ").strip())
        .toList();
  }

  /** The pages, what was changed, and whatever else there is below docs. */
  public static List<Page> everyMarkdownFile() {
    return Stream.concat(markdown("", 1), markdown("docs", Integer.MAX_VALUE)).toList();
  }

  /** Those of the repository's root and of docs itself. */
  private static List<Page> pages() {
    return Stream.concat(markdown("", 1), markdown("docs", 1))
        .filter(page -> !page.file().equals(Path.of("CHANGELOG.md")))
        .toList();
  }

  private static Stream<Page> markdown(String folder, int depth) {
    try (Stream<Path> files = Files.walk(Path.of(folder), depth)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .map(Page::read)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
