package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.StandingOrder;
import com.trackunit.iris.operator.renewal.AskCause;
import com.trackunit.iris.operator.renewal.FailureClass;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.Plan;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.renewal.Target;
import com.trackunit.iris.operator.renewal.WakeUp;
import com.trackunit.iris.operator.secret.LoginState;
import com.trackunit.iris.operator.secret.SecretClient;
import com.trackunit.iris.operator.secret.TargetContent;
import com.trackunit.iris.operator.secret.TargetReader;
import com.trackunit.iris.operator.secret.TokenPlace;
import com.trackunit.iris.operator.status.ClusterFailures;
import com.trackunit.iris.operator.status.Failures;
import com.trackunit.iris.operator.status.Outcome;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Takes the one step that a plan says, and tells what came of it; decides nothing by itself. */
final class Steps {
  private final Exchange exchange;
  private final SecretClient secrets;
  private final Adoption adoption;
  private final Watches watches;
  private final Memory memory;
  private final InstantSource clock;

  Steps(
      Exchange exchange,
      SecretClient secrets,
      Adoption adoption,
      Watches watches,
      Memory memory,
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
  record Step(Outcome outcome, Observation after, @Nullable Instant again) {
    Step(Outcome outcome, Observation after) {
      this(outcome, after, null);
    }
  }

  Step take(Situation situation) {
    return switch (RenewalPlanner.plan(situation.seen(), clock.instant())) {
      case Plan.Rest _, Plan.AwaitCollection _ -> new Step(new Outcome.Kept(), situation.seen());
      case Plan.LookAtTarget _ -> lookAtTarget(situation);
      case Plan.LookAtLogin _ -> lookAtLogin(situation);
      case Plan.Ask(AskCause cause) -> ask(situation, cause);
      case Plan.Write _ -> writeInHand(situation);
      case Plan.Render _ -> render(situation);
      case Plan.Adopt _ -> adopt(situation);
      case Plan.LeaveImmutable _ -> failed(situation, ClusterFailures.immutable(situation.order()));
      case Plan.Refuse(String owner) ->
          failed(situation, ClusterFailures.conflict(owner, situation.order()));
    };
  }

  private Step lookAtTarget(Situation situation) {
    StandingOrder order = situation.order();
    return switch (secrets.read(order.namespace(), order.targetSecret())) {
      case SecretClient.Read.Found(Secret secret) -> take(situation.withTarget(secret));
      case SecretClient.Read.Missing _ -> {
        Instant now = clock.instant();
        memory.update(situation.id(), order.uid(), known -> known.withMissing(now));
        yield take(situation.withTarget(null));
      }
      case SecretClient.Read.Failed(FailureClass kind, int code) ->
          failed(situation, ClusterFailures.unreadable(order.targetSecret(), order, kind, code));
    };
  }

  private Step lookAtLogin(Situation situation) {
    StandingOrder order = situation.order();
    return switch (secrets.read(order.namespace(), order.loginSecret())) {
      case SecretClient.Read.Found(Secret secret) ->
          take(
              situation.withLoginVersion(
                  memory
                      .login(situation.id(), order.uid(), LoginState.in(secret, order))
                      .version()));
      case SecretClient.Read.Missing _ -> failed(situation, Failures.credentialsMissing(order));
      case SecretClient.Read.Failed(FailureClass kind, int code) ->
          failed(situation, ClusterFailures.unreadable(order.loginSecret(), order, kind, code));
    };
  }

  private Step ask(Situation situation, AskCause cause) {
    return switch (exchange.make(situation, cause)) {
      case ExchangeResult.InHand(Memory.InHand token, Instant asked) ->
          write(situation, situation.seen().withLastRequest(asked), token);
      case ExchangeResult.Failed(Outcome.Failed outcome, Instant asked) ->
          new Step(
              outcome, asked == null ? situation.seen() : situation.seen().withLastRequest(asked));
      case ExchangeResult.Later(Outcome outcome, Instant at) ->
          new Step(outcome, situation.seen(), at);
    };
  }

  private Step writeInHand(Situation situation) {
    Memory.InHand inHand = situation.remembered().inHand();
    if (inHand == null) {
      throw new IllegalStateException("a plan to write needs a token in hand");
    }
    return write(situation, situation.seen(), inHand);
  }

  private Step write(Situation situation, Observation seen, Memory.InHand inHand) {
    StandingOrder order = situation.order();
    TargetContent content = TargetContent.render(order, inHand.stored(), inHand.accessToken());
    memory.update(situation.id(), order.uid(), known -> known.withMissing(null));
    return switch (secrets.write(order, content, situation.target())) {
      case SecretClient.Written(Secret digested) -> {
        memory.update(
            situation.id(), order.uid(), known -> known.withInHand(null).withSeen(inHand.stored()));
        Observation after = written(seen, order, digested).withInHand(null);
        boolean holds = after.target() instanceof Target.Held;
        yield new Step(holds ? inHand.outcome() : ClusterFailures.altered(order), after);
      }
      case SecretClient.Write.Conflict(Target target) -> {
        keep(situation, inHand);
        yield new Step(
            ClusterFailures.conflict(target, order),
            seen.withTarget(target).withInHand(inHand.stored()));
      }
      case SecretClient.Failed(FailureClass kind, int code) -> {
        keep(situation, inHand);
        yield new Step(
            ClusterFailures.unwritable(order, kind, code), seen.withInHand(inHand.stored()));
      }
    };
  }

  private void keep(Situation situation, Memory.InHand inHand) {
    memory.update(situation.id(), situation.order().uid(), known -> known.withInHand(inHand));
  }

  private Observation written(Observation seen, StandingOrder order, Secret digested) {
    watches.written(digested);
    return seen.withTarget(TargetReader.read(digested, order, null));
  }

  private Step adopt(Situation situation) {
    StandingOrder order = situation.order();
    return switch (adoption.make(situation)) {
      case SecretClient.Written(Secret digested) -> {
        Observation after = written(situation.seen(), order, digested);
        boolean holds = after.target() instanceof Target.Held;
        yield new Step(holds ? new Outcome.Adopted() : ClusterFailures.altered(order), after);
      }
      case SecretClient.Rewrite.Overtaken _ ->
          new Step(new Outcome.Kept(), situation.seen(), clock.instant().plus(WakeUp.SHORTEST));
      case SecretClient.Failed(FailureClass kind, int code) ->
          failed(situation, ClusterFailures.unrendered(order, kind, code));
    };
  }

  private Step render(Situation situation) {
    StandingOrder order = situation.order();
    return switch (secrets.read(order.namespace(), order.targetSecret())) {
      case SecretClient.Read.Found(Secret secret) -> render(situation.withTarget(secret), secret);
      case SecretClient.Read.Missing _ -> take(situation.withTarget(null));
      case SecretClient.Read.Failed(FailureClass kind, int code) ->
          failed(situation, ClusterFailures.unreadable(order.targetSecret(), order, kind, code));
    };
  }

  private Step render(Situation situation, Secret secret) {
    // Somebody was faster than the watch: plan again with what is there now.
    if (!(situation.seen().target() instanceof Target.Held(var token, boolean drifted, boolean _))
        || !drifted) {
      return take(situation);
    }
    StandingOrder order = situation.order();
    byte[] accessToken = TokenPlace.token(secret).orElseThrow();
    TargetContent content =
        TargetContent.render(order, token, new String(accessToken, StandardCharsets.UTF_8));
    Instant now = clock.instant();
    if (situation.remembered().hasMended(content.fingerprint(), now)) {
      // Somebody undoes it each time: that must not become a race.
      return new Step(new Outcome.Kept(), situation.seen(), now.plus(RenewalPlanner.FLOOR));
    }
    return switch (secrets.rewrite(content, secret)) {
      case SecretClient.Written(Secret digested) -> {
        Memory.Mend mend = new Memory.Mend(content.fingerprint(), now);
        memory.update(situation.id(), order.uid(), known -> known.withMend(mend));
        Observation after = written(situation.seen(), order, digested);
        boolean mended = after.target() instanceof Target.Held held && !held.drifted();
        yield new Step(mended ? new Outcome.Rendered() : ClusterFailures.altered(order), after);
      }
      case SecretClient.Rewrite.Overtaken _ ->
          new Step(new Outcome.Kept(), situation.seen(), now.plus(WakeUp.SHORTEST));
      case SecretClient.Failed(FailureClass kind, int code) ->
          failed(situation, ClusterFailures.unrendered(order, kind, code));
    };
  }

  private static Step failed(Situation situation, Outcome.Failed failed) {
    return new Step(failed, situation.seen());
  }
}
