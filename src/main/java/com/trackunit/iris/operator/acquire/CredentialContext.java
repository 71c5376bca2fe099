package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.secret.RedactedSecret;
import com.trackunit.iris.operator.secret.SecretInspector;
import com.trackunit.iris.operator.status.RetryTracker;
import com.trackunit.iris.operator.status.StatusCalculator;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One credential during one reconciliation step: its spec, its memory and the observed facts. The
 * facts change while the step reads the cluster and acts.
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
   * Starts a step.
   *
   * @param status the status before this step
   * @param target the target Secret with fingerprints instead of values, null when none was seen
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

  /** The token in the target Secret, null unless the Secret is ours and its token is intact. */
  public @Nullable StoredToken stored() {
    return seen.target() instanceof TargetState.Held held ? held.token() : null;
  }

  /** The token in the target Secret when the step began. */
  public @Nullable StoredToken before() {
    return before;
  }

  /**
   * Whether the target Secret is known to have held a token before the step: one of this
   * credential, or one of an earlier credential whose Secret was adopted.
   */
  public boolean heldBefore() {
    return heldBefore;
  }

  /** Records the target Secret as read from the API server; null: it does not exist. */
  public void recordTarget(@Nullable Secret secret) {
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

  /** Records that a token was written to the target Secret. */
  public void wrote(StoredToken token) {
    memory.written(token);
    seen = seen.withInHand(null);
  }

  /**
   * Keeps a token whose write failed, so that only the write is retried.
   *
   * @param needsAPerson whether no later write can succeed before a person acts
   */
  public void keep(CredentialMemory.InHand token, boolean needsAPerson) {
    memory.keep(token, needsAPerson);
    seen = seen.withInHand(token.stored());
  }

  /** Records the state of the target Secret after a write or a conflict. */
  public void recordTarget(TargetState written) {
    seen = seen.withTarget(written);
  }

  /** Records the version of the credentials Secret as read from the API server. */
  public void recordLoginVersion(String version) {
    seen = seen.withLoginVersion(version);
  }

  /** Records when a token was requested. */
  public void recordRequest(Instant at) {
    seen = seen.withLastRequest(at);
  }
}
