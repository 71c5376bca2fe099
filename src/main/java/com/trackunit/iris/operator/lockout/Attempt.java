package com.trackunit.iris.operator.lockout;

import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.TargetState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A credential that wants to try a login.
 *
 * @param endpoint URL of the token endpoint
 * @param login fingerprint of endpoint, client id and user
 * @param password fingerprint of the secret values of the login
 * @param corrected whether the values differ from those that were refused or accepted for this
 *     credential before
 */
public record Attempt(
    String endpoint, String login, String password, boolean corrected, LoginEvidence evidence) {
  /**
   * The attempt of a credential.
   *
   * @param version version of the credentials Secret that contains the values to send
   */
  public static Attempt of(
      String endpoint, String login, String password, Observation seen, String version) {
    RetryState failure = seen.failure();
    RetryState refusal = failure == null || failure.rejections() == null ? null : failure;
    boolean other = refusal != null && refusal.isCorrected(seen.requestHash(), version);
    LoginEvidence evidence = LoginEvidence.of(seen, version, other);
    boolean held = seen.target() instanceof TargetState.Held;
    boolean corrected = refusal == null ? held && !evidence.accepted() : other;
    return new Attempt(endpoint, login, password, corrected, evidence);
  }

  @Nullable Instant accepted() {
    return evidence.since();
  }

  /**
   * A copy for a login that may get refresh tokens. The stored token may come from a refresh token,
   * so its issue time does not prove when the login was accepted.
   */
  public Attempt acceptedOnce() {
    return accepted() == null
        ? this
        : new Attempt(
            endpoint,
            login,
            password,
            corrected,
            new LoginEvidence(
                evidence.accepted(), Instant.EPOCH, evidence.refusals(), evidence.tokenEnd()));
  }
}
