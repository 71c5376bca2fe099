package com.trackunit.iris.operator.status;

import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.renewal.Backoff;
import com.trackunit.iris.operator.renewal.Jitter;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Computes the retry state after a step: the number of failures, and the time of the next try. */
public final class RetryTracker {
  private RetryTracker() {}

  /** Whether the status does not record this token yet. */
  public static boolean isNews(StoredToken token, IrisCredentialStatus status) {
    return status.token() == null || !token.isIssuedAt(status.token().issuedAt());
  }

  /**
   * The failure after this step; null when there is none any more.
   *
   * @param after the facts after the step, still with the failure before it
   */
  public static @Nullable RetryState next(
      Observation after, Outcome outcome, String uid, Instant now) {
    return switch (outcome) {
      case Outcome.Issued _ -> null;
      case Outcome.Repaired _, Outcome.Adopted _, Outcome.Kept _, Outcome.AwaitingSlot _ ->
          clearIfResolved(after, now);
      case Outcome.Failed failed -> following(after, failed, uid, now);
    };
  }

  // A missing Secret may exist now, or the Kubernetes API may work again. A failure at the
  // authorization server still counts.
  private static @Nullable RetryState clearIfResolved(Observation after, Instant now) {
    RetryState failure = after.failure();
    if (failure == null || failure.kind().isOfARequest()) {
      return failure;
    }
    return RenewalPlanner.isSettled(after, now) ? null : failure;
  }

  private static RetryState following(
      Observation after, Outcome.Failed failed, String uid, Instant now) {
    RetryState last = after.failure();
    if (last != null && outlives(last, failed, now)) {
      return last.kind() == failed.kind() ? last.because(failed.reason().text()) : last;
    }
    LoginRejections rejections = rejections(last, failed);
    int count = count(last, failed);
    Duration left = tokenLeft(after, now);
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

  // Refusals are counted per login, for all its credentials. A login that is held back was not
  // refused again.
  private static int count(@Nullable RetryState last, Outcome.Failed failed) {
    if (failed.kind().isOfARefusedLogin() && failed.rejections() != null) {
      return failed.rejections().count();
    }
    return Math.max(own(last, failed.kind()), failed.inARow());
  }

  private static int own(@Nullable RetryState last, RetryClass kind) {
    if (last == null) {
      return 1;
    }
    if (last.kind() == kind) {
      return last.count() + 1;
    }
    // Both are waits for a server that does not work. Only whole answers in a row count for the
    // longer waits of a token that cannot be used.
    boolean bothBroken = last.kind().isBroken() && kind.isBroken();
    int next = kind == RetryClass.MALFORMED ? Math.min(2, last.count() + 1) : last.count() + 1;
    return bothBroken ? next : 1;
  }

  // A wait that was shortened because a token is valid must not count as a doubling.
  private static int doublings(@Nullable RetryState last, RetryClass kind, int count) {
    return last == null || last.kind() != kind
        ? count
        : Math.min(
            count, Backoff.following(kind, Duration.between(last.lastTime(), last.nextAttempt())));
  }

  // Refusals count until the login is accepted, whatever else fails in between.
  private static @Nullable LoginRejections rejections(
      @Nullable RetryState last, Outcome.Failed failed) {
    if (failed.rejections() != null) {
      return failed.rejections();
    }
    return last == null ? null : last.rejections();
  }

  private static boolean outlives(RetryState last, Outcome.Failed failed, Instant now) {
    // A running wait after a token request is only replaced by the result of a newer request.
    boolean imposed = last.kind().isOfARequest() && !failed.ofARequest() && !last.isDue(now);
    // Keep the first failure: the interval between reads grows with the time since then.
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
   * The failure in the status that still counts, given the target Secret. A token that was issued
   * after the failure ends it. This holds even if the process ended after it wrote the Secret and
   * before it wrote the status.
   *
   * <p>Both times are whole seconds, and a repeated try is recorded in the second of its request. A
   * token of the same second counts as later, because no request is made within ten seconds after
   * the request of a token. A token that the status already recorded with the failure does not end
   * it, even if the clock was set back.
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

  // A repeated try of the login brought this token, then the write of the token failed.
  private static boolean isDisproved(RetryState failure, Instant issuedAt) {
    return !failure.kind().isOfARefusedLogin()
        && failure.rejections() != null
        && !issuedAt.isBefore(failure.rejections().lastTry());
  }
}
