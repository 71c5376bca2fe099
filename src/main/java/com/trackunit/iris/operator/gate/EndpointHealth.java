package com.trackunit.iris.operator.gate;

import com.trackunit.iris.operator.gate.Outage.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether one authorization server is out: judged by what several logins hear, never by one.
 *
 * <p>It is out when five requests in a row broke for two proven logins (for any two, while none was
 * ever accepted; for the only one, if there is only one); when it refused three proven logins
 * within a minute; or when it limited two logins within a minute. An acceptance in between, or
 * during the outage, ends it. All times are steady.
 */
final class EndpointHealth {
  private static final int BROKEN_IN_A_ROW = 5;
  private static final int REFUSED_LOGINS = 3;
  private static final Duration WITHIN = Duration.ofMinutes(1);

  // In the order of their last failures.
  private final Set<String> brokenFor = new LinkedHashSet<>();
  private final Map<String, Instant> refused = new LinkedHashMap<>();
  private int broken;
  private @Nullable Limited limited;
  private @Nullable Limited restricted;
  private boolean everAccepted;
  private Instant ended = Instant.MIN;
  private @Nullable Outage outage;
  // Whether an outage was given up in which the server refused every login.
  private boolean refusing;

  /** A login that the server limited or restricted. */
  private record Limited(String login, Duration retryAfter, Instant at) {
    boolean isWith(String other, Instant now) {
      return !login.equals(other) && !now.isAfter(at.plus(WITHIN));
    }
  }

  /** The outage, null when the server is not out. */
  @Nullable Outage outage(Instant now) {
    if (outage != null && outage.isAbandoned(now)) {
      refusing |= outage.cause() == Cause.REFUSED;
      end(now);
    }
    return outage;
  }

  boolean isOut() {
    return outage != null;
  }

  boolean isOut(Cause cause, Instant now) {
    Outage present = outage(now);
    return present != null && present.cause() == cause;
  }

  /** When the last outage ended; {@link Instant#MIN} when there was none. */
  Instant ended() {
    return ended;
  }

  /** Begins with an outage that the statuses tell of, after a restart. */
  void restore(Set<String> logins, Instant now) {
    everAccepted = true;
    outage = Outage.of(Cause.REFUSED, logins, now);
  }

  /** A login was accepted. Returns whether that ended an outage. */
  boolean accepted(Instant now) {
    everAccepted = true;
    limited = null;
    restricted = null;
    refused.clear();
    boolean ended = answers(now, true) || refusing;
    refusing = false;
    return ended;
  }

  /** The server judged a request by the rules of OAuth, so it works. */
  boolean answered(Instant now) {
    return answers(now, isOut(Cause.BROKEN, now));
  }

  private boolean answers(Instant now, boolean ends) {
    broken = 0;
    brokenFor.clear();
    boolean ended = ends && outage != null;
    if (ended) {
      end(now);
    }
    return ended;
  }

  /**
   * A request broke.
   *
   * @param proven whether the login's values are those that were accepted last
   * @param asked when it was sent
   * @param alone whether no other login uses the server
   */
  void broke(String who, String login, boolean proven, Instant asked, boolean alone, Instant now) {
    if (outage != null) {
      if (outage.isProbedBy(who)) {
        outage.probeFailed(login, now);
      }
      return;
    }
    // A request that was sent before the outage ended says nothing about the time after it.
    if (asked.isBefore(ended) || (everAccepted && !proven)) {
      return;
    }
    broken++;
    brokenFor.remove(login);
    brokenFor.add(login);
    if (broken >= BROKEN_IN_A_ROW && (alone || brokenFor.size() > 1)) {
      outage = Outage.of(Cause.BROKEN, brokenFor, now);
    }
  }

  /**
   * A login was refused.
   *
   * @return the logins whose refusals belong to an outage, not to their own values
   */
  Set<String> refused(String who, String login, boolean proven, Instant now) {
    answered(now);
    if (isOut(Cause.REFUSED, now) && outage != null) {
      if (outage.isProbedBy(who)) {
        outage.probeFailed(login, now);
      } else {
        outage.refused(login);
      }
      return Set.of(login);
    }
    if (outage != null) {
      undecided(who, login);
      return Set.of();
    }
    if (!proven) {
      return Set.of();
    }
    // Threads may arrive here in another order than they read the clock.
    refused.values().removeIf(at -> Duration.between(at, now).abs().compareTo(WITHIN) > 0);
    refused.put(login, now);
    if (refused.size() < REFUSED_LOGINS) {
      return Set.of();
    }
    Set<String> all = new LinkedHashSet<>(refused.keySet());
    outage = Outage.of(Cause.REFUSED, all, now);
    return all;
  }

  /**
   * A login was limited (429).
   *
   * @param retryAfter the pause that the server requests, zero if it does not say
   * @return whether the limit is one of the server, so that all must be slower
   */
  boolean limited(String who, String login, Duration retryAfter, Instant now) {
    answered(now);
    if (outage != null) {
      if (outage.cause() == Cause.LIMITED) {
        if (outage.isProbedBy(who)) {
          outage.pausedAgain(login, retryAfter, now);
        }
        return true;
      }
      undecided(who, login);
      return false;
    }
    Limited before = limited;
    limited = new Limited(login, retryAfter, now);
    if (before == null || !before.isWith(login, now)) {
      return false;
    }
    Duration largest =
        before.retryAfter().compareTo(retryAfter) > 0 ? before.retryAfter() : retryAfter;
    Duration pause = Outage.pause(WITHIN, largest);
    outage = new Outage(Cause.LIMITED, pause, Set.of(before.login(), login), now);
    return true;
  }

  /** A login was restricted (403). Returns whether two were, so that all must be slower. */
  boolean restricted(String who, String login, Instant now) {
    undecided(who, login);
    Limited before = restricted;
    restricted = new Limited(login, Duration.ZERO, now);
    return before != null && before.isWith(login, now);
  }

  /** Nothing was sent, or what came of it says nothing about the server. */
  void undecided(String who, String login) {
    if (outage != null && outage.isProbedBy(who)) {
      outage.probeUndecided(login);
    }
  }

  /** No credential uses this login any more. */
  void forget(String login) {
    brokenFor.remove(login);
    refused.remove(login);
    if (limited != null && limited.login().equals(login)) {
      limited = null;
    }
    if (restricted != null && restricted.login().equals(login)) {
      restricted = null;
    }
    if (outage != null) {
      outage.forget(login);
    }
  }

  private void end(Instant now) {
    outage = null;
    ended = now;
    broken = 0;
    brokenFor.clear();
    refused.clear();
    limited = null;
  }
}
