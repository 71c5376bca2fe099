package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.acquire.CredentialContext;
import com.trackunit.iris.operator.acquire.Departed;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.health.Watchdog;
import com.trackunit.iris.operator.nudge.PodNudger;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * Takes one look at a credential: observe, take one step, report it, and say when to look again.
 */
@ControllerConfiguration(name = "iriscredential")
public final class IrisCredentialReconciler implements Reconciler<IrisCredential> {
  private final SecretInformers watches;
  private final Observer observer;
  private final PlanExecutor steps;
  private final StatusReporter reports;
  private final PodNudger nudges;
  private final Watchdog watchdog;
  private final Departed departed;
  private final InstantSource clock;

  public IrisCredentialReconciler(
      SecretInformers watches,
      Observer observer,
      PlanExecutor steps,
      StatusReporter reports,
      PodNudger nudges,
      Watchdog watchdog,
      Departed departed,
      InstantSource clock) {
    this.watches = watches;
    this.observer = observer;
    this.steps = steps;
    this.reports = reports;
    this.nudges = nudges;
    this.watchdog = watchdog;
    this.departed = departed;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, IrisCredential>> prepareEventSources(
      EventSourceContext<IrisCredential> context) {
    return watches.prepare(context);
  }

  @Override
  public UpdateControl<IrisCredential> reconcile(
      IrisCredential credential, Context<IrisCredential> context) {
    if (departed.has(credential)) {
      return UpdateControl.noUpdate();
    }
    try {
      CredentialContext situation = observer.observe(credential, clock.instant());
      PlanExecutor.Step step = steps.take(situation);
      Duration sleep = reports.apply(credential, context, situation, step, clock.instant());
      nudges.after(
          situation.order(),
          situation.before(),
          step.outcome(),
          situation.seen().target(),
          clock.instant());
      if (sleep.isPositive() && !departed.has(credential)) {
        watchdog.expect(ResourceID.fromResource(credential), sleep);
      }
      return UpdateControl.<IrisCredential>noUpdate().rescheduleAfter(sleep);
    } catch (Throwable surprise) {
      // An Error that leaves here would end the credential for ever; a message might hold a secret.
      throw new Surprise(surprise);
    }
  }

  /** A mistake in this program or beneath it, told by its kind and place alone. */
  static final class Surprise extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Surprise(Throwable surprise) {
      super(surprise.getClass().getName());
      setStackTrace(surprise.getStackTrace());
    }
  }
}
