package com.trackunit.iris.operator.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A time in which an authorization server serves nobody, and one request at a time probes whether
 * it does again.
 *
 * <p>The prober is the login that has not failed in this outage, proven ones first, then the one
 * whose token ends first. Once all have failed, the one whose probe is longest ago. So a login that
 * always fails keeps nobody else waiting.
 */
final class Outage {
  /** Why nobody is served, with the intervals between probes. */
  enum Cause {
    /** Requests break: every 2 to 30 s. */
    BROKEN(Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(5)),
    /** Proven logins are refused: every 1 to 5 min. */
    REFUSED(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofSeconds(65)),
    /** The server wants a pause: 60 s to 15 min. */
    LIMITED(Duration.ofSeconds(60), Duration.ofMinutes(15), Duration.ofSeconds(5));

    private final Duration first;
    private final Duration longest;
    // A better prober is waited for so long; those that were refused look once a minute.
    private final Duration patience;

    Cause(Duration first, Duration longest, Duration patience) {
      this.first = first;
      this.longest = longest;
      this.patience = patience;
    }
  }

  /** An outage that nobody probes has no users any more. */
  private static final Duration ABANDONED = Duration.ofMinutes(10);

  private static final Duration SHORTEST = Duration.ofSeconds(2);

  private final Cause cause;
  private final Map<String, Candidate> candidates = new HashMap<>();
  private final TreeSet<Candidate> inOrder = new TreeSet<>();
  // When the tokens of the candidates end, with how many end then.
  private final TreeMap<Instant, Integer> tokenEnds = new TreeMap<>();
  private final Map<String, Integer> failed = new HashMap<>();
  private int probes;
  // Our own interval; the one in force may be shorter, because the server wants a shorter pause.
  private Duration own;
  private Duration interval;
  private Instant since;
  private @Nullable String prober;

  /**
   * A login that waits for a probe.
   *
   * @param failed the number of its last failed probe, 0 when it has not failed in this outage
   * @param end when the valid token ends that it would replace, in steady time; {@link Instant#MAX}
   *     without one
   * @param back when it was told to come back
   */
  private record Candidate(String login, int failed, boolean proven, Instant end, Instant back)
      implements Comparable<Candidate> {
    private static final Comparator<Candidate> ORDER =
        Comparator.comparingInt(Candidate::failed)
            .thenComparing(candidate -> !candidate.proven())
            .thenComparing(Candidate::end)
            .thenComparing(Candidate::login);

    @Override
    public int compareTo(Candidate other) {
      return ORDER.compare(this, other);
    }
  }

  Outage(Cause cause, Duration interval, Iterable<String> failed, Instant now) {
    this.cause = cause;
    this.own = cause.first;
    this.interval = interval;
    this.since = now;
    failed.forEach(this::failed);
  }

  static Outage of(Cause cause, Iterable<String> failed, Instant now) {
    return new Outage(cause, cause.first, failed, now);
  }

  Cause cause() {
    return cause;
  }

  boolean isAbandoned(Instant now) {
    return prober == null && now.isAfter(nextProbe(now).plus(ABANDONED));
  }

  /** Whether the probe in flight is one of this credential or login. */
  boolean isProbedBy(String who) {
    return who.equals(prober);
  }

  /**
   * When the next probe may be sent. While a token is valid, the interval is an eighth of what was
   * left of it, and at least 2 s; of a refusal a minute, of a pause its whole length.
   */
  Instant nextProbe(Instant now) {
    Instant end = cause == Cause.LIMITED ? null : tokenEnds.higherKey(now);
    if (end == null || end.equals(Instant.MAX)) {
      return since.plus(interval);
    }
    Duration least = cause == Cause.BROKEN ? SHORTEST : cause.first;
    Duration eighth = Duration.between(since, end).dividedBy(8);
    return since.plus(shorter(interval, longer(eighth, least)));
  }

  /** Registers a login that waits, and tells whether it may probe now. */
  boolean mayProbe(String login, boolean proven, @Nullable Instant tokenEnd, Instant now) {
    Instant end = tokenEnd != null && tokenEnd.isAfter(now) ? tokenEnd : Instant.MAX;
    put(new Candidate(login, failed.getOrDefault(login, 0), proven, end, now));
    return prober == null && !now.isBefore(nextProbe(now)) && isFirst(login, now);
  }

  private void put(Candidate candidate) {
    remove(candidate.login());
    candidates.put(candidate.login(), candidate);
    inOrder.add(candidate);
    tokenEnds.merge(candidate.end(), 1, Integer::sum);
  }

  private void remove(String login) {
    Candidate known = candidates.remove(login);
    if (known != null) {
      inOrder.remove(known);
      tokenEnds.computeIfPresent(known.end(), (_, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Whether no login that is here would probe before this one. */
  boolean isFirst(String login, Instant now) {
    Instant gone = now.minus(cause.patience);
    Instant late = now.plus(cause.patience);
    List<String> lost = new ArrayList<>();
    boolean first = false;
    for (Candidate candidate : inOrder) {
      if (candidate.back().isBefore(gone)) {
        lost.add(candidate.login());
      } else if (!candidate.back().isAfter(late)) {
        first = candidate.login().equals(login);
        break;
      }
    }
    lost.forEach(this::remove);
    return first;
  }

  /** Records when a waiting login was told to come back. */
  void expect(String login, Instant back) {
    Candidate known = candidates.get(login);
    if (known != null) {
      put(new Candidate(login, known.failed(), known.proven(), known.end(), back));
    }
  }

  /** This credential or login probes now. */
  void probing(String who, String login) {
    prober = who;
    remove(login);
  }

  /** The probe failed for the same cause. */
  void probeFailed(String login, Instant now) {
    failed(login);
    prober = null;
    own = shorter(own.multipliedBy(2), cause.longest);
    interval = own;
    since = now;
  }

  /** A login that did not probe was refused as well: others probe before it. */
  void refused(String login) {
    remove(login);
    failed(login);
  }

  /** The server wants another pause, of this length at most; zero if it does not say. */
  void pausedAgain(String login, Duration retryAfter, Instant now) {
    probeFailed(login, now);
    interval = pause(own, retryAfter);
  }

  /** The shorter of our own pause and of what the server wants, where it says so. */
  static Duration pause(Duration own, Duration retryAfter) {
    return retryAfter.isPositive() ? shorter(retryAfter, own) : own;
  }

  /** The probe says nothing about the server, so that another login may probe at once. */
  void probeUndecided(String login) {
    failed(login);
    prober = null;
  }

  private void failed(String login) {
    failed.put(login, ++probes);
  }

  /** A login is not used by anybody any more. */
  void forget(String login) {
    remove(login);
    failed.remove(login);
    if (login.equals(prober)) {
      prober = null;
    }
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
