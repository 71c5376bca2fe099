package com.trackunit.iris.operator.gate;

import com.trackunit.iris.operator.renewal.Backoff;
import com.trackunit.iris.operator.renewal.Jitter;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.RetryState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The wait of one login after a failure that is not about its values: all its credentials wait
 * together, then one of them tries.
 *
 * <p>It is the one whose token ends first, and never the same twice in a row while another waits:
 * the cause may be one credential's scopes.
 */
final class LoginHold {
  // A credential that would go first and is not here is waited for so long.
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final Map<String, Instant> waiting = new HashMap<>();
  private @Nullable RetryState failure;
  private Instant at = Instant.MIN;
  private Duration retryAfter = Duration.ZERO;
  private String lastTried = "";

  /**
   * One more failure.
   *
   * @param next when and why all credentials of the login wait
   * @param wanted the wait that the server wants, zero if it does not say
   */
  void failed(Attempt attempt, RetryState next, Duration wanted, Instant now) {
    failure = next;
    at = now;
    retryAfter = wanted;
    lastTried = attempt.uid();
    waiting.remove(attempt.uid());
  }

  /** The failures of this class in a row. */
  int count(RetryClass of) {
    return failure != null && failure.kind() == of ? failure.count() : 0;
  }

  /** When this credential is to come back, null when it may try the login now. */
  @Nullable Instant look(Attempt attempt, Instant now) {
    RetryState last = failure;
    if (last == null || now.isBefore(at) || isCorrected(attempt, last)) {
      return null;
    }
    // A requested renewal skips the operator's own waits.
    if (attempt.requested() && RenewalPlanner.mayCutShort(last, now)) {
      return null;
    }
    waiting.put(attempt.uid(), attempt.tokenEnd() == null ? Instant.MAX : attempt.tokenEnd());
    Instant due = due(attempt, last);
    if (now.isBefore(due)) {
      return due;
    }
    boolean patient = now.isBefore(due.plus(PATIENCE));
    return patient && !isFirst(attempt.uid()) ? now.plus(SHORTEST) : null;
  }

  // The cause may be one credential's spec.
  private boolean isCorrected(Attempt attempt, RetryState last) {
    return attempt.uid().equals(lastTried)
        && last.kind().isRetriedWhenSpecChanges()
        && !attempt.request().equals(last.requestHash());
  }

  // The token of this credential may end before that of the one that failed.
  private Instant due(Attempt attempt, RetryState last) {
    Instant end = attempt.tokenEnd();
    if (end == null || !end.isAfter(at)) {
      return last.nextAttempt();
    }
    Duration wait =
        Backoff.shared(
            last.kind(),
            Duration.between(at, last.nextAttempt()),
            Duration.between(at, end),
            Jitter.of(attempt.uid(), at));
    return at.plus(wait.compareTo(retryAfter) < 0 ? retryAfter : wait);
  }

  private boolean isFirst(String uid) {
    if (uid.equals(lastTried) && waiting.size() > 1) {
      return false;
    }
    Instant mine = waiting.getOrDefault(uid, Instant.MAX);
    return waiting.entrySet().stream()
        .filter(other -> !other.getKey().equals(lastTried))
        .noneMatch(other -> other.getValue().isBefore(mine));
  }

  void forget(String uid) {
    waiting.remove(uid);
  }
}
