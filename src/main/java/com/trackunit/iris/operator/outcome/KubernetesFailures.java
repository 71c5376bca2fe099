package com.trackunit.iris.operator.outcome;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.TargetState;
import java.time.Duration;

/**
 * Every way a step can fail at the cluster, with its sentence; those at the authorization server
 * are {@link TokenFailures}.
 */
public final class KubernetesFailures {
  private KubernetesFailures() {}

  /** The target Secret is somebody else's. */
  public static Outcome.Failed conflict(String owner, EffectiveSpec spec) {
    return TokenFailures.waiting(
        Reason.TARGET_SECRET_CONFLICT,
        "Secret %s belongs to %s. Choose another spec.targetSecret.name in a new resource, or delete that Secret."
            .formatted(TokenFailures.target(spec), owner));
  }

  /** A token is in hand, and meanwhile the target Secret became somebody else's. */
  public static Outcome.Failed conflict(TargetState target, EffectiveSpec spec) {
    String owner =
        switch (target) {
          case TargetState.Foreign(String foreign) -> foreign;
          case TargetState.Orphaned _ -> "nobody, having been restored just now";
          case TargetState.Predecessor _,
              TargetState.Held _,
              TargetState.Damaged _,
              TargetState.Absent _,
              TargetState.Unseen _ ->
              "an earlier IrisCredential of this name";
        };
    return conflict(owner, spec).afterRequest();
  }

  /** The spec has a field or a value of a later version. */
  public static Outcome.Failed unsupported(String field, EffectiveSpec spec) {
    return TokenFailures.waiting(
        Reason.UNSUPPORTED_SPEC,
        "This version of the operator cannot read %s of %s/%s. It requests no token and keeps Secret %s as it is. Upgrade the operator, or change that field."
            .formatted(field, spec.namespace(), spec.name(), TokenFailures.target(spec)));
  }

  /** The target Secret cannot be written by anybody. */
  public static Outcome.Failed immutable(EffectiveSpec spec) {
    return TokenFailures.waiting(
        Reason.KUBERNETES_WRITE_FAILED,
        "Secret %s is immutable, so no newer token can be written. Delete it: it comes back with a new token."
            .formatted(TokenFailures.target(spec)));
  }

  /** A Secret could not be read. */
  public static Outcome.Failed unreadable(
      String name, EffectiveSpec spec, RetryClass kind, int code) {
    return kubernetes("read Secret " + spec.namespace() + "/" + name, kind, code);
  }

  /** A try of a login that was refused before could not be recorded, so it was not made. */
  public static Outcome.Failed unrecorded(EffectiveSpec spec, int code) {
    return kubernetes(
        "write the status of " + spec.namespace() + "/" + spec.name(), RetryClass.KUBERNETES, code);
  }

  /** The target Secret could not be written again from what is stored in it. */
  public static Outcome.Failed unrendered(EffectiveSpec spec, RetryClass kind, int code) {
    return kubernetes("write Secret " + TokenFailures.target(spec), kind, code);
  }

  /** A token is in hand and could not be written; it is kept, and only the write is tried again. */
  public static Outcome.Failed unwritable(EffectiveSpec spec, RetryClass kind, int code) {
    return unrendered(spec, kind, code).afterRequest();
  }

  /** What was written is not what is there: somebody changes it on its way. */
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
