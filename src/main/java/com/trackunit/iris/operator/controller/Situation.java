package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.StandingOrder;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.Target;
import com.trackunit.iris.operator.secret.SecretDigest;
import com.trackunit.iris.operator.secret.TargetReader;
import com.trackunit.iris.operator.status.FailureLog;
import com.trackunit.iris.operator.status.StatusReport;
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
record Situation(
    ResourceID id,
    StandingOrder order,
    IrisCredentialStatus status,
    Observation seen,
    @Nullable Secret target,
    Memory.Recollection remembered) {

  /** The same after a look at the target Secret itself. */
  Situation withTarget(@Nullable Secret secret) {
    if (secret == null) {
      return new Situation(
          id, order, status, seen.withTarget(new Target.Absent()), null, remembered);
    }
    Secret digested = SecretDigest.of(secret);
    Target read = TargetReader.read(digested, order, remembered.seen());
    Observation looked =
        FailureLog.standing(status, read).isPresent()
            ? seen.withTarget(read)
            : seen.withTarget(read).withFailure(null);
    return new Situation(id, order, status, looked, digested, remembered);
  }

  /** The same after a look at the credentials Secret itself. */
  Situation withLoginVersion(String version) {
    return new Situation(id, order, status, seen.withLoginVersion(version), target, remembered);
  }

  /** The same after its refresh token was sent. */
  Situation withoutRefresh() {
    return new Situation(id, order, status, seen, target, remembered.withRefresh(null));
  }

  /**
   * Whether the target Secret is known to have held a token of this credential before, or of an
   * earlier one whose Secret was adopted.
   */
  boolean heldBefore() {
    StoredToken stored = stored();
    return StatusReport.hadToken(status)
        || remembered.seen() != null
        || (stored != null && stored.lifetime().issuedAt().isBefore(seen.created()));
  }

  /** The token that is stored in the target Secret, null when it holds none of ours. */
  @Nullable StoredToken stored() {
    return seen.target() instanceof Target.Held held ? held.token() : null;
  }
}
