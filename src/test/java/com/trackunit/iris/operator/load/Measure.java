package com.trackunit.iris.operator.load;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import com.trackunit.iris.operator.support.OperatorProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Measures what the shipped jar costs on a real API server: {@code ./mvnw -Pmeasure}. Each number
 * of credentials is measured between two runs of a plain client that makes the same writes.
 */
public final class Measure {
  private static final List<Integer> NUMBERS = List.of(1, 100, 1000, 10_000);
  private static final int MOST_RENEWALS = 1000;

  private final ControlPlane plane;
  private final FakeAuthorizationServer server;
  private final int number;
  private final Map<Figure, Double> figures = new EnumMap<>(Figure.class);

  private Measure(ControlPlane plane, FakeAuthorizationServer server, int number) {
    this.plane = plane;
    this.server = server;
    this.number = number;
  }

  /** Measures all, or as many credentials as each argument says. */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    List<Integer> numbers =
        arguments.length == 0 ? NUMBERS : Arrays.stream(arguments).map(Integer::valueOf).toList();
    OperatorProcess.train();
    Map<Integer, Map<Figure, Double>> columns = new LinkedHashMap<>();
    for (int number : numbers) {
      try (ControlPlane plane = ControlPlane.another();
          FakeAuthorizationServer server = FakeAuthorizationServer.start()) {
        server.answer(question -> longToken(server.grant(Duration.ofHours(1))));
        columns.put(number, new Measure(plane, server, number).all());
      }
    }
    System.out.println(table(columns));
  }

  // As long as a JWT of Trackunit.
  private static Answer longToken(Answer granted) {
    return Answer.json(200, granted.body().replace("token-", "x".repeat(1500) + "-"));
  }

  /** A Markdown table with a column for each number of credentials. */
  private static String table(Map<Integer, Map<Figure, Double>> columns) {
    String heading =
        columns.keySet().stream().map(String::valueOf).collect(Collectors.joining(" | "));
    Stream<String> rows =
        Arrays.stream(Figure.values())
            .map(
                figure ->
                    columns.values().stream()
                        .map(column -> figure.shown(column.get(figure)))
                        .collect(Collectors.joining(" | ", "| " + figure.title() + " | ", " |")));
    return Stream.concat(
            Stream.of(
                "| credentials | " + heading + " |", "| --- |" + " ---: |".repeat(columns.size())),
            rows)
        .collect(Collectors.joining("\n"));
  }

  private Map<Figure, Double> all() {
    String namespace = Crowd.create(plane, number);
    double before = floor();
    fill(namespace);
    double after = floor();
    set(Figure.FLOOR, (before + after) / 2);
    set(Figure.RATIO, figures.get(Figure.FILL) / figures.get(Figure.FLOOR));
    restart(namespace);
    return figures;
  }

  private void set(Figure figure, double value) {
    figures.put(figure, value);
    System.err.printf("%d: %s: %s%n", number, figure.title(), figure.shown(value));
  }

  private double floor() {
    return new Floor(plane).fill(Crowd.create(plane, number), number).toMillis() / 1000.0;
  }

  private void fill(String namespace) {
    int granted = server.granted();
    try (Crowd crowd = new Crowd(plane, server, namespace, number)) {
      set(Figure.READY, crowd.secondsToReady());
      Crowd.Work work = crowd.filled(granted);
      set(Figure.FIRST_TOKEN, untilTheFirst(work));
      set(Figure.FILL, work.untilLast("iriscredentials", "patch"));
      set(Figure.FILL_CALLS, (double) work.calls().size() / number);
      set(Figure.FILL_CPU, millis(work.cpu()) / number);
      set(Figure.RESIDENT, crowd.operator().mebibytes("VmRSS"));
      int some = Math.min(MOST_RENEWALS, number);
      Crowd.Work renewals = crowd.renew(some);
      set(Figure.RENEWAL_CALLS, (double) renewals.calls().size() / some);
      set(Figure.RENEWAL_CPU, millis(renewals.cpu()) / some);
      scrape(crowd);
      set(Figure.MOST_RESIDENT, crowd.operator().mebibytes("VmHWM"));
      set(Figure.LIVE, crowd.operator().liveHeap() / 1e6);
    }
  }

  private static double untilTheFirst(Crowd.Work work) {
    return work.calls().stream()
            .filter(call -> call.resource().equals("secrets") && call.verb().equals("create"))
            .mapToDouble(call -> millis(Duration.between(work.began(), call.at())))
            .min()
            .orElseThrow()
        / 1000.0;
  }

  private void scrape(Crowd crowd) {
    Instant began = Instant.now();
    set(Figure.SCRAPE, crowd.operator().get("/metrics").length() / 1000.0);
    set(Figure.SCRAPE_TIME, millis(Duration.between(began, Instant.now())));
    set(Figure.SCRAPE_GZIP, crowd.operator().gzippedSize("/metrics") / 1000.0);
  }

  private void restart(String namespace) {
    int granted = server.granted();
    try (Crowd crowd = new Crowd(plane, server, namespace, number)) {
      set(Figure.RESTART_READY, crowd.secondsToReady());
      set(Figure.RESTART_STEADY, crowd.secondsToSteady());
      Crowd.Work work = crowd.started();
      set(Figure.RESTART_CPU, millis(work.cpu()) / 1000.0);
      set(Figure.RESTART_WRITES, work.writes());
      set(Figure.RESTART_REQUESTS, server.granted() - granted);
      set(Figure.RESTART_RESIDENT, crowd.operator().mebibytes("VmHWM"));
      Crowd.Work deletion = crowd.delete();
      set(Figure.DELETION, millis(Duration.between(deletion.began(), Instant.now())) / 1000.0);
      set(Figure.DELETION_LIVE, crowd.operator().liveHeap() / 1e6);
    }
  }

  private static double millis(Duration duration) {
    return duration.toMillis();
  }
}
