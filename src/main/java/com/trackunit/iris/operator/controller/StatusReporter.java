package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.acquire.CredentialContext;
import com.trackunit.iris.operator.acquire.CredentialMemory;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.health.Restart;
import com.trackunit.iris.operator.metrics.CredentialCollector;
import com.trackunit.iris.operator.outcome.Outcome;
import com.trackunit.iris.operator.outcome.RetryTracker;
import com.trackunit.iris.operator.renewal.Backoff;
import com.trackunit.iris.operator.renewal.Jitter;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.Plan;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.renewal.RequeueSchedule;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.status.StatusCalculator;
import com.trackunit.iris.operator.status.StatusEvent;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports what came of a step: status, events, metrics; and says when to look at the credential
 * again.
 */
public final class StatusReporter {
  private static final Logger log = LoggerFactory.getLogger(StatusReporter.class);

  private final CredentialMemory memory;
  private final StatusClient statusClient;
  private final EventRecorder announcer;
  private final CredentialCollector metrics;
  private final Restart restart;
  private final Consumer<IrisCredential> gone;

  /**
   * Prepares the reports.
   *
   * @param gone is told of a credential that the API server says is gone
   */
  public StatusReporter(
      CredentialMemory memory,
      StatusClient statusClient,
      EventRecorder announcer,
      CredentialCollector metrics,
      Restart restart,
      Consumer<IrisCredential> gone) {
    this.memory = memory;
    this.statusClient = statusClient;
    this.announcer = announcer;
    this.metrics = metrics;
    this.restart = restart;
    this.gone = gone;
  }

  /** What came of writing a status. */
  private sealed interface Saved {
    /** It is written, or need not be. */
    record Written() implements Saved {}

    /** It is written, and the credential is no longer the one that was looked at. */
    record Overtaken() implements Saved {}

    /** It is kept, and is to be written at this time. */
    record Later(Instant at) implements Saved {}

    /** There is no such credential any more. */
    record Gone() implements Saved {}
  }

  /**
   * Reports a step and returns how long to sleep; zero: the credential changed meanwhile, look
   * again at once.
   */
  Duration report(
      IrisCredential credential,
      Context<IrisCredential> context,
      CredentialContext situation,
      PlanExecutor.Step step,
      Instant now) {
    String uid = situation.order().uid();
    RetryState failure = RetryTracker.next(step.after(), step.outcome(), uid, now);
    Observation after = step.after().withFailure(failure);
    IrisCredentialStatus status =
        StatusCalculator.next(situation.status(), situation.order(), after, step.outcome(), now);
    if (after.target() instanceof TargetState.Held held) {
      memory.update(situation.id(), uid, known -> known.withSeen(held.token()));
    }
    metrics.report(situation.id(), uid, status, now);
    Saved saved = save(credential, context, situation, status, now);
    if (saved instanceof Saved.Gone) {
      gone.accept(credential);
      return RequeueSchedule.LONGEST;
    }
    List<StatusEvent> announcements =
        StatusEvent.between(situation.status(), status, step.outcome(), situation.heldBefore());
    announcements.forEach(announcement -> announcer.announce(credential, announcement, now));
    if (announcements.isEmpty() && step.outcome() instanceof Outcome.Issued) {
      announcer.logRenewal(credential, status);
    }
    Instant retry = step.again() == null ? retry(step.outcome(), after, now) : step.again();
    double draw = Jitter.of(uid, Instant.EPOCH);
    return switch (saved) {
      case Saved.Written _ -> RequeueSchedule.after(after, retry, now, draw);
      case Saved.Later(Instant at) -> RequeueSchedule.after(after, at, now, draw);
      case Saved.Overtaken _ -> Duration.ZERO;
      case Saved.Gone _ -> RequeueSchedule.LONGEST;
    };
  }

  private static @Nullable Instant retry(Outcome outcome, Observation after, Instant now) {
    return switch (outcome) {
      // A token that was long in hand may be due by the time it is written.
      case Outcome.Adopted _ when !(RenewalPlanner.plan(after, now) instanceof Plan.Rest) ->
          now.plus(RequeueSchedule.SHORTEST);
      case Outcome.Issued _ when !(RenewalPlanner.plan(after, now) instanceof Plan.Rest) ->
          now.plus(RequeueSchedule.SHORTEST);
      // A Kubernetes failure beside a wait that the authorization server imposed has no time of its
      // own.
      case Outcome.Failed failed
          when after.failure() == null || after.failure().kind() != failed.kind() ->
          now.plus(Backoff.LONGEST_LOOK);
      case Outcome.Issued _,
          Outcome.Failed _,
          Outcome.Adopted _,
          Outcome.Kept _,
          Outcome.Waiting _,
          Outcome.Rendered _ ->
          null;
    };
  }

  private Saved save(
      IrisCredential credential,
      Context<IrisCredential> context,
      CredentialContext situation,
      IrisCredentialStatus status,
      Instant now) {
    if (status.equals(credential.statusOrNone())) {
      memory.update(
          situation.id(), situation.order().uid(), known -> known.withUnsaved(null, null));
      return new Saved.Written();
    }
    try {
      IrisCredential saved = statusClient.write(context, credential, status);
      restart.unlessNewer(
          credential.getMetadata().getResourceVersion(),
          saved.getMetadata().getResourceVersion(),
          "IrisCredential " + situation.order().namespace() + "/" + situation.order().name());
      memory.update(
          situation.id(), situation.order().uid(), known -> known.withUnsaved(null, null));
      return isOvertaken(credential, saved) ? new Saved.Overtaken() : new Saved.Written();
    } catch (KubernetesClientException e) {
      return StatusClient.isOfNone(e, situation.order().name())
          ? new Saved.Gone()
          : later(situation, status, e.getCode(), now);
    }
  }

  // The framework takes the event of such a change for that of our own patch and drops it.
  private static boolean isOvertaken(IrisCredential looked, IrisCredential saved) {
    return saved.isMarkedForDeletion() || SecretInformers.isWorthALook(saved, looked);
  }

  private Saved later(
      CredentialContext situation, IrisCredentialStatus status, int code, Instant now) {
    log.atWarn()
        .addKeyValue("namespace", situation.order().namespace())
        .addKeyValue("credential", situation.order().name())
        .addKeyValue("code", code)
        .log("The status could not be written; it is kept and written later.");
    Instant since = Objects.requireNonNullElse(situation.remembered().unsavedSince(), now);
    memory.update(
        situation.id(), situation.order().uid(), known -> known.withUnsaved(status, since));
    return new Saved.Later(now.plus(Backoff.look(Duration.between(since, now))));
  }
}
