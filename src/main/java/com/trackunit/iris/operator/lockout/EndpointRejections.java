package com.trackunit.iris.operator.lockout;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether one token endpoint refuses every login: three logins that it had accepted before, refused
 * within a minute and none accepted between.
 *
 * <p>Then one login at a time tries whether it accepts logins again, every 1 to 5 minutes, the one
 * with the fewest tries first. Ends with the first accepted login, or when nobody was left to try.
 */
final class EndpointRejections {
  private static final int LOGINS = 3;
  private static final Duration WITHIN = Duration.ofMinutes(1);
  private static final Duration FIRST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofMinutes(5);
  // From a login's fourth try of a day on, so that those that are left last for more than an hour.
  private static final int MANY_TRIES = 4;
  private static final Duration SPARING = Duration.ofMinutes(15);
  private static final Duration ABANDONED = Duration.ofMinutes(10);
  private static final Duration PRESENT = Duration.ofMinutes(2);
  private static final Duration NEXT_LOOK = Duration.ofSeconds(2);
  private static final Duration LATEST_LOOK = Duration.ofSeconds(60);

  private final Map<String, Instant> refused = new HashMap<>();
  private final Map<String, Candidate> candidates = new HashMap<>();
  private Instant ended = Instant.MIN;
  private @Nullable Outage outage;

  /** A login that waits to try, how often it was tried, and when it was last seen. */
  private record Candidate(int tries, Instant seen) {}

  /**
   * While every login is refused.
   *
   * @param prober the login that tries now, null when none does
   */
  private record Outage(Duration interval, Instant nextProbe, @Nullable String prober) {}

  /** Whether every login is refused. */
  boolean isOut(Instant now) {
    if (outage != null && now.isAfter(outage.nextProbe().plus(ABANDONED))) {
      end(now);
    }
    return outage != null;
  }

  /** When every login stopped to be refused, long ago when it never was. */
  Instant ended() {
    return ended;
  }

  /** When it is worth to look again; not later than now: somebody may try. */
  Instant nextLook(Instant now) {
    if (outage == null) {
      return now;
    }
    Instant probe = nextProbe(outage, now);
    if (outage.prober() == null && !probe.isAfter(now)) {
      return now;
    }
    Instant soonest = now.plus(NEXT_LOOK);
    Instant latest = now.plus(LATEST_LOOK);
    Instant look = probe.isAfter(soonest) ? probe : soonest;
    return look.isAfter(latest) ? latest : look;
  }

  // A clock that was set back must not stretch the interval.
  private static Instant nextProbe(Outage outage, Instant now) {
    Instant latest = now.plus(outage.interval());
    return outage.nextProbe().isAfter(latest) ? latest : outage.nextProbe();
  }

  /** Whether this login is the one to try now; it is known to wait from now on. */
  boolean isTurnOf(String login, int tries, Instant now) {
    candidates.put(login, new Candidate(tries, now));
    if (nextLook(now).isAfter(now)) {
      return false;
    }
    Instant absent = now.minus(PRESENT);
    candidates.values().removeIf(candidate -> candidate.seen().isBefore(absent));
    return candidates.values().stream().allMatch(candidate -> tries <= candidate.tries());
  }

  /** This login tries now. */
  void probing(String login) {
    if (outage != null) {
      outage = new Outage(outage.interval(), outage.nextProbe(), login);
    }
  }

  /** It came to nothing, which says nothing of any login. */
  void undecided(String login, Instant now) {
    if (outage != null && login.equals(outage.prober())) {
      outage = new Outage(outage.interval(), now.plus(outage.interval()), null);
    }
  }

  /**
   * A login was refused.
   *
   * @param accepted whether it had been accepted before
   * @return the logins whose refusals say nothing against them
   */
  Set<String> refused(String login, boolean accepted, Instant now) {
    if (isOut(now)) {
      probed(login, now);
      return Set.of(login);
    }
    if (!accepted) {
      return Set.of();
    }
    Instant earlier = now.minus(WITHIN);
    refused.values().removeIf(at -> at.isBefore(earlier) || at.isAfter(now));
    refused.put(login, now);
    if (refused.size() < LOGINS) {
      return Set.of();
    }
    outage = new Outage(FIRST, now.plus(FIRST), null);
    return Set.copyOf(refused.keySet());
  }

  private void probed(String login, Instant now) {
    if (outage != null && login.equals(outage.prober())) {
      Duration interval = next(outage.interval(), candidates.get(login));
      outage = new Outage(interval, now.plus(interval), null);
    }
  }

  private static Duration next(Duration last, @Nullable Candidate prober) {
    if (prober != null && prober.tries() + 1 >= MANY_TRIES) {
      return SPARING;
    }
    Duration doubled = last.multipliedBy(2);
    return doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
  }

  /** A login was accepted. */
  void accepted(Instant now) {
    refused.clear();
    if (outage != null) {
      end(now);
    }
  }

  private void end(Instant now) {
    outage = null;
    ended = now;
    candidates.clear();
    refused.clear();
  }
}
