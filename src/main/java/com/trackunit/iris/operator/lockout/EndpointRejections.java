package com.trackunit.iris.operator.lockout;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Detects that one token endpoint refuses every login: it has refused three logins within a minute
 * that it had accepted before, and has accepted none in between.
 *
 * <p>During such an outage one login at a time is tried (a probe), every 1 to 5 minutes, and the
 * login with the fewest tries first. From the fourth try of a login on, the interval is 15 minutes.
 * The outage ends with the first accepted login, or when no login was probed for 10 minutes after a
 * probe was due.
 */
final class EndpointRejections {
  private static final int LOGINS = 3;
  private static final Duration WITHIN = Duration.ofMinutes(1);
  private static final Duration FIRST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofMinutes(5);
  // The interval is longer from this try of a login on, so that the remaining tries last for more
  // than an hour.
  private static final int MANY_TRIES = 4;
  private static final Duration SLOW_INTERVAL = Duration.ofMinutes(15);
  private static final Duration ABANDONED = Duration.ofMinutes(10);
  private static final Duration PRESENT = Duration.ofMinutes(2);
  private static final Duration MIN_REQUEUE = Duration.ofSeconds(2);
  private static final Duration MAX_REQUEUE = Duration.ofSeconds(60);

  private final Map<String, Instant> refused = new HashMap<>();
  private final Map<String, Candidate> candidates = new HashMap<>();
  private Instant ended = Instant.MIN;
  private @Nullable Outage outage;

  /** A login that waits for a probe, the number of its earlier tries, and when it was last seen. */
  private record Candidate(int tries, Instant seen) {}

  /**
   * The state while the endpoint refuses every login.
   *
   * @param prober the login that is being tried now, null when there is none
   */
  private record Outage(Duration interval, Instant nextProbe, @Nullable String prober) {}

  /** Whether the endpoint refuses every login. */
  boolean isOut(Instant now) {
    if (outage != null && now.isAfter(outage.nextProbe().plus(ABANDONED))) {
      end(now);
    }
    return outage != null;
  }

  /** When the last outage ended; {@link Instant#MIN} when there was none. */
  Instant ended() {
    return ended;
  }

  /** When to check again: not later than now when a login may be tried now, else in 2 to 60 s. */
  Instant nextLook(Instant now) {
    if (outage == null) {
      return now;
    }
    Instant probe = nextProbe(outage, now);
    if (outage.prober() == null && !probe.isAfter(now)) {
      return now;
    }
    Instant soonest = now.plus(MIN_REQUEUE);
    Instant latest = now.plus(MAX_REQUEUE);
    Instant look = probe.isAfter(soonest) ? probe : soonest;
    return look.isAfter(latest) ? latest : look;
  }

  // A clock that was set back must not extend the interval.
  private static Instant nextProbe(Outage outage, Instant now) {
    Instant latest = now.plus(outage.interval());
    return outage.nextProbe().isAfter(latest) ? latest : outage.nextProbe();
  }

  /** Whether this login may be tried now. Also registers it as a candidate for the next probe. */
  boolean isTurnOf(String login, int tries, Instant now) {
    candidates.put(login, new Candidate(tries, now));
    if (nextLook(now).isAfter(now)) {
      return false;
    }
    Instant absent = now.minus(PRESENT);
    candidates.values().removeIf(candidate -> candidate.seen().isBefore(absent));
    return candidates.values().stream().allMatch(candidate -> tries <= candidate.tries());
  }

  /** This login is being tried now. */
  void probing(String login) {
    if (outage != null) {
      outage = new Outage(outage.interval(), outage.nextProbe(), login);
    }
  }

  /** The try of this login ended without a verdict on it. */
  void undecided(String login, Instant now) {
    if (outage != null && login.equals(outage.prober())) {
      outage = new Outage(outage.interval(), now.plus(outage.interval()), null);
    }
  }

  /**
   * A login was refused.
   *
   * @param accepted whether it had been accepted before
   * @return the logins that were refused because of the outage, not for their own values
   */
  Set<String> refused(String login, boolean accepted, Instant now) {
    if (isOut(now)) {
      probed(login, now);
      return Set.of(login);
    }
    if (!accepted) {
      return Set.of();
    }
    // Threads may arrive here in another order than they read the clock.
    refused.values().removeIf(at -> Duration.between(at, now).abs().compareTo(WITHIN) > 0);
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
      return SLOW_INTERVAL;
    }
    Duration doubled = last.multipliedBy(2);
    return doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
  }

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
