package com.trackunit.iris.operator.renewal;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When to requeue a credential: at the next instant at which a plan or a condition can change by
 * time alone.
 *
 * <p>Never in the past, and never more than five minutes ahead, so that a clock step or a lost
 * event costs five minutes at most.
 */
public final class RequeueSchedule {
  /** The longest requeue interval. */
  public static final Duration LONGEST = Duration.ofMinutes(5);

  /** The shortest requeue interval, so that a wrong rule cannot cause a busy loop. */
  public static final Duration SHORTEST = Duration.ofSeconds(1);

  private RequeueSchedule() {}

  /**
   * The time until the next requeue.
   *
   * @param seen the facts after the step
   * @param retry one more instant, such as the next try of a Kubernetes call or the turn at the
   *     request gate; null when there is none
   * @param jitter in [0,1), constant for a credential: shortens the longest interval by up to a
   *     tenth, to spread the credentials
   */
  public static Duration after(
      Observation seen, @Nullable Instant retry, Instant now, double jitter) {
    Duration longest = Duration.ofMillis((long) (LONGEST.toMillis() * (1 - jitter / 10)));
    Duration sleep = longest;
    for (Instant at : instants(seen, retry, now)) {
      if (at != null && now.isBefore(at)) {
        sleep = shorter(sleep, Duration.between(now, at));
      }
    }
    return sleep.compareTo(SHORTEST) < 0 ? SHORTEST : sleep;
  }

  private static @Nullable Instant[] instants(
      Observation seen, @Nullable Instant retry, Instant now) {
    RetryState failure = seen.failure();
    StoredToken token = seen.target() instanceof TargetState.Held held ? held.token() : null;
    return new @Nullable Instant[] {
      retry,
      // The floor holds back a request that is wanted. With none to hold back, nothing changes
      // then.
      RenewalPlanner.isSettled(seen, now) ? null : floor(seen.lastRequest()),
      failure == null ? null : failure.nextAttempt(),
      failure == null ? null : correction(seen, failure),
      failure == null ? null : nextLook(failure, now),
      seen.target() instanceof TargetState.Predecessor earlier
          ? collection(seen, earlier, now)
          : null,
      token == null ? null : token.renewAt(),
      token == null ? null : token.lifetime().expiresAt()
    };
  }

  private static @Nullable Instant floor(@Nullable Instant last) {
    return last == null ? null : last.plus(RenewalPlanner.MINIMUM_INTERVAL);
  }

  // A correction or a requested renewal that came within the floor after a failure is tried after
  // the floor.
  private static @Nullable Instant correction(Observation seen, RetryState failure) {
    boolean hurried = seen.userRequest().isNew() || failure.kind().isRetriedWhenSpecChanges();
    return hurried ? floor(failure.lastTime()) : null;
  }

  // A login that is missing, invalid or refused, and a target that is not ours, are read again
  // until they change.
  private static @Nullable Instant nextLook(RetryState failure, Instant now) {
    return switch (failure.kind()) {
      case WAITING, REJECTED, NO_VERDICT, HELD_BACK ->
          now.plus(Backoff.look(Duration.between(failure.lastTime(), now)));
      case TRANSIENT,
          MALFORMED,
          LIMITED,
          CONFIGURATION,
          NOT_OAUTH,
          RESTRICTED,
          KUBERNETES,
          KUBERNETES_DENIED ->
          null;
    };
  }

  private static Instant collection(
      Observation seen, TargetState.Predecessor earlier, Instant now) {
    Instant began = seen.collectionBegan(earlier);
    Instant look = now.plus(Backoff.look(Duration.between(began, now)));
    // The doubling would step over the end of the collector's time by up to a minute.
    Instant end = began.plus(RenewalPlanner.COLLECTION);
    return now.isBefore(end) && end.isBefore(look) ? end : look;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
