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
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One credential in one step: what it orders, the facts, and what a step needs beside them. The
 * facts change while the step looks at the cluster and acts.
 */
public final class CredentialContext {
  private final EffectiveSpec spec;
  private final IrisCredentialStatus status;
  private final CredentialMemory memory;
  private final @Nullable StoredToken before;
  private final boolean heldBefore;
  private Observation seen;
  private @Nullable Secret target;

  /**
   * A step begins.
   *
   * @param status the status before this step
   * @param target the target Secret as fingerprints, null when there is none or none was seen
   */
  public CredentialContext(
      EffectiveSpec spec,
      IrisCredentialStatus status,
      CredentialMemory memory,
      Observation seen,
      @Nullable Secret target) {
    this.spec = spec;
    this.status = status;
    this.memory = memory;
    this.seen = seen;
    this.target = target;
    this.before = stored();
    this.heldBefore =
        StatusCalculator.hadToken(status)
            || memory.seen() != null
            || (before != null && before.lifetime().issuedAt().isBefore(seen.created()));
  }

  public EffectiveSpec spec() {
    return spec;
  }

  public IrisCredentialStatus status() {
    return status;
  }

  public CredentialMemory memory() {
    return memory;
  }

  /** The facts as they are now. */
  public Observation seen() {
    return seen;
  }

  public @Nullable Secret target() {
    return target;
  }

  /** The token that is stored in the target Secret, null when it holds none of ours. */
  public @Nullable StoredToken stored() {
    return seen.target() instanceof TargetState.Held held ? held.token() : null;
  }

  /** The token that was stored there when the step began. */
  public @Nullable StoredToken before() {
    return before;
  }

  /**
   * Whether the target Secret is known to have held a token of this credential before the step, or
   * of an earlier one whose Secret was adopted.
   */
  public boolean heldBefore() {
    return heldBefore;
  }

  /** The target Secret was looked at itself, and is this; null: there is none. */
  public void targetIs(@Nullable Secret secret) {
    if (secret == null) {
      target = null;
      seen = seen.withTarget(new TargetState.Absent());
      return;
    }
    target = RedactedSecret.of(secret);
    seen = seen.withTarget(SecretInspector.read(target, spec, memory.seen()));
    if (RetryTracker.standing(status, seen.target()).isEmpty()) {
      seen = seen.withFailure(null);
    }
  }

  /** A token was written to the target Secret. */
  public void wrote(StoredToken token) {
    memory.written(token);
    seen = seen.withInHand(null);
  }

  /** A token could not be written, and stays in hand. */
  public void keep(CredentialMemory.InHand token) {
    memory.keep(token);
    seen = seen.withInHand(token.stored());
  }

  /** A write left, or found, the target Secret so. */
  public void targetIs(TargetState written) {
    seen = seen.withTarget(written);
  }

  /** The credentials Secret was looked at itself. */
  public void loginIs(String version) {
    seen = seen.withLoginVersion(version);
  }

  /** A token was asked for. */
  public void asked(Instant at) {
    seen = seen.withLastRequest(at);
  }
}
