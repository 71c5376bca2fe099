package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.acquire.AcquisitionResult;
import com.trackunit.iris.operator.acquire.CredentialContext;
import com.trackunit.iris.operator.acquire.CredentialMemory;
import com.trackunit.iris.operator.acquire.TokenAcquisition;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.outcome.KubernetesFailures;
import com.trackunit.iris.operator.outcome.Outcome;
import com.trackunit.iris.operator.outcome.TokenFailures;
import com.trackunit.iris.operator.renewal.Plan;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.renewal.RequeueSchedule;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.secret.DesiredSecret;
import com.trackunit.iris.operator.secret.LoginState;
import com.trackunit.iris.operator.secret.SecretStore;
import com.trackunit.iris.operator.secret.TokenLocation;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Takes the one step that a plan says, and tells what came of it; decides nothing by itself. */
public final class PlanExecutor {
  private final TokenAcquisition acquisition;
  private final SecretStore secrets;
  private final Adoption adoption;
  private final SecretCache watches;
  private final InstantSource clock;

  public PlanExecutor(
      TokenAcquisition acquisition,
      SecretStore secrets,
      Adoption adoption,
      SecretCache watches,
      InstantSource clock) {
    this.acquisition = acquisition;
    this.secrets = secrets;
    this.adoption = adoption;
    this.watches = watches;
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
      case Plan.Write _ -> writeInHand(situation);
      case Plan.Render _ -> render(situation);
      case Plan.Adopt _ -> adopt(situation);
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
      case SecretStore.Read.Missing _ -> new Step(TokenFailures.credentialsMissing(order));
      case SecretStore.Read.Failed(RetryClass kind, int code) ->
          new Step(KubernetesFailures.unreadable(order.loginSecret(), order, kind, code));
    };
  }

  private Progress acquired(CredentialContext situation, AcquisitionResult result) {
    return switch (result) {
      case AcquisitionResult.Asking request -> new Asking(request);
      case AcquisitionResult.InHand(CredentialMemory.InHand token) -> write(situation, token);
      case AcquisitionResult.Failed(Outcome.Failed outcome) -> new Step(outcome);
      case AcquisitionResult.Later(Outcome outcome, Instant at) -> new Step(outcome, at);
    };
  }

  private Step writeInHand(CredentialContext situation) {
    CredentialMemory.InHand inHand = situation.memory().inHand(clock.instant());
    // Its life may end between the plan and now.
    return inHand == null
        ? new Step(new Outcome.Kept(), clock.instant().plus(RequeueSchedule.SHORTEST))
        : write(situation, inHand);
  }

  private Step write(CredentialContext situation, CredentialMemory.InHand inHand) {
    EffectiveSpec order = situation.order();
    situation.memory().missingAt(null);
    return switch (secrets.write(
        order, inHand.stored(), inHand.accessToken(), situation.target())) {
      case SecretStore.Written(Secret digested) -> {
        situation.wrote(inHand.stored());
        wrote(situation, digested);
        yield new Step(
            situation.stored() == null ? KubernetesFailures.altered(order) : inHand.outcome());
      }
      case SecretStore.Write.Conflict(TargetState target) -> {
        situation.keep(inHand);
        situation.targetIs(target);
        yield new Step(KubernetesFailures.conflict(target, order));
      }
      case SecretStore.Failed(RetryClass kind, int code) -> {
        situation.keep(inHand);
        yield new Step(KubernetesFailures.unwritable(order, kind, code));
      }
    };
  }

  private Step adopt(CredentialContext situation) {
    EffectiveSpec order = situation.order();
    return switch (adoption.make(situation)) {
      case SecretStore.Written(Secret digested) -> {
        wrote(situation, digested);
        yield new Step(
            situation.stored() == null ? KubernetesFailures.altered(order) : new Outcome.Adopted());
      }
      case SecretStore.Rewrite.Overtaken _ ->
          new Step(new Outcome.Kept(), clock.instant().plus(RequeueSchedule.SHORTEST));
      case SecretStore.Failed(RetryClass kind, int code) ->
          new Step(KubernetesFailures.unrendered(order, kind, code));
    };
  }

  private void wrote(CredentialContext situation, Secret digested) {
    watches.written(digested);
    situation.targetIs(secrets.inspect(situation.order(), digested));
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
            ? render(situation, token, secret)
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

  private Step render(CredentialContext situation, StoredToken token, Secret secret) {
    EffectiveSpec order = situation.order();
    byte[] accessToken = TokenLocation.token(secret).orElseThrow();
    DesiredSecret content =
        DesiredSecret.render(order, token, new String(accessToken, StandardCharsets.UTF_8));
    Instant now = clock.instant();
    if (situation.memory().hasRepaired(content.fingerprint(), now)) {
      // Somebody undoes it each time: that must not become a race.
      return new Step(new Outcome.Kept(), now.plus(RenewalPlanner.FLOOR));
    }
    return switch (secrets.rewrite(content, secret)) {
      case SecretStore.Written(Secret digested) -> {
        situation.memory().repaired(content.fingerprint(), now);
        wrote(situation, digested);
        boolean repaired =
            situation.seen().target() instanceof TargetState.Held held && !held.drifted();
        yield new Step(repaired ? new Outcome.Rendered() : KubernetesFailures.altered(order));
      }
      case SecretStore.Rewrite.Overtaken _ ->
          new Step(new Outcome.Kept(), now.plus(RequeueSchedule.SHORTEST));
      case SecretStore.Failed(RetryClass kind, int code) ->
          new Step(KubernetesFailures.unrendered(order, kind, code));
    };
  }
}
