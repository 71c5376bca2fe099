package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.acquire.AcquisitionResult;
import com.trackunit.iris.operator.acquire.CredentialContext;
import com.trackunit.iris.operator.acquire.CredentialMemory;
import com.trackunit.iris.operator.acquire.TokenAcquisition;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.outcome.CredentialsSecretFailures;
import com.trackunit.iris.operator.outcome.KubernetesFailures;
import com.trackunit.iris.operator.outcome.Outcome;
import com.trackunit.iris.operator.renewal.Plan;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.secret.LoginState;
import com.trackunit.iris.operator.secret.SecretStore;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Takes the one step that a plan says, and tells what came of it; decides nothing by itself. */
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

  /** How far a step got. */
  public sealed interface Progress {}

  /** A token request is to be sent. */
  public record Asking(AcquisitionResult.Asking request) implements Progress {}

  /**
   * What came of a step; the facts after it are in its {@link CredentialContext}.
   *
   * @param again when to look again whatever the facts say, null when they say it
   */
  public record Step(Outcome outcome, @Nullable Instant again) implements Progress {
    Step(Outcome outcome) {
      this(outcome, null);
    }
  }

  /** Takes the next step of a credential. */
  public Step take(CredentialContext context) {
    Progress progress = begin(context);
    while (progress instanceof Asking(AcquisitionResult.Asking request)) {
      progress = goOn(context, acquisition.send(request));
    }
    return (Step) progress;
  }

  /** Goes as far as it can without an answer of the authorization server. */
  public Progress begin(CredentialContext context) {
    return remembered(context, plannedStep(context));
  }

  /** Goes on with what came of an acquisition. */
  public Progress goOn(CredentialContext context, AcquisitionResult result) {
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
    return switch (RenewalPlanner.plan(context.seen(), clock.instant())) {
      case Plan.Rest _, Plan.AwaitCollection _ -> new Step(new Outcome.Kept());
      case Plan.LookAtTarget _ -> lookAtTarget(context);
      case Plan.LookAtLogin _ -> lookAtLogin(context);
      case Plan.Ask(RenewalCause cause) -> acquired(context, acquisition.begin(context, cause));
      case Plan.Write _ -> writer.writeInHand(context);
      case Plan.Render _ -> render(context);
      case Plan.Adopt _ -> writer.adopt(context);
      case Plan.LeaveImmutable _ -> new Step(KubernetesFailures.immutable(spec));
      case Plan.Refuse(String owner) -> new Step(KubernetesFailures.conflict(owner, spec));
    };
  }

  private Progress lookAtTarget(CredentialContext context) {
    EffectiveSpec spec = context.spec();
    return switch (secrets.read(spec.namespace(), spec.targetSecret())) {
      case SecretStore.Read.Found(Secret secret) -> {
        context.targetIs(secret);
        yield plannedStep(context);
      }
      case SecretStore.Read.Missing _ -> {
        context.memory().missingAt(clock.instant());
        context.targetIs((Secret) null);
        yield plannedStep(context);
      }
      case SecretStore.Read.Failed(RetryClass kind, int code) ->
          new Step(KubernetesFailures.unreadable(spec.targetSecret(), spec, kind, code));
    };
  }

  private Progress lookAtLogin(CredentialContext context) {
    EffectiveSpec spec = context.spec();
    return switch (secrets.read(spec.namespace(), spec.loginSecret())) {
      case SecretStore.Read.Found(Secret secret) -> {
        context.loginIs(context.memory().login(LoginState.in(secret, spec)));
        yield plannedStep(context);
      }
      case SecretStore.Read.Missing _ -> new Step(CredentialsSecretFailures.missing(spec));
      case SecretStore.Read.Failed(RetryClass kind, int code) ->
          new Step(KubernetesFailures.unreadable(spec.loginSecret(), spec, kind, code));
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

  private Progress render(CredentialContext context) {
    EffectiveSpec spec = context.spec();
    return switch (secrets.read(spec.namespace(), spec.targetSecret())) {
      case SecretStore.Read.Found(Secret secret) -> {
        context.targetIs(secret);
        // Somebody may be faster than the watch: then the plan is another one.
        yield context.seen().target()
                    instanceof TargetState.Held(StoredToken token, boolean drifted, boolean _)
                && drifted
            ? writer.repair(context, token, secret)
            : plannedStep(context);
      }
      case SecretStore.Read.Missing _ -> {
        context.targetIs((Secret) null);
        yield plannedStep(context);
      }
      case SecretStore.Read.Failed(RetryClass kind, int code) ->
          new Step(KubernetesFailures.unreadable(spec.targetSecret(), spec, kind, code));
    };
  }
}
