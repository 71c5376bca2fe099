package com.trackunit.iris.operator.support;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Rectangle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnitSource;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.svg.SVGGraphics2D;

/** Up to four lines in a diagram, written as SVG. */
public final class Plot {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 380;

  // Told apart by people who do not see all colours: Okabe and Ito, 2008.
  private static final List<Color> COLOURS =
      List.of(new Color(0x0072B2), new Color(0xE69F00), new Color(0x009E73), new Color(0xCC79A7));

  private final ValueAxis x;
  private final ValueAxis y;
  private final List<Line> lines;

  private Plot(ValueAxis x, ValueAxis y, List<Line> lines) {
    this.x = x;
    this.y = y;
    this.lines = lines;
  }

  /** A point of a line. */
  public record Point(double x, double y) {}

  /** Points in the order of their x. */
  public record Line(String name, List<Point> points) {}

  /** Both axes begin at 0. */
  public static Plot linear(String x, String y, List<Line> lines) {
    return new Plot(new NumberAxis(x), new NumberAxis(y), lines);
  }

  /** Each step of an axis is ten times the one before. */
  public static Plot logarithmic(String x, String y, List<Line> lines) {
    return new Plot(powersOfTen(x), powersOfTen(y), lines);
  }

  private static LogAxis powersOfTen(String title) {
    LogAxis axis = new LogAxis(title);
    axis.setStandardTickUnits(new NumberTickUnitSource());
    return axis;
  }

  /** Writes an image of {@value #WIDTH} x {@value #HEIGHT} pixels. */
  public void write(Path file) {
    XYSeriesCollection data = new XYSeriesCollection();
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
    renderer.setDrawSeriesLineAsPath(true);
    for (Line line : lines) {
      XYSeries series = new XYSeries(line.name());
      line.points().forEach(point -> series.add(point.x(), point.y()));
      int number = data.getSeriesCount();
      renderer.setSeriesStroke(number, new BasicStroke(2));
      renderer.setSeriesPaint(number, COLOURS.get(number));
      data.addSeries(series);
    }
    XYPlot plot = new XYPlot(data, x, y, renderer);
    plot.setBackgroundPaint(Color.WHITE);
    plot.setDomainGridlinePaint(Color.LIGHT_GRAY);
    plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
    JFreeChart chart = new JFreeChart(plot);
    chart.setBackgroundPaint(Color.WHITE);
    SVGGraphics2D svg = new SVGGraphics2D(WIDTH, HEIGHT);
    svg.setDefsKeyPrefix("plot");
    chart.draw(svg, new Rectangle(WIDTH, HEIGHT));
    try {
      Files.writeString(file, svg.getSVGDocument());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
