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
import com.trackunit.iris.operator.secret.RedactedSecret;
import com.trackunit.iris.operator.secret.SecretInspector;
import com.trackunit.iris.operator.secret.SecretStore;
import com.trackunit.iris.operator.secret.TokenLocation;
import com.trackunit.iris.operator.status.KubernetesFailures;
import com.trackunit.iris.operator.status.Outcome;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes target Secrets: a new token, a repair or an adoption. Returns the outcome of the write.
 */
public final class TargetWriter {
  private final SecretStore secrets;
  private final Predicate<EffectiveSpec> deleted;
  private final SecretCache watches;
  private final InstantSource clock;

  /**
   * Creates the writer.
   *
   * @param deleted whether the API server reports the credential as deleted or marked for deletion;
   *     throws a {@link KubernetesClientException} if it does not answer
   */
  public TargetWriter(
      SecretStore secrets,
      Predicate<EffectiveSpec> deleted,
      SecretCache watches,
      InstantSource clock) {
    this.secrets = secrets;
    this.deleted = deleted;
    this.watches = watches;
    this.clock = clock;
  }

  PlanExecutor.Step writeInHand(CredentialContext context) {
    CredentialMemory.InHand inHand = context.memory().inHand(clock.instant());
    // The token may have expired since the plan was made.
    return inHand == null ? overtaken() : write(context, inHand);
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

  /**
   * Makes a credential the owner of a Secret that the operator wrote for it earlier, for example
   * after a restore from a backup or a {@code kubectl delete --cascade=orphan}.
   */
  PlanExecutor.Step adopt(CredentialContext context) {
    EffectiveSpec spec = context.spec();
    return switch (secrets.read(spec.namespace(), spec.targetSecret())) {
      case SecretStore.Read.Found(Secret secret) -> adopt(context, secret);
      case SecretStore.Read.Missing _ -> overtaken();
      case SecretStore.Read.Failed(RetryClass kind, int code) ->
          new PlanExecutor.Step(KubernetesFailures.unwritten(spec, kind, code));
    };
  }

  private PlanExecutor.Step adopt(CredentialContext context, Secret secret) {
    EffectiveSpec spec = context.spec();
    Optional<StoredToken> token = SecretInspector.adoptable(RedactedSecret.of(secret), spec);
    if (token.isEmpty() || isChanged(context, secret)) {
      return overtaken();
    }
    try {
      // The watch of Secrets may be ahead of the watch of credentials, which then still lacks the
      // deletion.
      if (deleted.test(spec)) {
        return overtaken();
      }
    } catch (KubernetesClientException e) {
      return new PlanExecutor.Step(
          KubernetesFailures.unwritten(spec, RetryClass.KUBERNETES, e.getCode()));
    }
    StoredToken adopted =
        isOfThisLogin(token.get(), context.seen().loginVersion())
            ? token.get()
            : token.get().ofUnknownLogin();
    return rewritten(
        context,
        secrets.adopt(spec, content(spec, adopted, secret), secret),
        () -> context.stored() == null ? KubernetesFailures.altered(spec) : new Outcome.Adopted());
  }

  // The plan holds only for this version of the Secret: a later one may have another owner.
  private static boolean isChanged(CredentialContext context, Secret secret) {
    Secret seen = context.target();
    return seen == null
        || !secret
            .getMetadata()
            .getResourceVersion()
            .equals(seen.getMetadata().getResourceVersion());
  }

  // A restored credentials Secret has another version even if its values are the same, so another
  // version does not prove another login.
  private static boolean isOfThisLogin(StoredToken token, @Nullable String watched) {
    return watched == null || watched.equals(token.loginVersion());
  }

  PlanExecutor.Step repair(CredentialContext context, StoredToken token, Secret secret) {
    DesiredSecret content = content(context.spec(), token, secret);
    Instant now = clock.instant();
    if (context.memory().hasRepaired(content.fingerprint(), now)) {
      // Another writer reverts each repair. Wait, so that the two do not overwrite each other in a
      // loop.
      return new PlanExecutor.Step(new Outcome.Kept(), now.plus(RenewalPlanner.MINIMUM_INTERVAL));
    }
    return rewritten(
        context,
        secrets.rewrite(content, secret),
        () -> {
          context.memory().repaired(content.fingerprint(), now);
          return context.seen().target() instanceof TargetState.Held held && !held.drifted()
              ? new Outcome.Repaired()
              : KubernetesFailures.altered(context.spec());
        });
  }

  private static DesiredSecret content(EffectiveSpec spec, StoredToken token, Secret secret) {
    byte[] accessToken = TokenLocation.token(secret).orElseThrow();
    return DesiredSecret.render(spec, token, new String(accessToken, StandardCharsets.UTF_8));
  }

  private PlanExecutor.Step rewritten(
      CredentialContext context, SecretStore.Rewrite result, Supplier<Outcome> outcome) {
    return switch (result) {
      case SecretStore.Written(Secret redacted) -> {
        wrote(context, redacted);
        yield new PlanExecutor.Step(outcome.get());
      }
      case SecretStore.Rewrite.Overtaken _ -> overtaken();
      case SecretStore.Failed(RetryClass kind, int code) ->
          new PlanExecutor.Step(KubernetesFailures.unwritten(context.spec(), kind, code));
    };
  }

  private void wrote(CredentialContext context, Secret redacted) {
    watches.written(redacted);
    context.recordTarget(secrets.inspect(context.spec(), redacted));
  }

  // What was seen has changed since the plan was made.
  private PlanExecutor.Step overtaken() {
    return new PlanExecutor.Step(
        new Outcome.Kept(), clock.instant().plus(RequeueSchedule.SHORTEST));
  }
}
