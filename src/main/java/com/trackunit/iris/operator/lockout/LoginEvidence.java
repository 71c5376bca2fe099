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
 * What the cluster says of a login as it is now; all that is known after a restart.
 *
 * @param accepted whether it brought the stored token, or is known to have been accepted before its
 *     refusals
 * @param since when it was accepted, if it was not refused to this credential since; null when that
 *     is not known
 * @param refusals how often in a row it was refused
 * @param tokenEnd when the token that it may replace ends, null when there is none
 */
public record LoginEvidence(
    boolean accepted, @Nullable Instant since, int refusals, @Nullable Instant tokenEnd) {
  /** Nothing is known. */
  static final LoginEvidence NONE = new LoginEvidence(false, null, 0, null);

  /**
   * What a credential says of it.
   *
   * @param version of the credentials Secret that holds the login
   * @param corrected whether something else was refused before
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
