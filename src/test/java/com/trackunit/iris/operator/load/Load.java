package com.trackunit.iris.operator.load;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Measures what the shipped jar costs with 1, 1000 and 10 000 credentials on a real API server:
 * {@code ./mvnw -Pmeasure}.
 */
public final class Load {
  private static final int MOST_RENEWALS = 1000;
  private static final String HEADING =
      "%11s | %7s %9s | %14s %13s | %13s %13s %12s | %10s %10s | %9s"
          .formatted(
              "credentials",
              "ready",
              "all valid",
              "calls, 1 token",
              "calls, 1 more",
              "restart: calls",
              "writes",
              "requests",
              "memory",
              "at most",
              "scrape");

  private Load() {}

  /** Measures all, or as many credentials as the first argument says. */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    List<Integer> numbers =
        arguments.length == 0 ? List.of(1, 1000, 10_000) : List.of(Integer.parseInt(arguments[0]));
    try (ControlPlane plane = ControlPlane.another();
        FakeAuthorizationServer server = FakeAuthorizationServer.start()) {
      server.grantFor(Duration.ofHours(1));
      System.out.println(HEADING);
      numbers.forEach(number -> System.out.println(line(new Crowd(plane, server, number))));
    }
  }

  private static String line(Crowd crowd) {
    try (crowd) {
      Duration ready = crowd.start();
      Crowd.Calls first = crowd.during(crowd::create);
      int some = Math.min(MOST_RENEWALS, crowd.number());
      Crowd.Calls more = crowd.during(() -> crowd.renew(some));
      long memory = crowd.operator().mebibytes("VmRSS");
      long most = crowd.operator().mebibytes("VmHWM");
      int scrape = crowd.operator().get("/metrics").length();
      int asked = crowd.asked();
      Crowd.Calls restart = crowd.during(crowd::restart);
      return "%11d | %5.1f s %7.1f s | %14.2f %13.2f | %14d %13d %12d | %6d MiB %6d MiB | %6d kB"
          .formatted(
              crowd.number(),
              seconds(ready),
              seconds(first.untilTheLastSecret()),
              (double) first.all().size() / crowd.number(),
              (double) more.all().size() / some,
              restart.all().size(),
              restart.writes(),
              crowd.asked() - asked,
              memory,
              most,
              scrape / 1000);
    }
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
