package com.trackunit.iris.operator.load;

import com.trackunit.iris.operator.support.OperatorProcess;
import com.trackunit.iris.operator.support.Progress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Measures what the shipped jar costs on a real API server: {@code ./mvnw -Pmeasure}.
 *
 * <p>{@code -Drounds=3} measures all of it three times, and the table has the medians. {@code
 * -Dsteady} measures ten idle minutes and a quarter of an hour of renewals instead. {@code
 * -Dmemory=1073741824} gives the process so many bytes, where its container has 320 MiB.
 */
public final class Measure {
  private static final List<Integer> NUMBERS = List.of(1, 100, 1000, 10_000);
  private static final Path FOLDER = Path.of("target", "measure");

  private Measure() {}

  /** Measures all, or as many credentials as each argument says. */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    List<Integer> numbers =
        arguments.length == 0 ? NUMBERS : Arrays.stream(arguments).map(Integer::valueOf).toList();
    int rounds = Integer.parseInt(System.getProperty("rounds", "1"));
    boolean steady = System.getProperty("steady") != null;
    OperatorProcess.train();
    Progress progress =
        Progress.of(rounds * numbers.stream().mapToLong(number -> seconds(number, steady)).sum());
    Measurements measurements = new Measurements();
    for (int round : IntStream.rangeClosed(1, rounds).toArray()) {
      for (int number : numbers) {
        System.err.printf("round %d of %d: %d credentials%n", round, rounds, number);
        measurements.add(number, Round.play(number, steady));
        measurements.writeTable(FOLDER);
        progress.add(seconds(number, steady));
      }
    }
    if (!steady) {
      measurements.plot(FOLDER);
    }
    System.out.println(measurements.table());
    System.out.println("Written to " + FOLDER);
  }

  // About as long as one round of it takes on two processors.
  private static long seconds(int number, boolean steady) {
    return steady ? 1900 : 30 + number / 30;
  }
}
