package com.trackunit.iris.operator.renewal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides the next step for a credential, from facts alone.
 *
 * <p>Reads no clock, no cluster and no network: the caller passes the facts and the time, so each
 * rule can be tested as one row of a table.
 */
public final class RenewalPlanner {
  /**
   * The shortest time between two requests of one credential, whatever the cause; retries have
   * their own waits.
   */
  public static final Duration MINIMUM_INTERVAL = Duration.ofSeconds(10);

  /**
   * How long to wait for the garbage collector, before the Secret of an earlier credential is
   * adopted or reported as a conflict.
   */
  public static final Duration COLLECTION = Duration.ofSeconds(60);

  private static final Duration RESTRICTED_CUT = Duration.ofMinutes(15);

  private RenewalPlanner() {}

  /** The next step. */
  public static Plan plan(Observation seen, Instant now) {
    return switch (seen.target()) {
      case TargetState.Foreign(String owner) -> new Plan.Refuse(owner);
      case TargetState.Predecessor earlier -> afterPredecessor(seen, earlier, now);
      case TargetState.Orphaned _ -> adopt(seen, now);
      // Without our labels it is not in the cache. It may contain our token or belong to another
      // owner.
      case TargetState.Unseen _ -> new Plan.ReadTarget();
      case TargetState.Absent _ -> obtain(seen, RenewalCause.FIRST, now);
      case TargetState.Damaged _ -> obtain(seen, RenewalCause.UNREADABLE, now);
      case TargetState.Held held -> keep(seen, held, now);
    };
  }

  /**
   * Whether nothing is left to do. Waits after a failure or a request do not count: a step that
   * waits is left to do.
   */
  public static boolean isSettled(Observation seen, Instant now) {
    return plan(seen.withoutPast(), now) instanceof Plan.Rest;
  }

  private static Plan afterPredecessor(
      Observation seen, TargetState.Predecessor earlier, Instant now) {
    if (now.isBefore(seen.collectionBegan(earlier).plus(COLLECTION))) {
      return new Plan.AwaitCollection();
    }
    return earlier.provable()
        ? adopt(seen, now)
        : new Plan.Refuse("an earlier IrisCredential of this name");
  }

  private static Plan adopt(Observation seen, Instant now) {
    return mayWrite(seen, now) ? new Plan.Adopt() : new Plan.Rest();
  }

  private static Plan keep(Observation seen, TargetState.Held held, Instant now) {
    Optional<RenewalCause> cause = cause(seen, held.token(), now);
    Plan plan = cause.map(why -> obtain(seen, why, now)).orElse(new Plan.Rest());
    boolean repair = plan instanceof Plan.Rest && held.drifted() && mayWrite(seen, now);
    Plan wanted = repair ? new Plan.Repair() : plan;
    // Only a person can delete an immutable Secret. Request no token that could not be stored.
    return held.immutable() && !(wanted instanceof Plan.Rest) ? new Plan.LeaveImmutable() : wanted;
  }

  private static Optional<RenewalCause> cause(Observation seen, StoredToken token, Instant now) {
    if (token.lifetime().isOver(now)) {
      return Optional.of(RenewalCause.EXPIRED);
    }
    // The clock was set back, or was wrong when the token was issued: its times cannot be trusted.
    if (token.lifetime().issuedAt().isAfter(now)) {
      return Optional.of(RenewalCause.ISSUED_IN_THE_FUTURE);
    }
    if (!token.specHash().equals(seen.specHash())) {
      return Optional.of(RenewalCause.SPEC_CHANGED);
    }
    if (isNewer(seen.loginVersion(), token.loginVersion())) {
      return Optional.of(RenewalCause.LOGIN_CHANGED);
    }
    if (seen.userRequest().isOpen(token)) {
      return Optional.of(RenewalCause.RENEW_REQUESTED);
    }
    return now.isBefore(token.renewAt()) ? Optional.empty() : Optional.of(RenewalCause.DUE);
  }

