package com.trackunit.iris.operator.simulation;

import com.trackunit.iris.operator.support.Plot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** Prints the tables, and writes them as Markdown with a plot beside it. */
final class Report {
  private final Path folder;
  private final Path markdown;

  Report(Path folder) {
    this.folder = folder;
    this.markdown = folder.resolve("simulation.md");
    try {
      Files.createDirectories(folder);
      Files.deleteIfExists(markdown);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Prints each row when it is there. */
  void table(String heading, Stream<String> rows) {
    System.out.println("\n" + heading);
    List<String> printed = rows.peek(System.out::println).toList();
    append("```text\n%s\n%s\n```\n\n".formatted(heading, String.join("\n", printed)));
  }

  private void append(String text) {
    try {
      Files.writeString(markdown, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void plot(List<OutageCurve> curves) {
    Plot.linear(
            "length of the outage in minutes",
            "seconds with an expired token",
            curves.stream().map(OutageCurve::lines).flatMap(List::stream).toList(),
            curves.stream().map(OutageCurve::promise).toList())
        .svg()
        .write(folder.resolve("outages.svg"));
    System.out.println("\nWritten to " + folder + ", with a plot.");
  }
}
