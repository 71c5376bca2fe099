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
  public Step take(CredentialContext situation) {
    Progress progress = begin(situation);
    while (progress instanceof Asking(AcquisitionResult.Asking request)) {
      progress = goOn(situation, acquisition.send(request));
    }
    return (Step) progress;
  }

  /** Goes as far as it can without an answer of the authorization server. */
  public Progress begin(CredentialContext situation) {
    return remembered(situation, plannedStep(situation));
  }

  /** Goes on with what came of an acquisition. */
  public Progress goOn(CredentialContext situation, AcquisitionResult result) {
    return remembered(situation, acquired(situation, result));
  }

  private static Progress remembered(CredentialContext situation, Progress progress) {
    StoredToken stored = situation.stored();
    if (stored != null) {
      situation.memory().saw(stored);
    }
    return progress;
  }

  private Progress plannedStep(CredentialContext situation) {
    EffectiveSpec order = situation.order();
    String unsupported = order.unsupported();
    if (unsupported != null && !(situation.seen().target() instanceof TargetState.Unseen)) {
      return new Step(KubernetesFailures.unsupported(unsupported, order));
    }
    return switch (RenewalPlanner.plan(situation.seen(), clock.instant())) {
      case Plan.Rest _, Plan.AwaitCollection _ -> new Step(new Outcome.Kept());
      case Plan.LookAtTarget _ -> lookAtTarget(situation);
      case Plan.LookAtLogin _ -> lookAtLogin(situation);
      case Plan.Ask(RenewalCause cause) -> acquired(situation, acquisition.begin(situation, cause));
      case Plan.Write _ -> writer.writeInHand(situation);
      case Plan.Render _ -> render(situation);
      case Plan.Adopt _ -> writer.adopt(situation);
      case Plan.LeaveImmutable _ -> new Step(KubernetesFailures.immutable(order));
      case Plan.Refuse(String owner) -> new Step(KubernetesFailures.conflict(owner, order));
    };
  }

  private Progress lookAtTarget(CredentialContext situation) {
    EffectiveSpec order = situation.order();
    return switch (secrets.read(order.namespace(), order.targetSecret())) {
      case SecretStore.Read.Found(Secret secret) -> {
        situation.targetIs(secret);
        yield plannedStep(situation);
      }
      case SecretStore.Read.Missing _ -> {
        situation.memory().missingAt(clock.instant());
        situation.targetIs((Secret) null);
        yield plannedStep(situation);
      }
      case SecretStore.Read.Failed(RetryClass kind, int code) ->
          new Step(KubernetesFailures.unreadable(order.targetSecret(), order, kind, code));
    };
  }

  private Progress lookAtLogin(CredentialContext situation) {
    EffectiveSpec order = situation.order();
    return switch (secrets.read(order.namespace(), order.loginSecret())) {
      case SecretStore.Read.Found(Secret secret) -> {
        situation.loginIs(situation.memory().login(LoginState.in(secret, order)));
        yield plannedStep(situation);
      }
      case SecretStore.Read.Missing _ -> new Step(CredentialsSecretFailures.missing(order));
      case SecretStore.Read.Failed(RetryClass kind, int code) ->
          new Step(KubernetesFailures.unreadable(order.loginSecret(), order, kind, code));
    };
  }

  private Progress acquired(CredentialContext situation, AcquisitionResult result) {
    return switch (result) {
      case AcquisitionResult.Asking request -> new Asking(request);
      case AcquisitionResult.InHand(CredentialMemory.InHand token) ->
          writer.write(situation, token);
      case AcquisitionResult.Failed(Outcome.Failed outcome) -> new Step(outcome);
      case AcquisitionResult.Later(Outcome outcome, Instant at) -> new Step(outcome, at);
    };
  }

  private Progress render(CredentialContext situation) {
    EffectiveSpec order = situation.order();
    return switch (secrets.read(order.namespace(), order.targetSecret())) {
      case SecretStore.Read.Found(Secret secret) -> {
        situation.targetIs(secret);
        // Somebody may be faster than the watch: then the plan is another one.
        yield situation.seen().target()
                    instanceof TargetState.Held(StoredToken token, boolean drifted, boolean _)
                && drifted
            ? writer.repair(situation, token, secret)
            : plannedStep(situation);
      }
      case SecretStore.Read.Missing _ -> {
        situation.targetIs((Secret) null);
        yield plannedStep(situation);
      }
      case SecretStore.Read.Failed(RetryClass kind, int code) ->
          new Step(KubernetesFailures.unreadable(order.targetSecret(), order, kind, code));
    };
  }
}
