package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.acquire.AcquisitionResult;
import com.trackunit.iris.operator.acquire.CredentialContext;
import com.trackunit.iris.operator.acquire.CredentialMemory;
import com.trackunit.iris.operator.acquire.TokenAcquisition;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.outcome.KubernetesFailures;
import com.trackunit.iris.operator.outcome.Outcome;
import com.trackunit.iris.operator.outcome.TokenFailures;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.Plan;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.renewal.RequeueSchedule;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.secret.DesiredSecret;
import com.trackunit.iris.operator.secret.LoginState;
import com.trackunit.iris.operator.secret.SecretClient;
import com.trackunit.iris.operator.secret.SecretInspector;
import com.trackunit.iris.operator.secret.TokenLocation;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Takes the one step that a plan says, and tells what came of it; decides nothing by itself. */
public final class PlanExecutor {
  private final TokenAcquisition exchange;
  private final SecretClient secrets;
  private final Adoption adoption;
  private final SecretInformers watches;
  private final CredentialMemory memory;
  private final InstantSource clock;

  public PlanExecutor(
      TokenAcquisition exchange,
      SecretClient secrets,
      Adoption adoption,
      SecretInformers watches,
      CredentialMemory memory,
      InstantSource clock) {
    this.exchange = exchange;
    this.secrets = secrets;
    this.adoption = adoption;
    this.watches = watches;
    this.memory = memory;
    this.clock = clock;
  }

  /**
   * What came of a step.
   *
   * @param after the facts as they are now
   * @param again when to look again whatever the facts say, null when they say it
   */
  public record Step(Outcome outcome, Observation after, @Nullable Instant again) {
    public Step(Outcome outcome, Observation after) {
      this(outcome, after, null);
    }
  }

  Step take(CredentialContext situation) {
    String unsupported = situation.order().unsupported();
    if (unsupported != null && !(situation.seen().target() instanceof TargetState.Unseen)) {
      return failed(situation, KubernetesFailures.unsupported(unsupported, situation.order()));
    }
    return switch (RenewalPlanner.plan(situation.seen(), clock.instant())) {
      case Plan.Rest _, Plan.AwaitCollection _ -> new Step(new Outcome.Kept(), situation.seen());
      case Plan.LookAtTarget _ -> lookAtTarget(situation);
      case Plan.LookAtLogin _ -> lookAtLogin(situation);
      case Plan.Ask(RenewalCause cause) -> ask(situation, cause);
      case Plan.Write _ -> writeInHand(situation);
      case Plan.Render _ -> render(situation);
      case Plan.Adopt _ -> adopt(situation);
      case Plan.LeaveImmutable _ ->
          failed(situation, KubernetesFailures.immutable(situation.order()));
      case Plan.Refuse(String owner) ->
          failed(situation, KubernetesFailures.conflict(owner, situation.order()));
    };
  }

  private Step lookAtTarget(CredentialContext situation) {
    EffectiveSpec order = situation.order();
    return switch (secrets.read(order.namespace(), order.targetSecret())) {
      case SecretClient.Read.Found(Secret secret) -> take(situation.withTarget(secret));
      case SecretClient.Read.Missing _ -> {
        Instant now = clock.instant();
        memory.update(situation.id(), order.uid(), known -> known.withMissing(now));
        yield take(situation.withTarget(null));
      }
      case SecretClient.Read.Failed(RetryClass kind, int code) ->
          failed(situation, KubernetesFailures.unreadable(order.targetSecret(), order, kind, code));
    };
  }

  private Step lookAtLogin(CredentialContext situation) {
    EffectiveSpec order = situation.order();
    return switch (secrets.read(order.namespace(), order.loginSecret())) {
      case SecretClient.Read.Found(Secret secret) ->
          take(
              situation.withLoginVersion(
                  memory
                      .login(situation.id(), order.uid(), LoginState.in(secret, order))
                      .version()));
      case SecretClient.Read.Missing _ ->
          failed(situation, TokenFailures.credentialsMissing(order));
      case SecretClient.Read.Failed(RetryClass kind, int code) ->
          failed(situation, KubernetesFailures.unreadable(order.loginSecret(), order, kind, code));
    };
  }

  private Step ask(CredentialContext situation, RenewalCause cause) {
    return switch (exchange.make(situation, cause)) {
      case AcquisitionResult.InHand(CredentialMemory.InHand token, Instant asked) ->
          write(situation, situation.seen().withLastRequest(asked), token);
      case AcquisitionResult.Failed(Outcome.Failed outcome, Instant asked) ->
          new Step(
              outcome, asked == null ? situation.seen() : situation.seen().withLastRequest(asked));
      case AcquisitionResult.Later(Outcome outcome, Instant at) ->
          new Step(outcome, situation.seen(), at);
    };
  }

