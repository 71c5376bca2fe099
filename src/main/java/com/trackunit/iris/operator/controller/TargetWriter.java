package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.acquire.CredentialContext;
import com.trackunit.iris.operator.acquire.CredentialMemory;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.renewal.RequeueSchedule;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.secret.DesiredSecret;
import com.trackunit.iris.operator.secret.SecretStore;
import com.trackunit.iris.operator.secret.TokenLocation;
import com.trackunit.iris.operator.status.KubernetesFailures;
import com.trackunit.iris.operator.status.Outcome;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Writes target Secrets: a new token, a repair or an adoption. Returns the outcome of the write.
 */
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

  PlanExecutor.Step writeInHand(CredentialContext context) {
    CredentialMemory.InHand inHand = context.memory().inHand(clock.instant());
    // The token may have expired since the plan was made.
    return inHand == null
        ? new PlanExecutor.Step(new Outcome.Kept(), clock.instant().plus(RequeueSchedule.SHORTEST))
        : write(context, inHand);
  }

  PlanExecutor.Step write(CredentialContext context, CredentialMemory.InHand inHand) {
    EffectiveSpec spec = context.spec();
    context.memory().missingAt(null);
    return switch (secrets.write(spec, inHand.stored(), inHand.accessToken(), context.target())) {
      case SecretStore.Written(Secret redacted) -> {
        context.wrote(inHand.stored());
        wrote(context, redacted);
        yield new PlanExecutor.Step(
            context.stored() == null ? KubernetesFailures.altered(spec) : inHand.outcome());
      }
      case SecretStore.Write.Conflict(TargetState target) -> {
        context.keep(inHand, target instanceof TargetState.Foreign);
        context.recordTarget(target);
        yield new PlanExecutor.Step(KubernetesFailures.conflict(target, spec));
      }
      case SecretStore.Failed(RetryClass kind, int code) -> {
        context.keep(inHand, kind == RetryClass.KUBERNETES_DENIED);
        yield new PlanExecutor.Step(KubernetesFailures.unwritable(spec, kind, code));
      }
    };
  }

  PlanExecutor.Step adopt(CredentialContext context) {
    EffectiveSpec spec = context.spec();
    return switch (adoption.make(context)) {
      case SecretStore.Written(Secret redacted) -> {
        wrote(context, redacted);
        yield new PlanExecutor.Step(
            context.stored() == null ? KubernetesFailures.altered(spec) : new Outcome.Adopted());
      }
      case SecretStore.Rewrite.Overtaken _ ->
          new PlanExecutor.Step(new Outcome.Kept(), clock.instant().plus(RequeueSchedule.SHORTEST));
      case SecretStore.Failed(RetryClass kind, int code) ->
          new PlanExecutor.Step(KubernetesFailures.unwritten(spec, kind, code));
    };
  }

  private void wrote(CredentialContext context, Secret redacted) {
    watches.written(redacted);
    context.recordTarget(secrets.inspect(context.spec(), redacted));
  }

  PlanExecutor.Step repair(CredentialContext context, StoredToken token, Secret secret) {
    EffectiveSpec spec = context.spec();
    byte[] accessToken = TokenLocation.token(secret).orElseThrow();
    DesiredSecret content =
        DesiredSecret.render(spec, token, new String(accessToken, StandardCharsets.UTF_8));
    Instant now = clock.instant();
    if (context.memory().hasRepaired(content.fingerprint(), now)) {
      // Another writer reverts each repair. Wait, so that the two do not overwrite each other in a
      // loop.
      return new PlanExecutor.Step(new Outcome.Kept(), now.plus(RenewalPlanner.MINIMUM_INTERVAL));
    }
    return switch (secrets.rewrite(content, secret)) {
      case SecretStore.Written(Secret redacted) -> {
        context.memory().repaired(content.fingerprint(), now);
        wrote(context, redacted);
        boolean repaired =
            context.seen().target() instanceof TargetState.Held held && !held.drifted();
        yield new PlanExecutor.Step(
            repaired ? new Outcome.Repaired() : KubernetesFailures.altered(spec));
      }
      case SecretStore.Rewrite.Overtaken _ ->
          new PlanExecutor.Step(new Outcome.Kept(), now.plus(RequeueSchedule.SHORTEST));
      case SecretStore.Failed(RetryClass kind, int code) ->
          new PlanExecutor.Step(KubernetesFailures.unwritten(spec, kind, code));
    };
  }
}
