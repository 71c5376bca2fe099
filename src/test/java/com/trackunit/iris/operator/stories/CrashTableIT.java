package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import com.trackunit.iris.operator.renewal.Fingerprint;
import com.trackunit.iris.operator.stories.CrashPoint.Side;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.Sources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * The shipped jar is killed at every call to the API server that a workload takes, before it
 * reaches the server and after it was committed, and started again: the end is that of the same
 * workload unharmed, for one token request and one write of the Secret more at most.
 *
 * <p>Plays a sample that the commit chooses; {@code -Pfaults} plays all, {@code
 * -Dplan=renew:2:after} one and {@code -Dplan=renew} those of a workload.
 */
class CrashTableIT {
  private static final ControlPlane PLANE = ControlPlane.another();
  private static final int AT_ONCE = Integer.getInteger("faults.parallel", 4);
  private static final int SAMPLE = 24;
  private static final CrashRun.Truths TRUE = new CrashRun.Truths(true, true, true, true);

  @AfterAll
  static void end() {
    PLANE.close();
  }

  @Test
  void endsAsWithoutACrash() throws InterruptedException {
    long begin = System.nanoTime();
    String plan = System.getProperty("plan", "");
    List<CrashWorkload> workloads =
        plan.isEmpty()
            ? Arrays.asList(CrashWorkload.values())
            : List.of(CrashWorkload.of(plan.split(":", -1)[0]));
    Map<CrashWorkload, CrashRun.End> unharmed = playUnharmed(workloads);
    List<CrashPoint> points =
        plan.contains(":") ? List.of(CrashPoint.parse(plan)) : points(unharmed, plan);
    List<Future<Executable>> runs =
        inParallel(
            points.stream()
                .<Callable<Executable>>map(point -> () -> verdict(point, unharmed))
                .toList());
    System.out.printf(
        "Crash table: %d workloads, %d of %d crash points, %d s%n",
        workloads.size(),
        points.size(),
        unharmed.values().stream().mapToInt(end -> 2 * end.calls().size()).sum(),
        Duration.ofNanos(System.nanoTime() - begin).toSeconds());
    assertAll(runs.stream().map(Future::resultNow));
  }

  private static Map<CrashWorkload, CrashRun.End> playUnharmed(List<CrashWorkload> workloads)
      throws InterruptedException {
    List<Future<CrashRun.End>> ends =
        inParallel(
            workloads.stream()
                .<Callable<CrashRun.End>>map(workload -> () -> CrashRun.unharmed(PLANE, workload))
                .toList());
    Map<CrashWorkload, CrashRun.End> unharmed = new EnumMap<>(CrashWorkload.class);
    for (int i = 0; i < workloads.size(); i++) {
      CrashRun.End end = ends.get(i).resultNow();
      unharmed.put(workloads.get(i), end);
      System.out.printf(
          "%s: %d token requests, %d contents of the Secret, %s, %s%n",
          workloads.get(i).text(), end.requests(), end.writes(), end.events(), end.calls());
      assertThat(end.truths()).as(workloads.get(i).text()).isEqualTo(TRUE);
      assertThat(end.done()).as("%s unharmed ends: %s", workloads.get(i).text(), end).isTrue();
    }
    return unharmed;
  }

  private static List<CrashPoint> points(Map<CrashWorkload, CrashRun.End> unharmed, String plan) {
    List<CrashPoint> all = new ArrayList<>();
    unharmed.forEach(
        (workload, end) ->
            IntStream.range(0, end.calls().size())
                .boxed()
                .flatMap(
                    number ->
                        Stream.of(Side.values())
                            .map(side -> new CrashPoint(workload, number, side)))
                .forEach(all::add));
    if (!plan.isEmpty() || System.getProperty("faults", "").equals("all")) {
      return all;
    }
    String seed = Sources.commit();
    System.out.println("The sample of the crash table is that of " + seed);
    return all.stream()
        .sorted(Comparator.comparing(point -> Fingerprint.of(seed + point)))
        .limit(SAMPLE)
        .toList();
  }

  private static Executable verdict(CrashPoint point, Map<CrashWorkload, CrashRun.End> unharmed) {
    CrashRun.End end = CrashRun.killed(PLANE, point);
    return () -> assertThatEndsAlike(point, end, unharmed.get(point.workload()));
  }

  private static void assertThatEndsAlike(
      CrashPoint point, CrashRun.End end, CrashRun.End unharmed) {
    String name =
        "killed %s %s; again: ./mvnw verify -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=CrashTableIT -Dplan=%s%n%s%n%s"
            .formatted(
                point.side(),
                end.killed() == null ? "nothing" : end.killed(),
                point,
                end.calls(),
                end.printed());
    assertThat(end.state().credential()).as(name).isEqualTo(unharmed.state().credential());
    assertThat(end.state().secret()).as(name).isEqualTo(unharmed.state().secret());
    assertThat(end.done()).as(name).isTrue();
    assertThat(end.truths()).as(name).isEqualTo(TRUE);
    // Once the Secret holds what is wanted, all else follows from it.
    int spare = unharmed.writes() > 0 && end.writesBefore() == unharmed.writes() ? 0 : 1;
    assertThat(end.requests()).as(name).isLessThanOrEqualTo(unharmed.requests() + spare);
    assertThat(end.writes()).as(name).isLessThanOrEqualTo(unharmed.writes() + spare);
    if (end.killed() == null || !point.mayLoseEvents(end.killed())) {
      assertThat(end.events().keySet()).as(name).isEqualTo(unharmed.events().keySet());
    }
    assertThat(unharmed.events().keySet()).as(name).containsAll(end.events().keySet());
  }

  private static <T> List<Future<T>> inParallel(List<Callable<T>> tasks)
      throws InterruptedException {
    try (ExecutorService some = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<T>> futures = some.invokeAll(tasks);
      futures.stream()
          .filter(future -> future.state() == Future.State.FAILED)
          .findFirst()
          .ifPresent(
              future -> {
                throw new AssertionError(future.exceptionNow());
              });
      return futures;
    }
  }
}
