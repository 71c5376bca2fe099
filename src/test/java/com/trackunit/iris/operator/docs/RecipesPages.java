package com.trackunit.iris.operator.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The pages of {@code docs/recipes} and the blocks on them, word for word. */
final class RecipesPages {
  static final Path FOLDER = Path.of("docs", "recipes");

  private static final Pattern BLOCK =
      Pattern.compile("(?ms)(?:^`([^`\n]+)`:\n\n)?^```(\\w*)\n(.*?)^```$");

  private RecipesPages() {}

  /** One file of the folder. */
  record Page(String name, String text) {
    Stream<Block> blocks() {
      return BLOCK.matcher(text).results().map(this::block);
    }

    /** The only block of this language. */
    Block block(String language) {
      List<Block> found = blocks().filter(block -> block.language().equals(language)).toList();
      if (found.size() != 1) {
        throw new IllegalArgumentException(name + " has not one block " + language);
      }
      return found.getFirst();
    }

    private Block block(MatchResult found) {
      String file = found.group(1) == null ? "" : found.group(1);
      return new Block(name, file, found.group(2), found.group(3));
    }

    /** The text without its blocks. */
    String prose() {
      return BLOCK.matcher(text).replaceAll("");
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** A fenced block; {@code file} is the name that stands before it, if one does. */
  record Block(String page, String file, String language, String text) {
    /** What a diff starts from. */
    String before() {
      return side("-");
    }

    /** What a diff leads to; any other block as it is. */
    String after() {
      return language.equals("diff") ? side("+") : text;
    }

    private String side(String sign) {
      Predicate<String> shown = line -> line.startsWith(" ") || line.startsWith(sign);
      return text.lines()
          .filter(shown)
          .map(line -> line.substring(1) + "\n")
          .collect(Collectors.joining());
    }

    /** How many lines of a diff begin so and are not empty. */
    long lines(String sign) {
      return text.lines().filter(line -> line.startsWith(sign) && line.length() > 1).count();
    }

    @Override
    public String toString() {
      return page + " " + text.lines().findFirst().orElse("").strip();
    }
  }

  static List<Page> all() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().map(RecipesPages::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Page page(String name) {
    return read(FOLDER.resolve(name));
  }

  private static Page read(Path file) {
    try {
      return new Page(file.getFileName().toString(), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
