package com.trackunit.iris.operator.docs;

import com.trackunit.iris.operator.renewal.RenewalSchedule;
import com.trackunit.iris.operator.support.Svg;

/** A token of an hour on a line of time, with the longest outage that no pod notices. */
final class LifeOfAToken {
  private static final int WIDTH = 760;
  private static final int LEFT = 150;
  private static final int RIGHT = WIDTH - 40;
  private static final int TOP = 20;
  private static final int ROW = 38;
  private static final int BAR = 18;
  private static final double MINUTES = 60;
  private static final double KUBELET = 91 / 60.0;

  private final double outage;

  /**
   * Draws that.
   *
   * @param outage the promised one, in minutes
   */
  LifeOfAToken(double outage) {
    this.outage = outage;
  }

  Svg svg() {
    double earliest = RenewalSchedule.EARLIEST * MINUTES;
    double latest = RenewalSchedule.LATEST * MINUTES;
    double over = latest + outage;
    Svg svg = new Svg(WIDTH, TOP + 5 * ROW + 46, "The life of a token of an hour");
    for (int minute = 0; minute <= MINUTES; minute += 10) {
      svg.line("grid", at(minute), TOP - 6, at(minute), TOP + 5 * ROW);
      svg.text("middle", at(minute), TOP + 5 * ROW + 18, String.valueOf(minute));
    }
    svg.text("middle", (LEFT + RIGHT) / 2.0, TOP + 5 * ROW + 38, "minutes since the issue");
    row(svg, 0, "the token", "");
    bar(svg, 0, "a", 0, MINUTES);
    svg.text("end quiet", at(MINUTES) - 6, TOP - 8 + 5, "expires");
    row(svg, 1, "renewal begins", "");
    bar(svg, 1, "c", earliest, latest);
    svg.text(
        "",
        at(latest) + 6,
        TOP + ROW + 14,
        "between minute %.0f and %.0f".formatted(earliest, latest));
    row(svg, 2, "an outage that", "may last that long");
    bar(svg, 2, "d", latest, over);
    svg.text("end", at(latest) - 6, TOP + 2 * ROW + 14, "%.0f minutes".formatted(outage));
    row(svg, 3, "kubelet shows", "the new token");
    bar(svg, 3, "b", over, over + KUBELET);
    svg.text("end", at(over) - 6, TOP + 3 * ROW + 14, "up to 91 s later");
    row(svg, 4, "a pod reads", "a valid token");
    bar(svg, 4, "a faint", 0, over + KUBELET);
    bar(svg, 4, "a", over + KUBELET, MINUTES + 2);
    svg.text(
        "end", at(over + KUBELET) - 6, TOP + 4 * ROW + 14, "the earlier one, then the new one");
    return svg;
  }

  private static void row(Svg svg, int number, String first, String second) {
    double middle = TOP + number * ROW + 14;
    svg.text("end", LEFT - 12, second.isEmpty() ? middle : middle - 7, first);
    if (!second.isEmpty()) {
      svg.text("end", LEFT - 12, middle + 7, second);
    }
  }

  private static void bar(Svg svg, int number, String colour, double from, double to) {
    svg.rect("area " + colour, at(from), TOP + number * ROW, at(to) - at(from), BAR);
  }

  private static double at(double minute) {
    return LEFT + (RIGHT - LEFT) * minute / (MINUTES + 2);
  }
}
