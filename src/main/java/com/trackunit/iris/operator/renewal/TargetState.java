package com.trackunit.iris.operator.renewal;

import java.time.Instant;

/** What is known of the target Secret. */
public sealed interface TargetState {

  /**
   * No Secret of that name is in the cache, which only knows Secrets with the operator's labels.
   */
  record Unseen() implements TargetState {}

  /** The API server has no Secret of that name. */
  record Absent() implements TargetState {}

  /** The Secret is somebody else's and is never written. */
  record Foreign(String owner) implements TargetState {}

  /**
   * The Secret belongs to an earlier credential of the same name and is left to the garbage
   * collector.
   *
   * @param provable whether the operator wrote it for this credential's name, so that it is adopted
   *     once the garbage collector had its time
   * @param made when the Secret was created: a restored one may be younger than the credential
   */
  record Predecessor(boolean provable, Instant made) implements TargetState {
    /** One that is never adopted. */
    public Predecessor() {
      this(false, Instant.EPOCH);
    }
  }

  /**
   * The Secret has no controller, and the operator wrote it for this credential's name: it is
   * adopted.
   */
  record Orphaned() implements TargetState {}

  /** The Secret is ours, but the token in it is not the one that was issued, or cannot be told. */
  record Damaged() implements TargetState {}

  /**
   * The Secret is ours and holds the token that was issued.
   *
   * @param drifted whether anything else in it differs from what it should be
   * @param immutable whether Kubernetes lets nobody change it
   */
  record Held(StoredToken token, boolean drifted, boolean immutable) implements TargetState {}
}
