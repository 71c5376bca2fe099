package com.trackunit.iris.operator.support;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Tells how far a long command is and how long it will still take: on a terminal in one line that
 * is written again and again, elsewhere in a line for each tenth of the work.
 */
public final class Progress {
  private final PrintStream out;
  private final boolean terminal;
  private final InstantSource clock;
  private final long all;
  private final Instant began;
  private long done;
  private long told;

  /**
   * Begins.
   *
   * @param all the whole work, in any unit
   */
  public static Progress of(long all) {
    boolean terminal = System.console() != null && System.console().isTerminal();
    return new Progress(System.err, terminal, InstantSource.system(), all);
  }

  Progress(PrintStream out, boolean terminal, InstantSource clock, long all) {
    this.out = out;
    this.terminal = terminal;
    this.clock = clock;
    this.all = all;
    this.began = clock.instant();
  }

  /** So much more of the work is done. */
  public synchronized void add(long work) {
    done = Math.min(all, done + work);
    long tenth = 10 * done / all;
    if (terminal) {
      out.print("\r" + line() + (done == all ? System.lineSeparator() : "   "));
      out.flush();
    } else if (tenth > told) {
      told = tenth;
      out.println(line());
    }
  }

  private String line() {
    Duration elapsed = Duration.between(began, clock.instant());
    Duration left = Duration.ofMillis((long) (elapsed.toMillis() * ((double) all / done - 1)));
    return "%d %% done in %s, about %s left"
        .formatted(100 * done / all, inWords(elapsed), inWords(left));
  }

  private static String inWords(Duration duration) {
    return "%d:%02d min".formatted(duration.toMinutes(), duration.toSecondsPart());
  }
}
