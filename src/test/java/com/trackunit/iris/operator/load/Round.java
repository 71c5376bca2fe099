package com.trackunit.iris.operator.load;

import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/**
 * Measures one number of credentials once, between two runs of a plain client that makes the same
 * writes.
 */
final class Round {
  private static final int MOST_RENEWALS = 1000;
  private static final int FEWEST_FOR_CPU = 100;
  private static final double MEBIBYTE = 1 << 20;
  // As long as a JWT of Trackunit.
  private static final String LONG = "x".repeat(1500) + "-";

  private final ControlPlane plane;
  private final FakeAuthorizationServer server;
  private final int number;
  private final Map<Figure, Double> figures = new EnumMap<>(Figure.class);

  private Round(ControlPlane plane, FakeAuthorizationServer server, int number) {
    this.plane = plane;
    this.server = server;
    this.number = number;
  }

  /**
   * Measures on a control plane of its own.
   *
   * @param steady measures the steady state and nothing else, which takes half an hour
   */
  static Map<Figure, Double> play(int number, boolean steady) {
    try (ControlPlane plane = ControlPlane.another();
        FakeAuthorizationServer server = FakeAuthorizationServer.start()) {
      Round round = new Round(plane, server, number);
      round.tokensLive(Duration.ofHours(1));
      if (steady) {
        round.steadyState();
      } else {
        round.all();
      }
      return round.figures;
    }
  }

  private void all() {
    String namespace = Crowd.create(plane, number);
    double before = floor();
    fill(namespace);
    set(Figure.FLOOR, (before + floor()) / 2);
    set(Figure.RATIO, figures.get(Figure.FILL) / figures.get(Figure.FLOOR));
    restart(namespace);
  }

  private void tokensLive(Duration life) {
    server.answer(
        question -> {
          Answer granted = server.grant(life);
          return Answer.json(200, granted.body().replace("token-", LONG));
        });
  }

  private void set(Figure figure, double value) {
    figures.put(figure, value);
    System.err.printf("%d: %s: %s%n", number, figure.title(), figure.shown(value));
  }

  private double floor() {
    return seconds(new Floor(plane).fill(Crowd.create(plane, number), number));
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
      renew(crowd);
      scrape(crowd);
      set(Figure.MOST_RESIDENT, crowd.operator().mebibytes("VmHWM"));
      set(Figure.LIVE, crowd.operator().liveHeap() / MEBIBYTE);
    }
  }

  private static double untilTheFirst(Crowd.Work work) {
    return work.calls().stream()
        .filter(call -> call.resource().equals("secrets") && call.verb().equals("create"))
        .mapToDouble(call -> seconds(Duration.between(work.began(), call.at())))
        .min()
        .orElseThrow();
  }

  private void renew(Crowd crowd) {
    int some = Math.min(MOST_RENEWALS, number);
    Crowd.Work renewals = crowd.renew(some);
    set(Figure.RENEWAL_CALLS, (double) renewals.calls().size() / some);
    // Of fewer, most of it is what the process needs by itself.
    if (some >= FEWEST_FOR_CPU) {
      set(Figure.RENEWAL_CPU, millis(renewals.cpu()) / some);
    }
  }

  private void scrape(Crowd crowd) {
    Instant began = Instant.now();
    set(Figure.SCRAPE, crowd.operator().get("/metrics").length() / 1000.0);
    set(Figure.SCRAPE_TIME, millis(Duration.between(began, Instant.now())));
    set(Figure.SCRAPE_GZIP, crowd.operator().gzippedSize("/metrics") / 1000.0);
  }

  private void steadyState() {
    String namespace = Crowd.create(plane, number);
    int granted = server.granted();
    try (Crowd crowd = new Crowd(plane, server, namespace, number)) {
      crowd.secondsToReady();
      crowd.filled(granted);
      set(Figure.RESIDENT, crowd.operator().mebibytes("VmRSS"));
      Crowd.Work idle = crowd.idle(SteadyState.IDLE);
      set(Figure.IDLE_CALLS, idle.calls().size());
      set(Figure.IDLE_CPU, seconds(idle.cpu()));
      set(Figure.IDLE_RESIDENT, crowd.operator().mebibytes("VmRSS"));
      tokensLive(SteadyState.LIFE);
      crowd.renewAllWithin(SteadyState.PERIOD);
      lateness(SteadyState.watch(plane.admin(), namespace));
      set(Figure.MOST_RESIDENT, crowd.operator().mebibytes("VmHWM"));
    }
  }

  private void lateness(SteadyState seen) {
    set(Figure.STEADY_RENEWALS, seen.renewals());
    set(Figure.LATENESS_MEDIAN, seen.lateness(0.5));
    set(Figure.LATENESS_P99, seen.lateness(0.99));
    set(Figure.LATENESS_MOST, seen.lateness(1));
  }

  private void restart(String namespace) {
    int granted = server.granted();
    set(Figure.RESTART_FLOOR, seconds(new Floor(plane).list(namespace)));
    try (Crowd crowd = new Crowd(plane, server, namespace, number)) {
      set(Figure.RESTART_READY, crowd.secondsToReady());
      set(
          Figure.RESTART_RATIO,
          figures.get(Figure.RESTART_READY) / figures.get(Figure.RESTART_FLOOR));
      set(Figure.RESTART_STEADY, crowd.secondsToSteady());
      Crowd.Work work = crowd.started();
      set(Figure.RESTART_CPU, seconds(work.cpu()));
      set(Figure.RESTART_WRITES, work.writes());
      set(Figure.RESTART_REQUESTS, server.granted() - granted);
      set(Figure.RESTART_RESIDENT, crowd.operator().mebibytes("VmHWM"));
      Crowd.Work deletion = crowd.delete();
      set(Figure.DELETION, seconds(deletion.took()));
      set(Figure.DELETION_LIVE, crowd.operator().liveHeap() / MEBIBYTE);
    }
  }

  private static double millis(Duration duration) {
    return duration.toMillis();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
