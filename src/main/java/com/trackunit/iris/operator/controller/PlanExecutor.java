package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.acquire.AcquisitionResult;
import com.trackunit.iris.operator.acquire.CredentialContext;
import com.trackunit.iris.operator.acquire.CredentialMemory;
import com.trackunit.iris.operator.acquire.TokenAcquisition;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.Plan;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.secret.CredentialsVersion;
import com.trackunit.iris.operator.secret.SecretStore;
import com.trackunit.iris.operator.status.CredentialsSecretFailures;
import com.trackunit.iris.operator.status.KubernetesFailures;
import com.trackunit.iris.operator.status.Outcome;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Executes the one step that the plan requires, and returns its outcome. {@code RenewalPlanner}
 * decides on the plan.
 */
public final class PlanExecutor {
  private final TokenAcquisition acquisition;
  private final SecretStore secrets;
  private final TargetWriter writer;
  private final InstantSource clock;

  public PlanExecutor(
      TokenAcquisition acquisition, SecretStore secrets, TargetWriter writer, InstantSource clock) {
    this.acquisition = acquisition;
    this.secrets = secrets;
    this.writer = writer;
    this.clock = clock;
  }

  /** Progress of a step. */
  public sealed interface Progress {}

  /** A token request must be sent. */
  public record Asking(AcquisitionResult.Asking request) implements Progress {}

  /**
   * Outcome of a finished step. Its {@link CredentialContext} holds the facts after the step.
   *
   * @param again time of the next reconciliation, null when the facts decide it
   */
  public record Step(Outcome outcome, @Nullable Instant again) implements Progress {
    Step(Outcome outcome) {
      this(outcome, null);
    }
  }

  /** Executes the next step of a credential. */
  public Step take(CredentialContext context) {
    Progress progress = begin(context);
    while (progress instanceof Asking(AcquisitionResult.Asking request)) {
      progress = resume(context, acquisition.send(request));
    }
    return (Step) progress;
  }

  /** Proceeds as far as possible without a response of the authorization server. */
  public Progress begin(CredentialContext context) {
    return remembered(context, plannedStep(context));
  }

  /** Continues with the result of an acquisition. */
  public Progress resume(CredentialContext context, AcquisitionResult result) {
    return remembered(context, acquired(context, result));
  }

  private static Progress remembered(CredentialContext context, Progress progress) {
    StoredToken stored = context.stored();
    if (stored != null) {
      context.memory().saw(stored);
    }
    return progress;
  }

  private Progress plannedStep(CredentialContext context) {
    EffectiveSpec spec = context.spec();
    String unsupported = spec.unsupported();
    if (unsupported != null && !(context.seen().target() instanceof TargetState.Unseen)) {
      return new Step(KubernetesFailures.unsupported(unsupported, spec));
    }
    if (spec.beingDeleted() && isMissing(context.seen().target())) {
      return new Step(new Outcome.Kept());
    }
    return switch (RenewalPlanner.plan(context.seen(), clock.instant())) {
      case Plan.Rest _, Plan.AwaitCollection _ -> new Step(new Outcome.Kept());
      case Plan.ReadTarget _ -> readTarget(context);
      case Plan.ReadLogin _ -> readLogin(context);
      case Plan.Ask(RenewalCause cause) -> acquired(context, acquisition.begin(context, cause));
      case Plan.Write _ -> writer.writeInHand(context);
      case Plan.Repair _ -> repair(context);
      case Plan.Adopt _ -> writer.adopt(context);
      case Plan.LeaveImmutable _ -> new Step(KubernetesFailures.immutable(spec));
      case Plan.Refuse(String owner) -> new Step(KubernetesFailures.conflict(owner, spec));
    };
  }

  // A credential that is being deleted keeps the Secret that it has. One that is gone or has lost
  // its owner is what the deletion asked for (--cascade), so it is neither made nor taken back.
  private static boolean isMissing(TargetState target) {
    return switch (target) {
      case TargetState.Absent _, TargetState.Orphaned _, TargetState.Predecessor _ -> true;
      case TargetState.Held _, TargetState.Damaged _, TargetState.Foreign _, TargetState.Unseen _ ->
          false;
    };
  }

  private Progress readTarget(CredentialContext context) {
    return read(context, context.spec().targetSecret(), found -> looked(context, found));
  }

  private Progress looked(CredentialContext context, Optional<Secret> found) {
    if (found.isEmpty()) {
      context.memory().missingAt(clock.instant());
    }
    context.recordTarget(found.orElse(null));
    return plannedStep(context);
  }

  private Progress readLogin(CredentialContext context) {
    EffectiveSpec spec = context.spec();
    return read(
        context,
        spec.loginSecret(),
        found -> {
          if (found.isEmpty()) {
            return new Step(CredentialsSecretFailures.missing(spec));
          }
          CredentialsVersion version = CredentialsVersion.in(found.get(), spec);
          context.recordLoginVersion(context.memory().login(version));
          return plannedStep(context);
        });
  }

  private Progress repair(CredentialContext context) {
    return read(
        context,
        context.spec().targetSecret(),
        found -> {
          if (found.isEmpty()) {
            return looked(context, found);
          }
          context.recordTarget(found.get());
          // The Secret may have changed since the watch showed it: then a new plan is needed.
          return context.seen().target()
                      instanceof TargetState.Held(StoredToken token, boolean drifted, boolean _)
                  && drifted
              ? writer.repair(context, token, found.get())
              : plannedStep(context);
        });
  }

  private Progress read(
      CredentialContext context, String name, Function<Optional<Secret>, Progress> then) {
    EffectiveSpec spec = context.spec();
    return switch (secrets.read(spec.namespace(), name)) {
      case SecretStore.Read.Found(Secret secret) -> then.apply(Optional.of(secret));
      case SecretStore.Read.Missing _ -> then.apply(Optional.empty());
      case SecretStore.Read.Failed(RetryClass kind, int code) ->
          new Step(KubernetesFailures.unreadable(name, spec, kind, code));
    };
  }

  private Progress acquired(CredentialContext context, AcquisitionResult result) {
    return switch (result) {
      case AcquisitionResult.Asking request -> new Asking(request);
      case AcquisitionResult.InHand(CredentialMemory.InHand token) -> writer.write(context, token);
      case AcquisitionResult.Failed(Outcome.Failed outcome) -> new Step(outcome);
      case AcquisitionResult.Later(Outcome outcome, Instant at) -> new Step(outcome, at);
    };
  }
}
