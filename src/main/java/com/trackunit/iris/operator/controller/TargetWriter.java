package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.acquire.CredentialContext;
import com.trackunit.iris.operator.acquire.CredentialMemory;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.outcome.KubernetesFailures;
import com.trackunit.iris.operator.outcome.Outcome;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.renewal.RequeueSchedule;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.secret.DesiredSecret;
import com.trackunit.iris.operator.secret.SecretStore;
import com.trackunit.iris.operator.secret.TokenLocation;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;

/** Writes target Secrets: a new token, a repair, an adoption; and tells what came of the write. */
public final class TargetWriter {
  private final SecretStore secrets;
  private final Adoption adoption;
  private final SecretCache watches;
  private final InstantSource clock;

  public TargetWriter(
      SecretStore secrets, Adoption adoption, SecretCache watches, InstantSource clock) {
    this.secrets = secrets;
    this.adoption = adoption;
    this.watches = watches;
    this.clock = clock;
  }

  PlanExecutor.Step writeInHand(CredentialContext situation) {
    CredentialMemory.InHand inHand = situation.memory().inHand(clock.instant());
    // Its life may end between the plan and now.
    return inHand == null
        ? new PlanExecutor.Step(new Outcome.Kept(), clock.instant().plus(RequeueSchedule.SHORTEST))
        : write(situation, inHand);
  }

  PlanExecutor.Step write(CredentialContext situation, CredentialMemory.InHand inHand) {
    EffectiveSpec order = situation.order();
    situation.memory().missingAt(null);
    return switch (secrets.write(
        order, inHand.stored(), inHand.accessToken(), situation.target())) {
      case SecretStore.Written(Secret digested) -> {
        situation.wrote(inHand.stored());
        wrote(situation, digested);
        yield new PlanExecutor.Step(
            situation.stored() == null ? KubernetesFailures.altered(order) : inHand.outcome());
      }
      case SecretStore.Write.Conflict(TargetState target) -> {
        situation.keep(inHand);
        situation.targetIs(target);
        yield new PlanExecutor.Step(KubernetesFailures.conflict(target, order));
      }
      case SecretStore.Failed(RetryClass kind, int code) -> {
        situation.keep(inHand);
        yield new PlanExecutor.Step(KubernetesFailures.unwritable(order, kind, code));
      }
    };
  }

  PlanExecutor.Step adopt(CredentialContext situation) {
    EffectiveSpec order = situation.order();
    return switch (adoption.make(situation)) {
      case SecretStore.Written(Secret digested) -> {
        wrote(situation, digested);
        yield new PlanExecutor.Step(
            situation.stored() == null ? KubernetesFailures.altered(order) : new Outcome.Adopted());
      }
      case SecretStore.Rewrite.Overtaken _ ->
          new PlanExecutor.Step(new Outcome.Kept(), clock.instant().plus(RequeueSchedule.SHORTEST));
      case SecretStore.Failed(RetryClass kind, int code) ->
          new PlanExecutor.Step(KubernetesFailures.unrendered(order, kind, code));
    };
  }

  private void wrote(CredentialContext situation, Secret digested) {
    watches.written(digested);
    situation.targetIs(secrets.inspect(situation.order(), digested));
  }

  PlanExecutor.Step repair(CredentialContext situation, StoredToken token, Secret secret) {
    EffectiveSpec order = situation.order();
    byte[] accessToken = TokenLocation.token(secret).orElseThrow();
    DesiredSecret content =
        DesiredSecret.render(order, token, new String(accessToken, StandardCharsets.UTF_8));
    Instant now = clock.instant();
    if (situation.memory().hasRepaired(content.fingerprint(), now)) {
      // Somebody undoes it each time: that must not become a race.
      return new PlanExecutor.Step(new Outcome.Kept(), now.plus(RenewalPlanner.FLOOR));
    }
    return switch (secrets.rewrite(content, secret)) {
      case SecretStore.Written(Secret digested) -> {
        situation.memory().repaired(content.fingerprint(), now);
        wrote(situation, digested);
        boolean repaired =
            situation.seen().target() instanceof TargetState.Held held && !held.drifted();
        yield new PlanExecutor.Step(
            repaired ? new Outcome.Rendered() : KubernetesFailures.altered(order));
      }
      case SecretStore.Rewrite.Overtaken _ ->
          new PlanExecutor.Step(new Outcome.Kept(), now.plus(RequeueSchedule.SHORTEST));
      case SecretStore.Failed(RetryClass kind, int code) ->
          new PlanExecutor.Step(KubernetesFailures.unrendered(order, kind, code));
    };
  }
}
