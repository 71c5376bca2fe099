package com.trackunit.iris.operator.outcome;

import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.renewal.Backoff;
import com.trackunit.iris.operator.renewal.Jitter;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.Plan;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Carries failures from one step to the next: the count, and the time of the next try. */
public final class RetryTracker {
  private RetryTracker() {}

  /** Whether this token was issued since the status was written. */
  public static boolean isNews(StoredToken token, IrisCredentialStatus status) {
    return status.token() == null || !token.isIssuedAt(status.token().issuedAt());
  }

  /**
   * What is known to have failed after this step; null when nothing is wrong any more.
   *
   * @param after the facts after the step, still with the failure before it
   */
  public static @Nullable RetryState next(
      Observation after, Outcome outcome, String uid, Instant now) {
    return switch (outcome) {
      case Outcome.Issued _ -> null;
      case Outcome.Rendered _, Outcome.Adopted _, Outcome.Kept _, Outcome.Waiting _ ->
          unlessCleared(after, now);
      case Outcome.Failed failed -> following(after, failed, uid, now);
    };
  }

  // What was missing is there, or Kubernetes works, again; what the server said still counts.
  private static @Nullable RetryState unlessCleared(Observation after, Instant now) {
    RetryState failure = after.failure();
    if (failure == null || failure.kind().asked()) {
      return failure;
    }
    // Who only rests because a request was made just now has what failed still before it.
    boolean cleared = RenewalPlanner.plan(after.withoutPast(), now) instanceof Plan.Rest;
    return cleared ? null : failure;
  }

  private static RetryState following(
      Observation after, Outcome.Failed failed, String uid, Instant now) {
    RetryState last = after.failure();
    if (last != null && outlives(last, failed, now)) {
      return last.kind() == failed.kind() ? last.because(failed.reason().text()) : last;
    }
    LoginRejections rejections = rejections(last, failed);
    int count = count(last, failed);
    Duration left = failed.oauthError() ? Duration.ZERO : tokenLeft(after, now);
    Duration wait =
        Backoff.delay(
            failed.kind(),
            doublings(last, failed.kind(), count),
            failed.retryAfter(),
            left,
            Jitter.of(uid, now));
    return new RetryState(
        failed.kind(),
        failed.reason().text(),
        count,
        now,
        now.plus(wait),
        after.requestHash(),
        failed.loginVersion(),
        rejections);
  }

  // A login's refusals are counted by the login, and what was held back was not refused once more.
  private static int count(@Nullable RetryState last, Outcome.Failed failed) {
    if (failed.kind().isOfARefusedLogin() && failed.rejections() != null) {
      return failed.rejections().count();
    }
    return last != null && last.kind() == failed.kind() ? last.count() + 1 : 1;
  }

  // A wait that was cut short for a valid token must not make the next one longer.
  private static int doublings(@Nullable RetryState last, RetryClass kind, int count) {
    return last == null || last.kind() != kind
        ? count
        : Math.min(
            count, Backoff.following(kind, Duration.between(last.lastTime(), last.nextAttempt())));
  }

  // Refusals are counted until the login is accepted, whatever else fails in between.
  private static @Nullable LoginRejections rejections(
      @Nullable RetryState last, Outcome.Failed failed) {
    if (failed.rejections() != null) {
      return failed.rejections();
    }
    return last == null ? null : last.rejections();
  }

  private static boolean outlives(RetryState last, Outcome.Failed failed, Instant now) {
    // A wait that the authorization server imposed only ends with the outcome of a newer request.
    boolean imposed = last.kind().asked() && !failed.asked() && !last.isDue(now);
    // When it was first seen to be missing is what a look's doubling is reckoned from.
    boolean stillWaiting = last.kind() == RetryClass.WAITING && failed.kind() == RetryClass.WAITING;
    return imposed || stillWaiting;
  }

  private static Duration tokenLeft(Observation after, Instant now) {
    if (!(after.target() instanceof TargetState.Held held)) {
      return Duration.ZERO;
    }
    Duration left = Duration.between(now, held.token().lifetime().expiresAt());
    return left.isNegative() ? Duration.ZERO : left;
  }

  /**
   * The failure that still counts beside this target Secret: a token that was issued after it ends
   * it, also when the process ended between the write of the Secret and that of the status.
   *
   * <p>Both times are whole seconds, and a repeated try is recorded in the second of its request: a
   * token of the same second came later, because a request within ten seconds of a token's is never
   * made. A token that the status knew when the failure was written down ends nothing, whatever a
   * clock that was set back says.
   */
  public static Optional<RetryState> standing(IrisCredentialStatus status, TargetState target) {
    Optional<RetryState> told = RetryStateFormat.read(status);
    if (!(target instanceof TargetState.Held(StoredToken token, boolean _, boolean _))
        || !isNews(token, status)) {
      return told;
    }
    Instant issuedAt = token.lifetime().issuedAt();
    return told.filter(failure -> issuedAt.isBefore(failure.lastTime()))
        .map(failure -> isDisproved(failure, issuedAt) ? failure.withoutRejections() : failure);
  }

  // The write of a token failed that a repeated try of the login had brought.
  private static boolean isDisproved(RetryState failure, Instant issuedAt) {
    return !failure.kind().isOfARefusedLogin()
        && failure.rejections() != null
        && !issuedAt.isBefore(failure.rejections().lastTry());
  }
}
