package com.trackunit.iris.operator.gate;

import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.time.ClockReading;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether the wait after a failure has ended early, because of what others heard meanwhile. */
final class LoginWaits {
  private final EndpointHealth health;
  private final LoginAnswers answers;

  LoginWaits(EndpointHealth health, LoginAnswers answers) {
    this.health = health;
    this.answers = answers;
  }

  /**
   * Whether the credential may ask now, whatever its own wait.
   *
   * @param name fingerprint of the login
   * @param tokenEnd when the credential's token expires, null when there is none
   */
  boolean isOver(
      String name,
      LoginState login,
      @Nullable Instant tokenEnd,
      RetryState failure,
      ClockReading here) {
    return switch (failure.kind()) {
      case REJECTED -> isOverWithOutage(name, login, tokenEnd, failure, here);
      case NO_VERDICT ->
          answers.isByOther(name, login.withoutVerdictSince())
              && failure.rejections() != null
              && login.mayTryOnceMore(failure.rejections(), here.clock());
      case TRANSIENT, MALFORMED, LIMITED, RESTRICTED, NOT_OAUTH ->
          login.acceptedAt().isAfter(failure.lastTime());
      case HELD_BACK, CONFIGURATION, KUBERNETES, KUBERNETES_DENIED, WAITING -> false;
    };
  }

  private boolean isOverWithOutage(
      String name,
      LoginState login,
      @Nullable Instant tokenEnd,
      RetryState failure,
      ClockReading here) {
    LoginRejections rejections = failure.rejections();
    if (rejections == null || !login.isRefusedInOutage()) {
      return false;
    }
    Outage outage = health.outage(here.steady());
    if (outage != null && outage.cause() == Outage.Cause.REFUSED) {
      Instant end = tokenEnd == null ? null : here.steadyAt(tokenEnd);
      // One whose own limits do not let it probe must not keep the others waiting.
      return !rejections.withinProbingBudget().isAfter(here.clock())
          && outage.mayProbe(name, rejections.accepted(), end, here.steady());
    }
    return !failure.lastTime().isAfter(answers.outageEnd())
        && !rejections.withinBudget().isAfter(here.clock());
  }
}
