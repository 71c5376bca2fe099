package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.acquire.CredentialContext;
import com.trackunit.iris.operator.acquire.Departed;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.health.Watchdog;
import com.trackunit.iris.operator.nudge.PodNudger;
import com.trackunit.iris.operator.renewal.Backoff;
import com.trackunit.iris.operator.renewal.RequeueSchedule;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Reconciles one credential: observe, take one step, report it, and schedule the next
 * reconciliation.
 */
@ControllerConfiguration(name = "iriscredential")
public final class IrisCredentialReconciler implements Reconciler<IrisCredential> {
  private final SecretInformers informers;
  private final Observer observer;
  private final PlanExecutor executor;
  private final StatusReporter reporter;
  private final PodNudger nudger;
  private final Watchdog watchdog;
  private final Departed departed;
  private final Predicate<EffectiveSpec> gone;
  private final InstantSource clock;
  // Whether another reconciliation of that name was refused meanwhile.
  private final Map<ResourceID, Boolean> running = new ConcurrentHashMap<>();

  /**
   * Creates the reconciler.
   *
   * @param gone whether the credential does not exist any more; throws a {@link
   *     KubernetesClientException} if the API server does not answer
   */
  public IrisCredentialReconciler(
      SecretInformers informers,
      Observer observer,
      PlanExecutor executor,
      StatusReporter reporter,
      PodNudger nudger,
      Watchdog watchdog,
      Departed departed,
      Predicate<EffectiveSpec> gone,
      InstantSource clock) {
    this.informers = informers;
    this.observer = observer;
    this.executor = executor;
    this.reporter = reporter;
    this.nudger = nudger;
    this.watchdog = watchdog;
    this.departed = departed;
    this.gone = gone;
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, IrisCredential>> prepareEventSources(
      EventSourceContext<IrisCredential> framework) {
    return informers.prepare(framework);
  }

  /**
   * Reconciles a credential, unless an earlier one of its name is still being reconciled. The
   * framework forgets a reconciliation when the credential is deleted, would start another beside
   * it when one of the same name is created, and has one timer for both.
   */
  @Override
  public UpdateControl<IrisCredential> reconcile(
      IrisCredential credential, Context<IrisCredential> framework) {
    ResourceID id = ResourceID.fromResource(credential);
    if (running.merge(id, false, (_, _) -> true)) {
      return again(credential, RequeueSchedule.SHORTEST);
    }
    Duration sleep;
    boolean refused;
    try {
      sleep = step(credential, framework);
    } catch (Throwable surprise) {
      // An Error that left this method would end all reconciliations of the credential. The message
      // is dropped because it might contain a secret.
      throw new UnexpectedException(surprise);
    } finally {
      refused = Boolean.TRUE.equals(running.remove(id));
    }
    return again(credential, refused ? RequeueSchedule.SHORTEST : sleep);
  }

  /** Takes one step. Returns the delay until the next reconciliation. */
  private Duration step(IrisCredential credential, Context<IrisCredential> framework) {
    Optional<Instant> since = departed.since(credential);
    if (since.isPresent() && !isBack(credential)) {
      return Backoff.look(Duration.between(since.get(), clock.instant()));
    }
    CredentialContext context = observer.observe(credential, clock.instant());
    PlanExecutor.Step step = executor.take(context);
    Duration sleep = reporter.apply(credential, framework, context, step, clock.instant());
    nudger.after(
        context.spec(), context.before(), step.outcome(), context.seen().target(), clock.instant());
    return sleep;
  }

  // A single answer that it is gone may have been wrong, and would end all its renewals.
  private boolean isBack(IrisCredential credential) {
    try {
      if (gone.test(EffectiveSpec.of(credential))) {
        return false;
      }
    } catch (KubernetesClientException e) {
      return false;
    }
    departed.forget(ResourceID.fromResource(credential));
    return true;
  }

  private UpdateControl<IrisCredential> again(IrisCredential credential, Duration sleep) {
    if (sleep.isPositive() && departed.since(credential).isEmpty()) {
      watchdog.expect(ResourceID.fromResource(credential), sleep);
    }
    return UpdateControl.<IrisCredential>noUpdate().rescheduleAfter(sleep);
  }

  /** An unexpected exception of this program or a library, reduced to its class and stack trace. */
  static final class UnexpectedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnexpectedException(Throwable surprise) {
      super(surprise.getClass().getName());
      setStackTrace(surprise.getStackTrace());
    }
  }
}
