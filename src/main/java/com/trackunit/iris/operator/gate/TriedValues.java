package com.trackunit.iris.operator.gate;

import com.trackunit.iris.operator.renewal.LoginRejections;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What is known of each set of values of one login: when it was accepted, or how often it was tried
 * since. What a status told is known by the version of its Secret, until the values are seen.
 */
final class TriedValues {
  // Times are whole seconds. Of two states in the same second, the later one has the higher count.
  private static final Comparator<LoginRejections> BY_TIME =
      Comparator.comparing(LoginRejections::lastTry).thenComparingInt(LoginRejections::count);

  private final RecentValues<LoginRejections> refused = new RecentValues<>();
  // When values were accepted that were not refused since.
  private final RecentValues<Instant> accepted = new RecentValues<>();
  private final RecentValues<Instant> proven = new RecentValues<>();

  /** Adds the refusals that a status records for the values in this version of a Secret. */
  void learn(String version, LoginRejections told) {
    LoginRejections known = refused.get(version);
    refused.put(version, known == null ? told : latest(known, told));
  }

  private static LoginRejections latest(LoginRejections one, LoginRejections other) {
    return BY_TIME.compare(one, other) >= 0 ? one : other;
  }

  /** Whether these values were accepted at some time. */
  boolean isProven(Attempt attempt) {
    return attempt.proven() || proven.get(attempt.values()) != null;
  }

  /**
   * The tries of these values since they were accepted, null when there were none. When the clock
   * was set back, their times are moved once.
   */
  @Nullable LoginRejections tries(Attempt attempt, Instant now) {
    LoginRejections told = refused.remove(attempt.version());
    LoginRejections known = refused.get(attempt.values());
    if (known == null) {
      known = told == null ? attempt.own() : told;
    } else if (told != null) {
      known = latest(known, told);
    }
    if (known == null || isAcceptedSince(known, attempt)) {
      refused.remove(attempt.values());
      return null;
    }
    LoginRejections counted = known.asOf(now);
    refused.put(attempt.values(), counted);
    return counted;
  }

  private boolean isAcceptedSince(LoginRejections known, Attempt attempt) {
    Instant here = accepted.get(attempt.values());
    Instant stored = attempt.acceptedAt();
    return (here != null && !here.isBefore(known.lastTry()))
        || (stored != null && stored.isAfter(known.lastTry()));
  }

  void accepted(Attempt attempt, Instant now) {
    accepted.put(attempt.values(), now);
    proven.put(attempt.values(), now);
    refused.remove(attempt.values());
  }

  void notAccepted(Attempt attempt, LoginRejections tries) {
    refused.put(attempt.values(), tries);
    accepted.remove(attempt.values());
  }

  /** Forgets tries before this time. */
  void forgetBefore(Instant time) {
    refused.removeIf(known -> known.lastTry().isBefore(time));
  }
}
