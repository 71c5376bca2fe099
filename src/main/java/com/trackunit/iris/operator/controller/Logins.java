package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.renewal.Rejections;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may try which login now: after a refusal as seldom as {@link Rejections} says, for all
 * credentials with that login together.
 *
 * <p>Knows logins and passwords by fingerprints that mean nothing outside this process. How often a
 * login was refused is rebuilt from the statuses after a restart; which password it was is not.
 */
final class Logins {
  // As many as may fail in a day: should the password be changed at the server, they may all be
  // refused at once.
  private static final int IN_FLIGHT = 3;
  private static final int REMEMBERED = 16;
  private static final Duration NEXT_LOOK = Duration.ofSeconds(1);

  private final Map<String, Rejections> refused = new HashMap<>();
  private final Map<String, Set<String>> refusedPasswords = new HashMap<>();
  private final Map<String, Integer> inFlight = new HashMap<>();
  private final Set<String> accepted = new HashSet<>();

  /**
   * One wish to try a login.
   *
   * @param login fingerprint of endpoint, client id and user
   * @param password fingerprint of what proves them
   * @param corrected whether this credential was refused with something else than it wants to send
   *     now
   * @param proven whether this credential's token was issued for what it wants to send now
   */
  record Attempt(String login, String password, boolean corrected, boolean proven) {}

  /** The answer to a wish. */
  sealed interface Turn {
    /**
     * Try it.
     *
     * @param during what is to be recorded before the request; null when the login was not refused
     *     before
     */
    record Go(@Nullable Rejections during) implements Turn {}

    /** It was refused and has to wait. */
    record Wait(Rejections known, Instant until) implements Turn {}

    /** Others are just trying it: their answer is worth waiting for. */
    record Busy(Instant until) implements Turn {}
  }

  /** Takes note of what a status tells of refusals. */
  synchronized void learn(Rejections told) {
    refused.merge(
        told.login(),
        told,
        (known, other) -> other.lastTry().isAfter(known.lastTry()) ? other : known);
  }

  /** Takes a turn; a {@link Turn.Go} has to be ended by one of the three methods below. */
  synchronized Turn take(Attempt attempt, Instant now) {
    String login = attempt.login();
    if (inFlight.getOrDefault(login, 0) >= (accepted.contains(login) ? IN_FLIGHT : 1)) {
      return new Turn.Busy(now.plus(NEXT_LOOK));
    }
    Rejections known = refused.get(login);
    if (known == null || isProven(attempt)) {
      inFlight.merge(login, 1, Integer::sum);
      return new Turn.Go(null);
    }
    Rejections counted = known.asOf(now);
    Instant earliest = counted.earliest(isWorthATry(attempt), now);
    if (earliest.isAfter(now)) {
      return new Turn.Wait(counted, earliest);
    }
    inFlight.merge(login, 1, Integer::sum);
    return new Turn.Go(counted.tried(now));
  }

  // Somebody else's wrong password for the same user must not keep a right one from being used.
  private boolean isProven(Attempt attempt) {
    return attempt.proven() && !passwords(attempt).contains(attempt.password());
  }

  // Something was corrected; or it was another password that was refused; or somebody was let in
  // since.
  private boolean isWorthATry(Attempt attempt) {
    boolean anotherPassword =
        !passwords(attempt).isEmpty() && !passwords(attempt).contains(attempt.password());
    return attempt.corrected() || anotherPassword || accepted.contains(attempt.login());
  }

  private Set<String> passwords(Attempt attempt) {
    return refusedPasswords.getOrDefault(attempt.login(), new LinkedHashSet<>());
  }

  /** The login was accepted. */
  synchronized void accepted(Attempt attempt) {
    end(attempt);
    accepted.add(attempt.login());
    refused.remove(attempt.login());
    passwords(attempt).remove(attempt.password());
  }

  /** The login was refused; returns what is to be remembered of it. */
  synchronized Rejections refused(Attempt attempt, Turn.Go turn, Instant now) {
    end(attempt);
    accepted.remove(attempt.login());
    remember(attempt);
    Rejections known = refused.get(attempt.login());
    Rejections counted =
        known == null ? Rejections.first(attempt.login(), now) : known.asOf(now).tried(now);
    Rejections remembered = turn.during() == null ? counted : turn.during();
    refused.put(attempt.login(), remembered);
    return remembered;
  }

  private void remember(Attempt attempt) {
    Set<String> passwords =
        refusedPasswords.computeIfAbsent(attempt.login(), login -> new LinkedHashSet<>());
    passwords.add(attempt.password());
    if (passwords.size() > REMEMBERED) {
      passwords.remove(passwords.iterator().next());
    }
  }

  /** It came to nothing, which says nothing of the login. */
  synchronized void undecided(Attempt attempt) {
    end(attempt);
  }

  private void end(Attempt attempt) {
    inFlight.computeIfPresent(attempt.login(), (login, count) -> count == 1 ? null : count - 1);
  }
}
