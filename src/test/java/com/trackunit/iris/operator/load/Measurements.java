package com.trackunit.iris.operator.load;

import com.trackunit.iris.operator.support.Plot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What was measured, by number of credentials: each figure is the median of all rounds. */
final class Measurements {
  private static final List<Figure> TIMES =
      List.of(Figure.FILL, Figure.FLOOR, Figure.RESTART_STEADY, Figure.RESTART_READY);
  private static final List<Figure> MEMORY = List.of(Figure.MOST_RESIDENT, Figure.LIVE);

  private final SortedMap<Integer, List<Map<Figure, Double>>> rounds = new TreeMap<>();

  void add(int number, Map<Figure, Double> figures) {
    rounds.computeIfAbsent(number, _ -> new ArrayList<>()).add(figures);
  }

  /** A Markdown table with a column for each number of credentials. */
  String table() {
    Stream<String> rows =
        Arrays.stream(Figure.values())
            .filter(figure -> rounds.keySet().stream().anyMatch(n -> median(n, figure).isPresent()))
            .map(figure -> row(figure.title(), number -> shown(number, figure)));
    return Stream.concat(
            Stream.of(row("credentials", String::valueOf), row("---", number -> "---:")), rows)
        .collect(Collectors.joining("\n"));
  }

  private String row(String title, Function<Integer, String> cell) {
    return rounds.keySet().stream()
        .map(cell)
        .collect(Collectors.joining(" | ", "| " + title + " | ", " |"));
  }

  private String shown(int number, Figure figure) {
    return median(number, figure).map(figure::shown).orElse("–");
  }

  private Optional<Double> median(int number, Figure figure) {
    List<Double> values =
        rounds.get(number).stream()
            .flatMap(round -> Stream.ofNullable(round.get(figure)))
            .sorted()
            .toList();
    int upper = values.size() / 2;
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of((values.get((values.size() - 1) / 2) + values.get(upper)) / 2);
  }

  void writeTable(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("measure.md"), table() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a plot of the times and one of the memory. */
  void plot(Path folder) {
    Plot.logarithmic("credentials", "seconds", lines(TIMES))
        .svg()
        .write(folder.resolve("time.svg"));
    Plot.logarithmic("credentials", "MiB", lines(MEMORY)).svg().write(folder.resolve("memory.svg"));
  }

  private List<Plot.Line> lines(List<Figure> figures) {
    return figures.stream().map(figure -> new Plot.Line(figure.title(), points(figure))).toList();
  }

  private List<Plot.Point> points(Figure figure) {
    return rounds.keySet().stream()
        .flatMap(
            number -> median(number, figure).map(value -> new Plot.Point(number, value)).stream())
        .toList();
  }
}
