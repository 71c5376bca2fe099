package com.trackunit.iris.operator.renewal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides the next step for a credential, from facts alone.
 *
 * <p>Reads no clock, no cluster and no network: the caller says what was seen and what time it is,
 * so every rule here is one row of a table.
 */
public final class RenewalPlanner {
  /**
   * The shortest time between two requests of one credential that are not retries, whatever the
   * cause.
   */
  public static final Duration FLOOR = Duration.ofSeconds(10);

  /**
   * How long the garbage collector is given before an earlier credential's Secret counts as a
   * conflict.
   */
  public static final Duration COLLECTION = Duration.ofSeconds(60);

  private RenewalPlanner() {}

  /** The next step. */
  public static Plan plan(Observation seen, Instant now) {
    return switch (seen.target()) {
      case TargetState.Foreign(String owner) -> new Plan.Refuse(owner);
      case TargetState.Predecessor earlier -> afterPredecessor(seen, earlier, now);
      case TargetState.Orphaned _ -> adopt(seen, now);
      // Without our labels it is not in the cache: it may hold our token, or be somebody else's.
      case TargetState.Unseen _ -> new Plan.LookAtTarget();
      case TargetState.Absent _ -> obtain(seen, RenewalCause.FIRST, now);
      case TargetState.Damaged _ -> obtain(seen, RenewalCause.UNREADABLE, now);
      case TargetState.Held held -> keep(seen, held, now);
    };
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
    Plan wanted = repair ? new Plan.Render() : plan;
    // Only a person can delete or keep the Secret: no request rather than a token without a place.
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
    // Token in hand: whatever Kubernetes does, only the write is tried again, never the request.
    if (isUsable(seen.inHand(), seen, now)) {
      return mayWrite(seen, now) ? new Plan.Write() : new Plan.Rest();
    }
    // The Secret is kept as it is, and healed, but nobody is asked.
    if (seen.userRequest().suspended()) {
      return new Plan.Rest();
    }
    if (mayAsk(seen, now)) {
      return new Plan.Ask(cause);
    }
    return refusedLoginUnwatched(seen) ? new Plan.LookAtLogin() : new Plan.Rest();
  }

  private static boolean isUsable(@Nullable StoredToken inHand, Observation seen, Instant now) {
    return inHand != null
        && !inHand.lifetime().isOver(now)
        && inHand.specHash().equals(seen.specHash());
  }

  private static boolean mayWrite(Observation seen, Instant now) {
    return seen.lastFailure()
        .filter(failure -> !failure.kind().asked())
        .map(failure -> failure.isDue(now))
        .orElse(true);
  }

  private static boolean mayAsk(Observation seen, Instant now) {
    return seen.lastFailure()
        .map(failure -> mayRetry(seen, failure, now))
        .orElseGet(() -> !isTooSoon(seen.lastRequest(), now));
  }

  private static boolean mayRetry(Observation seen, RetryState failure, Instant now) {
    if (!failure.kind().asked()) {
      return failure.isDue(now) && !isTooSoon(seen.lastRequest(), now);
    }
    if (failure.isDue(now) || mayHurry(seen, failure, now)) {
      return true;
    }
    // A corrected login or spec is tried at once, from the second correction on after the floor.
    return isCorrected(seen, failure)
        && (failure.count() == 1 || !isTooSoon(failure.lastTime(), now));
  }

  // Who asks for a renewal need not sit out a wait of our own. What may lock the login, and what
  // the server asked for, is kept.
  private static boolean mayHurry(Observation seen, RetryState failure, Instant now) {
    return seen.userRequest().isNew()
        && failure.kind().isOurOwnWait()
        && !isTooSoon(failure.lastTime(), now)
        && !isTooSoon(seen.lastRequest(), now);
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

  // Nobody may have read the answer to a correction: then that try counts, and so does another.
  private static boolean isUntried(@Nullable String now, @Nullable String then) {
    return then == null ? now != null : isNewer(now, then);
  }

  // Versions are UID and resourceVersion. One that is older than the one that was used is a watch
  // that lags behind.
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

  // Within the floor on either side: a clock that was set back a little is no reason to ask twice.
  private static boolean isTooSoon(@Nullable Instant last, Instant now) {
    return last != null && Duration.between(last, now).abs().compareTo(FLOOR) < 0;
  }
}
