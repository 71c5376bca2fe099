package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.outcome.RetryTracker;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.secret.RedactedSecret;
import com.trackunit.iris.operator.secret.SecretInspector;
import com.trackunit.iris.operator.status.StatusCalculator;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import org.jspecify.annotations.Nullable;

/**
 * A credential as it is found: the order, the facts a plan is made from, and what a step needs
 * beside them.
 *
 * @param status the status before this step
 * @param target the target Secret as fingerprints, null when there is none or none was seen
 * @param remembered what this process alone knows
 */
public record CredentialContext(
    ResourceID id,
    EffectiveSpec order,
    IrisCredentialStatus status,
    Observation seen,
    @Nullable Secret target,
    CredentialMemory.Recollection remembered) {

  /** The same after a look at the target Secret itself. */
  public CredentialContext withTarget(@Nullable Secret secret) {
    if (secret == null) {
      return new CredentialContext(
          id, order, status, seen.withTarget(new TargetState.Absent()), null, remembered);
    }
    Secret digested = RedactedSecret.of(secret);
    TargetState read = SecretInspector.read(digested, order, remembered.seen());
    Observation looked =
        RetryTracker.standing(status, read).isPresent()
            ? seen.withTarget(read)
            : seen.withTarget(read).withFailure(null);
    return new CredentialContext(id, order, status, looked, digested, remembered);
  }

  /** The same after a look at the credentials Secret itself. */
  public CredentialContext withLoginVersion(String version) {
    return new CredentialContext(
        id, order, status, seen.withLoginVersion(version), target, remembered);
  }

  /** The same after its refresh token was sent. */
  CredentialContext withoutRefresh() {
    return new CredentialContext(id, order, status, seen, target, remembered.withRefresh(null));
  }

  /**
   * Whether the target Secret is known to have held a token of this credential before, or of an
   * earlier one whose Secret was adopted.
   */
  public boolean heldBefore() {
    StoredToken stored = stored();
    return StatusCalculator.hadToken(status)
        || remembered.seen() != null
        || (stored != null && stored.lifetime().issuedAt().isBefore(seen.created()));
  }

  /** The token that is stored in the target Secret, null when it holds none of ours. */
  public @Nullable StoredToken stored() {
    return seen.target() instanceof TargetState.Held held ? held.token() : null;
  }
}
