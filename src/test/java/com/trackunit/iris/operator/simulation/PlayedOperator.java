package com.trackunit.iris.operator.simulation;

import com.trackunit.iris.operator.acquire.AcquisitionResult;
import com.trackunit.iris.operator.acquire.CredentialContext;
import com.trackunit.iris.operator.acquire.CredentialMemories;
import com.trackunit.iris.operator.acquire.GatedEndpoint;
import com.trackunit.iris.operator.acquire.TokenAcquisition;
import com.trackunit.iris.operator.acquire.TokenEndpoints;
import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.controller.Observer;
import com.trackunit.iris.operator.controller.PlanExecutor;
import com.trackunit.iris.operator.controller.Report;
import com.trackunit.iris.operator.controller.TargetWriter;
import com.trackunit.iris.operator.gate.RequestGate;
import com.trackunit.iris.operator.oauth.Grant;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.secret.LoginReader;
import com.trackunit.iris.operator.status.Outcome;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The operator's own classes, wired to a cluster, a server and a clock that are played; has no rule
 * of its own.
 */
final class PlayedOperator {
  private final World world;
  private final Observer observer;
  private final TokenAcquisition acquisition;
  private final PlanExecutor steps;
  private final TokenEndpoints endpoints;
  private final CredentialMemories memories = new CredentialMemories();

  PlayedOperator(World world, Cluster cluster) {
    this.world = world;
    endpoints = new TokenEndpoints(Map.of(GrantType.PASSWORD, endpoint()), Optional.empty());
    acquisition =
        new TokenAcquisition(
            endpoints,
            cluster,
            new LoginReader(false),
            (request, answer, took) -> {},
            cluster,
            () -> true,
            world::clock);
    observer = new Observer(cluster, memories, endpoints);
    steps =
        new PlanExecutor(
            acquisition,
            cluster,
            new TargetWriter(cluster, spec -> false, cluster, world::clock),
            world::clock);
  }

  private GatedEndpoint endpoint() {
    return new GatedEndpoint(
        GrantType.PASSWORD.label(),
        URI.create(GrantType.PASSWORD.defaultUrl()),
        PlayedOperator::neverAsked,
        () -> {},
        new RequestGate(world.scenario().limits()),
        world::moment);
  }

  // Requests are sent by the world, which has the time for them.
  private static TokenResponse neverAsked(Grant grant, int repetitions) {
    throw new IllegalStateException(grant.type());
  }

  /** One step of a credential, as the reconciler takes it; it ends when its answer is there. */
  void look(SimulatedCredential one) {
    CredentialContext context = observer.observe(one.credential, world.clock());
    resume(one, context, steps.begin(context));
  }

  void answer(SimulatedCredential one) {
    SimulatedCredential.InFlight asked = Objects.requireNonNull(one.inFlight);
    one.inFlight = null;
    CredentialContext context = asked.context();
    resume(
        one,
        context,
        steps.resume(context, acquisition.answered(asked.request(), asked.reply().answer())));
  }

  /** The credential was deleted. */
  void forget(SimulatedCredential one) {
    memories.forget(ResourceID.fromResource(one.credential));
    endpoints.forget(one.spec.uid());
  }

  /** The answer for a credential that was deleted meanwhile. */
  void answerDeleted(SimulatedCredential one) {
    SimulatedCredential.InFlight asked = Objects.requireNonNull(one.inFlight);
    acquisition.answered(asked.request(), asked.reply().answer());
  }

  private void resume(
      SimulatedCredential one, CredentialContext context, PlanExecutor.Progress progress) {
    switch (progress) {
      case PlanExecutor.Asking(AcquisitionResult.Asking request) ->
          world.send(one, context, request);
      case PlanExecutor.Step step -> report(one, context, step);
    }
  }

  private void report(SimulatedCredential one, CredentialContext context, PlanExecutor.Step step) {
    Instant now = world.clock();
    Report report = Report.of(context, step, now);
    one.credential.setStatus(report.status());
    if (step.outcome() instanceof Outcome.Failed) {
      world.stepFailed();
    }
    // What it is looked at for until then finds nothing to do, unless the clock is set.
    boolean calm = world.isSteady() && step.outcome() instanceof Outcome.Issued;
    world.wake(
        one,
        calm
            ? Duration.between(World.BEGINNING, one.stored.renewAt()).toMillis()
            : world.time() + report.sleep(now).toMillis());
  }
}
