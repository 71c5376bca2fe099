package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.acquire.CredentialContext;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.health.Restart;
import com.trackunit.iris.operator.metrics.CredentialCollector;
import com.trackunit.iris.operator.renewal.Backoff;
import com.trackunit.iris.operator.renewal.Jitter;
import com.trackunit.iris.operator.renewal.RequeueSchedule;
import com.trackunit.iris.operator.status.Outcome;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports a step as status, Events and metrics, and returns the delay until the next
 * reconciliation.
 */
public final class StatusReporter {
  private static final Logger log = LoggerFactory.getLogger(StatusReporter.class);
  // A credential of a megabyte, which only its metadata can have, takes the API server seconds;
  // many of them at the same time take it minutes, and then no write of any credential succeeds.
  private static final int REPEATED_WRITES = 2;

  private final StatusClient statusClient;
  private final EventRecorder recorder;
  private final CredentialCollector metrics;
  private final Restart restart;
  private final Consumer<IrisCredential> gone;
  private final Semaphore repeatedWrites = new Semaphore(REPEATED_WRITES);

  /**
   * Creates the reporter.
   *
   * @param gone called with a credential that the API server reports as deleted
   */
  public StatusReporter(
      StatusClient statusClient,
      EventRecorder recorder,
      CredentialCollector metrics,
      Restart restart,
      Consumer<IrisCredential> gone) {
    this.statusClient = statusClient;
    this.recorder = recorder;
    this.metrics = metrics;
    this.restart = restart;
    this.gone = gone;
  }

  /** Result of a status write. */
  private sealed interface Saved {
    /** The status is written, or did not change. */
    record Written() implements Saved {}

    /** The status is written, and the credential changed since this reconciliation began. */
    record Overtaken() implements Saved {}

    /** The write failed. The status is kept and must be written at this time. */
    record Later(Instant at) implements Saved {}

    /** The credential no longer exists. */
    record Gone() implements Saved {}
  }

  /**
   * Reports a step. Returns the delay until the next reconciliation; zero if the credential changed
   * meanwhile and must be reconciled at once.
   */
  Duration apply(
      IrisCredential credential,
      Context<IrisCredential> framework,
      CredentialContext context,
      PlanExecutor.Step step,
      Instant now) {
    Report report = Report.of(context, step, now);
    metrics.report(ResourceID.fromResource(credential), context.spec().uid(), report.status(), now);
    Saved saved = save(credential, framework, context, report.status(), now);
    if (saved instanceof Saved.Gone) {
      gone.accept(credential);
      return RequeueSchedule.SHORTEST;
    }
    report.events().forEach(event -> recorder.announce(credential, event, now));
    if (report.events().isEmpty() && step.outcome() instanceof Outcome.Issued) {
      recorder.logRenewal(credential, report.status());
    }
    return switch (saved) {
      case Saved.Written _ -> report.sleep(now);
      case Saved.Later(Instant at) -> report.sleepUntil(at, now);
      case Saved.Overtaken _ -> Duration.ZERO;
      case Saved.Gone _ -> RequeueSchedule.SHORTEST;
    };
  }

  private Saved save(
      IrisCredential credential,
      Context<IrisCredential> framework,
      CredentialContext context,
      IrisCredentialStatus status,
      Instant now) {
    if (context.memory().isWritten(status, credential.statusOrNone())) {
      context.memory().saved();
      return new Saved.Written();
    }
    if (context.memory().unsaved() == null) {
      return write(credential, framework, context, status, false, now);
    }
    if (!repeatedWrites.tryAcquire()) {
      // Writes that failed together would come back together.
      return later(context, status, Jitter.of(context.spec().uid(), now), now);
    }
    try {
      return write(credential, framework, context, status, true, now);
    } finally {
      repeatedWrites.release();
    }
  }

  private Saved write(
      IrisCredential credential,
      Context<IrisCredential> framework,
      CredentialContext context,
      IrisCredentialStatus status,
      boolean repeated,
      Instant now) {
    try {
      IrisCredential saved =
          statusClient.write(framework, credential, context.spec(), status, repeated);
      restart.ifOlder(
          credential.getMetadata().getResourceVersion(),
          saved.getMetadata().getResourceVersion(),
          "IrisCredential " + context.spec().namespace() + "/" + context.spec().name());
      context.memory().saved();
      context.memory().written(status, saved.statusOrNone());
      return isOvertaken(credential, saved) ? new Saved.Overtaken() : new Saved.Written();
    } catch (KubernetesClientException e) {
      if (StatusClient.isOfNone(e, context.spec().name())) {
        return new Saved.Gone();
      }
      log.atWarn()
          .addKeyValue("namespace", context.spec().namespace())
          .addKeyValue("credential", context.spec().name())
          .addKeyValue("code", e.getCode())
          .log("The status could not be written; it is kept and written later.");
      return later(context, status, 1, now);
    }
  }

  // The framework mistakes the event of such a change for the event of our own patch, and drops it.
  private static boolean isOvertaken(IrisCredential looked, IrisCredential saved) {
    return SecretInformers.needsReconcile(saved, looked);
  }

  private static Saved later(
      CredentialContext context, IrisCredentialStatus status, double share, Instant now) {
    Instant since = context.memory().unsaved(status, now);
    long wait = (long) (Backoff.look(Duration.between(since, now)).toMillis() * share);
    return new Saved.Later(now.plusMillis(Math.max(wait, RequeueSchedule.SHORTEST.toMillis())));
  }
}
