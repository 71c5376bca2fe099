package com.trackunit.iris.operator.support;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Up to four lines in a diagram. */
public final class Plot {
  private static final int WIDTH = 760;
  private static final int LEFT = 64;
  private static final int RIGHT = WIDTH - 20;
  private static final int TOP = 16;
  private static final int BOTTOM = 300;
  private static final int LEGEND = BOTTOM + 62;
  private static final int LEGEND_LINE = 20;
  private static final int MOST_STEPS = 10;
  private static final List<String> COLOURS = List.of("a", "b", "c", "d");

  private final String x;
  private final String y;
  private final boolean logarithmic;
  private final List<Line> lines;
  private final List<Mark> marks;

  private Plot(String x, String y, boolean logarithmic, List<Line> lines, List<Mark> marks) {
    this.x = x;
    this.y = y;
    this.logarithmic = logarithmic;
    this.lines = lines;
    this.marks = marks;
  }

  /** A point of a line. */
  public record Point(double x, double y) {}

  /** Points in the order of their x. */
  public record Line(String name, List<Point> points) {}

  /** A value of x that is marked by an upright line. */
  public record Mark(double x, String name) {}

  /** Both axes begin at 0. */
  public static Plot linear(String x, String y, List<Line> lines, List<Mark> marks) {
    return new Plot(x, y, false, lines, marks);
  }

  /** Each step of an axis is ten times the one before, and each point is marked. */
  public static Plot logarithmic(String x, String y, List<Line> lines) {
    return new Plot(x, y, true, lines, List.of());
  }

  /** The picture, {@value #WIDTH} pixels wide. */
  public Svg svg() {
    int rows = (lines.size() + 1) / 2;
    Svg svg = new Svg(WIDTH, LEGEND + rows * LEGEND_LINE - 8, y + " by " + x);
    Axis across = axis(Point::x, LEFT, RIGHT);
    Axis up = axis(Point::y, BOTTOM, TOP);
    for (double tick : across.ticks()) {
      svg.line("grid", across.at(tick), TOP, across.at(tick), BOTTOM);
      svg.text("middle", across.at(tick), BOTTOM + 18, shown(tick));
    }
    for (double tick : up.ticks()) {
      svg.line("grid", LEFT, up.at(tick), RIGHT, up.at(tick));
      svg.text("end", LEFT - 8, up.at(tick) + 4, shown(tick));
    }
    svg.line("axis", LEFT, BOTTOM, RIGHT, BOTTOM).line("axis", LEFT, TOP, LEFT, BOTTOM);
    svg.text("middle", (LEFT + RIGHT) / 2.0, BOTTOM + 38, x);
    svg.upright(16, (TOP + BOTTOM) / 2.0, y);
    for (int i = 0; i < marks.size(); i++) {
      double at = across.at(marks.get(i).x());
      svg.line("mark", at, TOP, at, BOTTOM);
      svg.text("", at + 6, TOP + 14, marks.get(i).name());
    }
    IntStream.range(0, lines.size()).forEach(i -> draw(svg, i, across, up));
    return svg;
  }

  private void draw(Svg svg, int number, Axis across, Axis up) {
    Line line = lines.get(number);
    String colour = COLOURS.get(number);
    svg.polyline(
        "line " + colour,
        line.points().stream()
            .map(p -> "%.1f,%.1f".formatted(across.at(p.x()), up.at(p.y())))
            .collect(Collectors.joining(" ")));
    if (logarithmic) {
      line.points().forEach(p -> svg.circle("area " + colour, across.at(p.x()), up.at(p.y())));
    }
    int left = LEFT + number % 2 * (RIGHT - LEFT) / 2;
    int top = LEGEND + number / 2 * LEGEND_LINE;
    svg.line("line " + colour, left, top - 4, left + 18, top - 4);
    svg.text("", left + 26, top, line.name());
  }

  /** Where a value stands, and which values are named. */
  private record Axis(
      double least, double most, double from, double to, boolean logarithmic, double[] ticks) {
    double at(double value) {
      return from + (to - from) * (scaled(value) - scaled(least)) / (scaled(most) - scaled(least));
    }

    private double scaled(double value) {
      return logarithmic ? Math.log10(value) : value;
    }
  }

  private Axis axis(ToDoubleFunction<Point> side, double from, double to) {
    DoubleStream values =
        lines.stream().flatMap(line -> line.points().stream()).mapToDouble(side).sorted();
    double[] sorted = values.toArray();
    double most = sorted[sorted.length - 1];
    return logarithmic ? powers(sorted[0], most, from, to) : steps(most, from, to);
  }

  private static Axis steps(double most, double from, double to) {
    double unit = Math.pow(10, Math.floor(Math.log10(most)) - 1);
    double step =
        DoubleStream.of(1, 2, 5, 10, 20)
            .map(factor -> factor * unit)
            .filter(candidate -> most / candidate <= MOST_STEPS)
            .findFirst()
            .orElseThrow();
    double end = Math.ceil(most / step) * step;
    double[] ticks =
        IntStream.rangeClosed(0, (int) Math.round(end / step)).mapToDouble(i -> i * step).toArray();
    return new Axis(0, end, from, to, false, ticks);
  }

  private static Axis powers(double least, double most, double from, double to) {
    List<Double> ticks = new ArrayList<>();
    int first = (int) Math.floor(Math.log10(least));
    for (int power = first; Math.pow(10, power) <= most; power++) {
      ticks.add(Math.pow(10, power));
    }
    if (most > 2 * ticks.getLast()) {
      ticks.add(most);
    }
    double[] named = ticks.stream().mapToDouble(Double::doubleValue).toArray();
    return new Axis(named[0], most, from, to, true, named);
  }

  private static String shown(double value) {
    return value >= MOST_STEPS * 1000
        ? String.format(Locale.ROOT, "%,.0f", value).replace(",", "\u00a0")
        : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
