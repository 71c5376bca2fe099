package com.trackunit.iris.operator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Markdown page: its headings as GitHub names them, what stands under each, and where it links
 * to.
 */
public record Page(Path file, String text) {
  private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```$");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ .+$");
  private static final Pattern SPAN = Pattern.compile("`[^`]+`");
  private static final Pattern LINK =
      Pattern.compile("\\]\\(([^)\\s]+)\\)|(?:src|srcset|href)=\"([^\"]+)\"");

  /** The page in this file. */
  public static Page read(Path file) {
    try {
      return new Page(file, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each heading with its marks, as {@code ## Install}. */
  public List<String> headings() {
    return HEADING.matcher(prose()).results().map(heading -> heading.group()).toList();
  }

  /** What stands under this heading, up to the next one. */
  public Optional<String> section(String heading) {
    Matcher headings = HEADING.matcher(prose());
    while (headings.find()) {
      if (headings.group().equals(heading)) {
        int start = headings.end();
        return Optional.of(
            text.substring(start, headings.find() ? headings.start() : text.length()));
      }
    }
    return Optional.empty();
  }

  /** The fragments that lead to its headings; a heading that comes again is numbered. */
  public Set<String> anchors() {
    Map<String, Integer> seen = new HashMap<>();
    Set<String> anchors = new LinkedHashSet<>();
    for (String heading : headings()) {
      String anchor = anchor(heading);
      int before = seen.merge(anchor, 1, Integer::sum) - 1;
      anchors.add(before == 0 ? anchor : anchor + "-" + before);
    }
    return anchors;
  }

  /** The fragment that GitHub makes of a heading. */
  private static String anchor(String heading) {
    return heading
        .replaceFirst("^#+ ", "")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
        .replace(' ', '-');
  }

  /** Where its links and pictures point, as written. */
  public List<String> links() {
    List<String> links = new ArrayList<>();
    Matcher found = LINK.matcher(SPAN.matcher(prose()).replaceAll("code"));
    while (found.find()) {
      links.add(
          Stream.of(found.group(1), found.group(2)).filter(to -> to != null).toList().getFirst());
    }
    return links;
  }

  /** Its file, as the name of a test. */
  @Override
  public String toString() {
    return file.toString();
  }

  /** The text with blanks for blocks of code, so that every offset stays. */
  private String prose() {
    return FENCE.matcher(text).replaceAll(block -> block.group().replaceAll("[^\n]", " "));
  }
}
