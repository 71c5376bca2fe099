package com.trackunit.iris.operator.renewal;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * How often one login was refused, and when it may be tried again: at once, after ten minutes,
 * after six hours, then once a day. So a wrong password is sent at most three times in any 24
 * hours, whatever else happens.
 *
 * <p>A login that was corrected is tried at once, at least ten seconds apart and at most five times
 * an hour.
 *
 * @param login fingerprint of endpoint, client id and user: whoever shares them shares these tries
 * @param count refused tries in a row
 * @param corrections tries that were made at once because something had been corrected; the last
 *     five at most
 */
public record Rejections(
    String login, int count, Instant lastTry, Instant nextTry, List<Instant> corrections) {
  private static final int CORRECTIONS = 5;
  private static final Duration CORRECTIONS_PER = Duration.ofHours(1);

  public Rejections {
    lastTry = lastTry.truncatedTo(ChronoUnit.SECONDS);
    nextTry = nextTry.truncatedTo(ChronoUnit.SECONDS);
    corrections =
        corrections.stream()
            .map(at -> at.truncatedTo(ChronoUnit.SECONDS))
            .sorted(Comparator.reverseOrder())
            .limit(CORRECTIONS)
            .sorted()
            .toList();
  }

  /** After the first refusal. */
  public static Rejections first(String login, Instant now) {
    return new Rejections(login, 1, now, now.plus(Backoff.rejected(1)), List.of());
  }

  /** When this login may be tried next; not later than now: it may. */
  public Instant earliest(boolean corrected, Instant now) {
    if (!corrected || !nextTry.isAfter(now)) {
      return nextTry;
    }
    Instant correction = earliestCorrection();
    return correction.isBefore(nextTry) ? correction : nextTry;
  }

  private Instant earliestCorrection() {
    if (corrections.isEmpty()) {
      return lastTry;
    }
    Instant apart = corrections.getLast().plus(RenewalPlanner.FLOOR);
    Instant perHour = corrections.getFirst().plus(CORRECTIONS_PER);
    boolean exhausted = corrections.size() == CORRECTIONS;
    return exhausted && perHour.isAfter(apart) ? perHour : apart;
  }

  /** After one more try, counted as refused until it turns out not to be. */
  public Rejections tried(Instant now) {
    boolean atOnce = now.isBefore(nextTry);
    List<Instant> tries =
        atOnce ? Stream.concat(corrections.stream(), Stream.of(now)).toList() : corrections;
    return new Rejections(login, count + 1, now, now.plus(Backoff.rejected(count + 1)), tries);
  }

  /**
   * The same as it counts at this time: a clock that was set back must not stretch a wait beyond
   * its own length.
   */
  public Rejections asOf(Instant now) {
    return lastTry.isAfter(now)
        ? new Rejections(
            login,
            count,
            now,
            now.plus(Duration.between(lastTry, nextTry)),
            corrections.stream().map(at -> at.isAfter(now) ? now : at).toList())
        : this;
  }
}
