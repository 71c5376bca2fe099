package com.trackunit.iris.operator.lockout;

import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster stores about a login with its present values. After a restart nothing else is
 * known.
 *
 * @param accepted whether the stored token was issued for it, or whether it had been accepted
 *     before it was refused
 * @param since when it was accepted; null when that is unknown, or when it was refused for this
 *     credential later
 * @param refusals number of refusals in a row
 * @param tokenEnd when the token that a new one would replace expires, null when there is none
 */
public record LoginEvidence(
    boolean accepted, @Nullable Instant since, int refusals, @Nullable Instant tokenEnd) {
  /** Nothing is known about the login. */
  static final LoginEvidence NONE = new LoginEvidence(false, null, 0, null);

  /**
   * Reads the evidence from the facts about a credential.
   *
   * @param version version of the credentials Secret that contains the login
   * @param corrected whether an earlier refusal was for other values
   */
  static LoginEvidence of(Observation seen, String version, boolean corrected) {
    Optional<StoredToken> stored =
        Optional.of(seen.target())
            .filter(TargetState.Held.class::isInstance)
            .map(target -> ((TargetState.Held) target).token());
    Instant tokenEnd = stored.map(token -> token.lifetime().expiresAt()).orElse(null);
    Instant issued =
        stored
            .filter(token -> version.equals(token.loginVersion()))
            .filter(token -> seen.specHash().equals(token.specHash()))
            .map(token -> token.lifetime().issuedAt())
            .orElse(null);
    LoginRejections refused = seen.lastFailure().map(RetryState::rejections).orElse(null);
    if (refused == null) {
      return new LoginEvidence(issued != null, issued, 0, tokenEnd);
    }
    boolean accepted = issued != null || (refused.accepted() && !corrected);
    return new LoginEvidence(accepted, null, corrected ? 0 : refused.count(), tokenEnd);
  }
}
