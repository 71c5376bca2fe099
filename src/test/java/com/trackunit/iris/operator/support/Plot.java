package com.trackunit.iris.operator.support;

import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Rectangle;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogarithmicAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** Up to four lines in a diagram, written as SVG. */
public final class Plot {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 380;
  // Not 12, the library's own default: it leaves that size out, and a browser's default is another.
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
  // Told apart by people who do not see all colours: Okabe and Ito, 2008.
  private static final List<Color> COLOURS =
      List.of(new Color(0x0072B2), new Color(0xE69F00), new Color(0x009E73), new Color(0xCC79A7));

  private final ValueAxis x;
  private final ValueAxis y;
  private final boolean marked;
  private final List<Line> lines;

  private Plot(ValueAxis x, ValueAxis y, boolean marked, List<Line> lines) {
    this.x = x;
    this.y = y;
    this.marked = marked;
    this.lines = lines;
  }

  /** A point of a line. */
  public record Point(double x, double y) {}

  /** Points in the order of their x. */
  public record Line(String name, List<Point> points) {}

  /** Both axes begin at 0. */
  public static Plot linear(String x, String y, List<Line> lines) {
    return new Plot(new NumberAxis(x), new NumberAxis(y), false, lines);
  }

  /** Each step of an axis is ten times the one before, and each point is marked. */
  public static Plot logarithmic(String x, String y, List<Line> lines) {
    return new Plot(powersOfTen(x), powersOfTen(y), true, lines);
  }

  private static LogarithmicAxis powersOfTen(String title) {
    LogarithmicAxis axis = new LogarithmicAxis(title);
    axis.setExpTickLabelsFlag(false);
    axis.setNumberFormatOverride(new DecimalFormat("#.##"));
    return axis;
  }

  /** Writes an image of {@value #WIDTH} x {@value #HEIGHT} pixels. */
  public void write(Path file) {
    VectorGraphics2D graphics = new VectorGraphics2D();
    chart().draw(graphics, new Rectangle(WIDTH, HEIGHT));
    try (OutputStream svg = Files.newOutputStream(file)) {
      Processors.get("svg")
          .getDocument(graphics.getCommands(), new PageSize(WIDTH, HEIGHT))
          .writeTo(svg);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JFreeChart chart() {
    XYSeriesCollection data = new XYSeriesCollection();
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, marked);
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
    x.setLabelFont(FONT);
    y.setLabelFont(FONT);
    JFreeChart chart = new JFreeChart(plot);
    chart.getLegend().setItemFont(FONT);
    chart.setBackgroundPaint(Color.WHITE);
    return chart;
  }
}
