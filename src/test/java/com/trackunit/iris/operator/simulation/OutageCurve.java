package com.trackunit.iris.operator.simulation;

import com.trackunit.iris.operator.support.Plot;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/** How long readers see an expired token, by the length of the outage. */
record OutageCurve(Duration life, List<Point> points) {
  private static final int CREDENTIALS = 100;
  private static final int STEPS = 60;

  /**
   * One outage.
   *
   * @param slowest the longest that the slowest reader saw an expired token, in seconds
   * @param mean the same of all readers on average
   */
  private record Point(Duration outage, double slowest, double mean) {
    static Point of(Duration outage, Outages worst) {
      List<Result> results = worst.under(outage).toList();
      return new Point(
          outage,
          most(results, Result::worstExpired),
          most(results, Result::expiredInSum) / CREDENTIALS);
    }

    private static double most(List<Result> results, ToDoubleFunction<Result> figure) {
      return results.stream().mapToDouble(figure).max().orElseThrow();
    }
  }

  /** Outages of up to half a life, at the worst moment. */
  static OutageCurve of(Duration life, long seed) {
    Outages worst = new Outages(CREDENTIALS, life, seed);
    return new OutageCurve(
        life,
        LongStream.rangeClosed(0, STEPS)
            .mapToObj(step -> life.dividedBy(2L * STEPS).multipliedBy(step))
            .map(outage -> Point.of(outage, worst))
            .toList());
  }

  /** Minutes of outage against seconds. */
  List<Plot.Line> lines() {
    return List.of(
        line("tokens of %d s, slowest reader", Point::slowest),
        line("tokens of %d s, mean of all readers", Point::mean));
  }

  /** The outage that no reader is to notice. */
  Plot.Mark promise() {
    long minutes = Scenario.promised(life).toMinutes();
    return new Plot.Mark(minutes, "promised for %d s: %d min".formatted(life.toSeconds(), minutes));
  }

  private Plot.Line line(String name, ToDoubleFunction<Point> seconds) {
    return new Plot.Line(
        name.formatted(life.toSeconds()),
        points.stream()
            .map(
                point ->
                    new Plot.Point(point.outage().toSeconds() / 60.0, seconds.applyAsDouble(point)))
            .toList());
  }
}