  private static Plan obtain(Observation seen, RenewalCause cause, Instant now) {
    // A token is in memory: only the write is retried, never the request.
    if (isUsable(seen.inHand(), seen, now)) {
      return mayWrite(seen, now) ? new Plan.Write() : new Plan.Rest();
    }
    // The Secret is kept and repaired, but no token is requested.
    if (seen.userRequest().suspended()) {
      return new Plan.Rest();
    }
    if (mayAsk(seen, now)) {
      return new Plan.Ask(cause);
    }
    return refusedLoginUnwatched(seen) ? new Plan.ReadLogin() : new Plan.Rest();
  }

  private static boolean isUsable(@Nullable StoredToken inHand, Observation seen, Instant now) {
    return inHand != null
        && !inHand.lifetime().isOver(now)
        && inHand.specHash().equals(seen.specHash());
  }

  private static boolean mayWrite(Observation seen, Instant now) {
    return seen.lastFailure()
        .filter(failure -> !failure.kind().isOfARequest())
        .map(failure -> failure.isDue(now))
        .orElse(true);
  }

  private static boolean mayAsk(Observation seen, Instant now) {
    return seen.lastFailure()
        .map(failure -> mayRetry(seen, failure, now))
        .orElseGet(() -> !isTooSoon(seen.lastRequest(), now));
  }

  private static boolean mayRetry(Observation seen, RetryState failure, Instant now) {
    if (!failure.kind().isOfARequest()) {
      return failure.isDue(now) && !isTooSoon(seen.lastRequest(), now);
    }
    if (failure.isDue(now) || maySkipBackoff(seen, failure, now)) {
      return true;
    }
    // A corrected login or spec is tried at once; after two failures in a row or more,
    // MINIMUM_INTERVAL after
    // the last one at the earliest.
    return isCorrected(seen, failure)
        && (failure.count() == 1 || !isTooSoon(failure.lastTime(), now));
  }

  // A requested renewal skips the operator's own waits. It does not skip a wait that protects the
  // login, or one that the server requested.
  private static boolean maySkipBackoff(Observation seen, RetryState failure, Instant now) {
    return seen.userRequest().isNew()
        && mayCutShort(failure, now)
        && !isTooSoon(seen.lastRequest(), now);
  }

  /**
   * Whether a requested renewal may end the wait after this failure; that of a restricted login
   * once in 15 minutes.
   */
  public static boolean mayCutShort(RetryState failure, Instant now) {
    boolean repeated = failure.kind() == RetryClass.RESTRICTED && failure.count() > 1;
    Instant earliest = failure.lastTime().plus(repeated ? RESTRICTED_CUT : MINIMUM_INTERVAL);
    return failure.kind().isOurOwnWait()
        && (failure.lastTime().isAfter(now.plus(MINIMUM_INTERVAL)) || !now.isBefore(earliest));
  }

  private static boolean isCorrected(Observation seen, RetryState failure) {
    boolean otherRequest =
        failure.kind().isRetriedWhenSpecChanges()
            && !failure.requestHash().equals(seen.requestHash());
    boolean otherLogin =
        failure.kind().isOfARefusedLogin()
            && isUntried(seen.loginVersion(), failure.loginVersion());
    return otherRequest || otherLogin;
  }

  private static boolean refusedLoginUnwatched(Observation seen) {
    return seen.loginVersion() == null
        && seen.lastFailure().filter(f -> f.kind().isOfARefusedLogin()).isPresent();
  }

  // No version was recorded if the process ended before the response to a correction. Then that try
  // counts, and the login may be tried once more.
  private static boolean isUntried(@Nullable String now, @Nullable String then) {
    return then == null ? now != null : isNewer(now, then);
  }

  // A version is UID and resourceVersion. A version older than the used one comes from a watch that
  // lags behind.
  private static boolean isNewer(@Nullable String now, @Nullable String then) {
    if (now == null || then == null || now.equals(then)) {
      return false;
    }
    int slash = now.lastIndexOf('/');
    boolean sameSecret = slash >= 0 && then.startsWith(now.substring(0, slash + 1));
    return !sameSecret
        || now.length() > then.length()
        || (now.length() == then.length() && now.compareTo(then) > 0);
  }

  // In both directions: a clock that was set back a little must not cause a second request.
  private static boolean isTooSoon(@Nullable Instant last, Instant now) {
    return last != null && Duration.between(last, now).abs().compareTo(MINIMUM_INTERVAL) < 0;
  }
}
