package com.trackunit.iris.operator.status;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.TargetState;
import java.time.Duration;

/**
 * The failures of a step at the Kubernetes API, each with its sentence; those at the authorization
 * server are in {@link TokenFailures}.
 */
public final class KubernetesFailures {
  private KubernetesFailures() {}

  /** The target Secret belongs to another owner. */
  public static Outcome.Failed conflict(String owner, EffectiveSpec spec) {
    return TokenFailures.waiting(
        Reason.TARGET_SECRET_CONFLICT,
        "Secret %s belongs to %s. Choose another spec.targetSecret.name in a new resource, or delete that Secret."
            .formatted(TokenFailures.target(spec), owner));
  }

  /** A token was issued, and in the meantime the target Secret got another owner. */
  public static Outcome.Failed conflict(TargetState target, EffectiveSpec spec) {
    String owner =
        switch (target) {
          case TargetState.Foreign(String foreign) -> foreign;
          case TargetState.Orphaned _ -> "no IrisCredential: it was restored just now";
          case TargetState.Predecessor _,
              TargetState.Held _,
              TargetState.Damaged _,
              TargetState.Absent _,
              TargetState.Unseen _ ->
              "an earlier IrisCredential of this name";
        };
    return conflict(owner, spec).afterRequest();
  }

  /** The spec has a field or a value that only a later version supports. */
  public static Outcome.Failed unsupported(String field, EffectiveSpec spec) {
    return TokenFailures.waiting(
        Reason.UNSUPPORTED_SPEC,
        "This version of the operator cannot read %s of %s/%s. It requests no token and keeps Secret %s as it is. Upgrade the operator, or change that field."
            .formatted(field, spec.namespace(), spec.name(), TokenFailures.target(spec)));
  }

  /** The target Secret is immutable, so no token can be written to it. */
  public static Outcome.Failed immutable(EffectiveSpec spec) {
    return TokenFailures.waiting(
        Reason.KUBERNETES_WRITE_FAILED,
        "Secret %s is immutable, so no newer token can be written. Delete it: it comes back with a new token."
            .formatted(TokenFailures.target(spec)));
  }

  public static Outcome.Failed unreadable(
      String name, EffectiveSpec spec, RetryClass kind, int code) {
    return kubernetes("read Secret " + spec.namespace() + "/" + name, kind, code);
  }

  /** The next try of a refused login could not be recorded in the status, so it was not made. */
  public static Outcome.Failed unrecorded(EffectiveSpec spec, int code) {
    return kubernetes(
        "write the status of " + spec.namespace() + "/" + spec.name(), RetryClass.KUBERNETES, code);
  }

  /** The target Secret could not be repaired or adopted. */
  public static Outcome.Failed unwritten(EffectiveSpec spec, RetryClass kind, int code) {
    return kubernetes("write Secret " + TokenFailures.target(spec), kind, code);
  }

  /**
   * A token was issued and could not be written. It stays in memory, and only the write is retried.
   */
  public static Outcome.Failed unwritable(EffectiveSpec spec, RetryClass kind, int code) {
    return unwritten(spec, kind, code).afterRequest();
  }

  /** Another replica leads meanwhile, so that no login is sent. No status tells it. */
  public static Outcome.Failed superseded() {
    return new Outcome.Failed(
        Reason.KUBERNETES_WRITE_FAILED,
        RetryClass.KUBERNETES,
        false,
        "This replica does not lead any more, so it requests no token.",
        Duration.ZERO,
        null,
        null);
  }

  /** The Secret does not hold what was written: something changes it on the way to the cluster. */
  public static Outcome.Failed altered(EffectiveSpec spec) {
    return new Outcome.Failed(
        Reason.KUBERNETES_WRITE_FAILED,
        RetryClass.KUBERNETES_DENIED,
        false,
        "Secret %s does not hold what the operator wrote. Look for an admission webhook or policy that changes it, and exempt it."
            .formatted(TokenFailures.target(spec)),
        Duration.ZERO,
        null,
        null);
  }

  private static Outcome.Failed kubernetes(String call, RetryClass kind, int code) {
    String answer = code <= 0 ? "gave no answer" : "answered HTTP " + code;
    String advice =
        kind == RetryClass.KUBERNETES_DENIED
            ? " Check the operator's role, the namespace's quota and its admission policies."
            : "";
    return new Outcome.Failed(
        Reason.KUBERNETES_WRITE_FAILED,
        kind,
        false,
        "The operator could not %s: the Kubernetes API %s.%s".formatted(call, answer, advice),
        Duration.ZERO,
        null,
        null);
  }
}
