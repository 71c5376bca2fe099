package com.trackunit.iris.operator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A picture that is readable on a light and on a dark page: shapes with classes, whose colours
 * follow the reader's setting.
 */
public final class Svg {
  // Colours that people tell apart who do not see all of them: Okabe and Ito, 2008.
  private static final String STYLE =
      """
        <style>
          text { font: 12px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
          .middle { text-anchor: middle; } .end { text-anchor: end; } .quiet { fill: #57606a; }
          .ground { fill: #ffffff; } .grid { stroke: #d0d7de; } .axis { stroke: #57606a; }
          .mark { stroke: #57606a; stroke-dasharray: 5 4; }
          .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
          .line.a { stroke: #0072b2; } .line.b { stroke: #b97700; } .line.c { stroke: #009e73; } .line.d { stroke: #b8578f; }
          .area.a { fill: #0072b2; } .area.b { fill: #b97700; } .area.c { fill: #009e73; } .area.d { fill: #b8578f; }
          .faint { opacity: .35; }
          @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3; } .quiet { fill: #9198a1; }
            .ground { fill: #0d1117; } .grid { stroke: #30363d; } .axis, .mark { stroke: #9198a1; }
            .line.a { stroke: #56b4e9; } .line.b { stroke: #e69f00; } .line.c { stroke: #2fd0a0; } .line.d { stroke: #e59ac6; }
            .area.a { fill: #56b4e9; } .area.b { fill: #e69f00; } .area.c { fill: #2fd0a0; } .area.d { fill: #e59ac6; }
          }
        </style>
      """;

  private final StringBuilder shapes = new StringBuilder();
  private final int width;
  private final int height;

  /** An empty picture of this size in pixels, on a ground of its own. */
  public Svg(int width, int height, String title) {
    this.width = width;
    this.height = height;
    shapes.append("  <title>%s</title>\n".formatted(title)).append(STYLE);
    rect("ground", 0, 0, width, height);
  }

  public Svg rect(String classes, double x, double y, double width, double height) {
    return add(
        "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
        classes, x, y, width, height);
  }

  public Svg line(String classes, double x1, double y1, double x2, double y2) {
    return add(
        "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
        classes, x1, y1, x2, y2);
  }

  public Svg circle(String classes, double x, double y) {
    return add("<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/>", classes, x, y);
  }

  /** A line through points, as in {@code 1,2 3,4}. */
  public Svg polyline(String classes, String points) {
    return add("<polyline class=\"%s\" points=\"%s\"/>", classes, points);
  }

  public Svg text(String classes, double x, double y, String text) {
    return add("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>", classes, x, y, text);
  }

  /** A text that is read from below. */
  public Svg upright(double x, double y, String text) {
    return add(
        "<text class=\"middle\" transform=\"translate(%.1f %.1f) rotate(-90)\">%s</text>",
        x, y, text);
  }

  private Svg add(String shape, Object... values) {
    shapes.append("  ").append(String.format(Locale.ROOT, shape, values)).append('\n');
    return this;
  }

  @Override
  public String toString() {
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">\n%s</svg>\n"
        .formatted(width, height, shapes);
  }

  public void write(Path file) {
    try {
      Files.writeString(file, toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
