package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.acquire.CredentialMemory.Refresh;
import com.trackunit.iris.operator.gate.Attempt;
import com.trackunit.iris.operator.gate.RequestGate;
import com.trackunit.iris.operator.oauth.Grant;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.secret.CredentialsSecret;
import com.trackunit.iris.operator.status.Outcome;
import com.trackunit.iris.operator.status.RetryTracker;
import com.trackunit.iris.operator.status.TokenFailures;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One token request that may be sent now. Reports its answer to the gate, or gives its turn back;
 * each exactly once.
 *
 * @param refresh the refresh token that is sent instead of the login, null when the login is
 * @param repetitions how often the values of the login got no answer before
 * @param sentAt the instant just before the request
 */
public record PendingRequest(
    GatedEndpoint endpoint,
    CredentialContext context,
    RenewalCause cause,
    CredentialsSecret.Usable login,
    Attempt attempt,
    @Nullable Refresh refresh,
    int repetitions,
    Instant sentAt) {

  /** What is sent; all its values are secret. */
  public Grant grant() {
    return refresh == null ? login.grant() : login.grant().refresh(refresh.token());
  }

  /** The metric label of its grant. Refresh tokens have a label of their own. */
  public String label() {
    return refresh == null ? endpoint.grantType() : grant().type();
  }

  /** A token was granted. */
  void accepted() {
    endpoint.gate().accepted(attempt.uid(), endpoint.read());
  }

  /** A refresh token was refused, which says nothing about the login. */
  void refreshRefused(Refresh refused, boolean oauthError) {
    context.memory().refreshRefused(refused.specHash());
    endpoint
        .gate()
        .failed(
            attempt.uid(), RetryClass.CONFIGURATION, oauthError, Duration.ZERO, endpoint.read());
  }

  /** The login was refused. Returns the failure to report. */
  Outcome.Failed rejected(TokenResponse.Refused refused) {
    RequestGate.Refusal refusal = endpoint.gate().refused(attempt.uid(), endpoint.read());
    Instant now = endpoint.read().clock();
    return refusal.ofEveryLogin()
        ? TokenFailures.everyLoginRefused(
            refused, context.spec(), login.version(), refusal.rejections(), now)
        : TokenFailures.loginRefused(
            refused, context.spec(), login.version(), refusal.rejections(), now);
  }

  /** The request brought no token, and its login was not refused. Returns the failure to report. */
  Outcome.Failed failed(TokenResponse.Refused refused) {
    if (refused.isWithoutVerdict()) {
      return endpoint
          .gate()
          .withoutVerdict(attempt.uid(), endpoint.read())
          .map(tries -> withoutVerdict(refused, tries))
          .orElseGet(() -> ordinary(refused));
    }
    return ordinary(refused);
  }

  private Outcome.Failed withoutVerdict(TokenResponse.Refused refused, LoginRejections tries) {
    return TokenFailures.withoutVerdict(
        refused, context.spec(), login.version(), tries, endpoint.read().clock());
  }

  private Outcome.Failed ordinary(TokenResponse.Refused refused) {
    Outcome.Failed failed = TokenFailures.refused(refused, context.spec(), login.version());
    Duration retryAfter = refused.retryAfter().orElse(Duration.ZERO);
    int inARow =
        endpoint
            .gate()
            .failed(
                attempt.uid(), failed.kind(), refused.isOAuthError(), retryAfter, endpoint.read());
    if (!failed.kind().isOfTheLogin()) {
      return failed;
    }
    Outcome.Failed counted = failed.withInARow(inARow);
    RetryState next =
        RetryTracker.next(context.seen(), counted, attempt.uid(), endpoint.read().clock());
    endpoint.gate().hold(attempt, Objects.requireNonNull(next), retryAfter, endpoint.read());
    return counted;
  }

  /** Gives the turn back, unless the answer was reported. */
  void abandon() {
    endpoint.unused(attempt.uid());
  }

  /** Omits the login. */
  @Override
  public String toString() {
    return "PendingRequest[" + attempt.uid() + "]";
  }
}