  private Step writeInHand(CredentialContext situation) {
    CredentialMemory.InHand inHand = situation.remembered().inHand();
    if (inHand == null) {
      throw new IllegalStateException("a plan to write needs a token in hand");
    }
    return write(situation, situation.seen(), inHand);
  }

  private Step write(
      CredentialContext situation, Observation seen, CredentialMemory.InHand inHand) {
    EffectiveSpec order = situation.order();
    DesiredSecret content = DesiredSecret.render(order, inHand.stored(), inHand.accessToken());
    memory.update(situation.id(), order.uid(), known -> known.withMissing(null));
    return switch (secrets.write(order, content, situation.target())) {
      case SecretClient.Written(Secret digested) -> {
        memory.update(
            situation.id(), order.uid(), known -> known.withInHand(null).withSeen(inHand.stored()));
        Observation after = written(seen, order, digested).withInHand(null);
        boolean holds = after.target() instanceof TargetState.Held;
        yield new Step(holds ? inHand.outcome() : KubernetesFailures.altered(order), after);
      }
      case SecretClient.Write.Conflict(TargetState target) -> {
        keep(situation, inHand);
        yield new Step(
            KubernetesFailures.conflict(target, order),
            seen.withTarget(target).withInHand(inHand.stored()));
      }
      case SecretClient.Failed(RetryClass kind, int code) -> {
        keep(situation, inHand);
        yield new Step(
            KubernetesFailures.unwritable(order, kind, code), seen.withInHand(inHand.stored()));
      }
    };
  }

  private void keep(CredentialContext situation, CredentialMemory.InHand inHand) {
    memory.update(situation.id(), situation.order().uid(), known -> known.withInHand(inHand));
  }

  private Observation written(Observation seen, EffectiveSpec order, Secret digested) {
    watches.written(digested);
    return seen.withTarget(SecretInspector.read(digested, order, null));
  }

  private Step adopt(CredentialContext situation) {
    EffectiveSpec order = situation.order();
    return switch (adoption.make(situation)) {
      case SecretClient.Written(Secret digested) -> {
        Observation after = written(situation.seen(), order, digested);
        boolean holds = after.target() instanceof TargetState.Held;
        yield new Step(holds ? new Outcome.Adopted() : KubernetesFailures.altered(order), after);
      }
      case SecretClient.Rewrite.Overtaken _ ->
          new Step(
              new Outcome.Kept(), situation.seen(), clock.instant().plus(RequeueSchedule.SHORTEST));
      case SecretClient.Failed(RetryClass kind, int code) ->
          failed(situation, KubernetesFailures.unrendered(order, kind, code));
    };
  }

  private Step render(CredentialContext situation) {
    EffectiveSpec order = situation.order();
    return switch (secrets.read(order.namespace(), order.targetSecret())) {
      case SecretClient.Read.Found(Secret secret) -> render(situation.withTarget(secret), secret);
      case SecretClient.Read.Missing _ -> take(situation.withTarget(null));
      case SecretClient.Read.Failed(RetryClass kind, int code) ->
          failed(situation, KubernetesFailures.unreadable(order.targetSecret(), order, kind, code));
    };
  }

  private Step render(CredentialContext situation, Secret secret) {
    // Somebody was faster than the watch: plan again with what is there now.
    if (!(situation.seen().target()
            instanceof TargetState.Held(var token, boolean drifted, boolean _))
        || !drifted) {
      return take(situation);
    }
    EffectiveSpec order = situation.order();
    byte[] accessToken = TokenLocation.token(secret).orElseThrow();
    DesiredSecret content =
        DesiredSecret.render(order, token, new String(accessToken, StandardCharsets.UTF_8));
    Instant now = clock.instant();
    if (situation.remembered().hasMended(content.fingerprint(), now)) {
      // Somebody undoes it each time: that must not become a race.
      return new Step(new Outcome.Kept(), situation.seen(), now.plus(RenewalPlanner.FLOOR));
    }
    return switch (secrets.rewrite(content, secret)) {
      case SecretClient.Written(Secret digested) -> {
        CredentialMemory.Mend mend = new CredentialMemory.Mend(content.fingerprint(), now);
        memory.update(situation.id(), order.uid(), known -> known.withMend(mend));
        Observation after = written(situation.seen(), order, digested);
        boolean mended = after.target() instanceof TargetState.Held held && !held.drifted();
        yield new Step(mended ? new Outcome.Rendered() : KubernetesFailures.altered(order), after);
      }
      case SecretClient.Rewrite.Overtaken _ ->
          new Step(new Outcome.Kept(), situation.seen(), now.plus(RequeueSchedule.SHORTEST));
      case SecretClient.Failed(RetryClass kind, int code) ->
          failed(situation, KubernetesFailures.unrendered(order, kind, code));
    };
  }

  private static Step failed(CredentialContext situation, Outcome.Failed failed) {
    return new Step(failed, situation.seen());
  }
}
