package com.trackunit.iris.operator.renewal;

import java.time.Instant;

/** The known state of the target Secret. */
public sealed interface TargetState {

  /**
   * No Secret with that name is in the cache, which contains only Secrets with the operator's
   * labels.
   */
  record Unseen() implements TargetState {}

  /** The API server has no Secret with that name. */
  record Absent() implements TargetState {}

  /** The Secret belongs to another owner and is never written. */
  record Foreign(String owner) implements TargetState {}

  /**
   * The Secret belongs to an earlier credential with the same name and is left to the garbage
   * collector.
   *
   * @param provable whether the operator wrote it for a credential with this name, so that it is
   *     adopted if the garbage collector does not remove it in time
   * @param made when the Secret was created: a restored one may be younger than the credential
   */
  record Predecessor(boolean provable, Instant made) implements TargetState {
    /** A Secret that is never adopted. */
    public Predecessor() {
      this(false, Instant.EPOCH);
    }
  }

  /**
   * The Secret has no controller, and the operator wrote it for a credential with this name: it is
   * adopted.
   */
  record Orphaned() implements TargetState {}

  /**
   * The Secret is ours, but the token in it is not the one that was issued, or this cannot be
   * checked.
   */
  record Damaged() implements TargetState {}

  /**
   * The Secret is ours and contains the token that was issued.
   *
   * @param drifted whether anything else in it differs from the desired content
   * @param immutable whether the Secret is immutable in Kubernetes
   */
  record Held(StoredToken token, boolean drifted, boolean immutable) implements TargetState {}
}
