package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.renewal.Backoff;
import com.trackunit.iris.operator.renewal.Draw;
import com.trackunit.iris.operator.renewal.Failure;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.Plan;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.renewal.Target;
import com.trackunit.iris.operator.renewal.WakeUp;
import com.trackunit.iris.operator.status.Announcement;
import com.trackunit.iris.operator.status.FailureLog;
import com.trackunit.iris.operator.status.Outcome;
import com.trackunit.iris.operator.status.StatusReport;
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
final class Reports {
  private static final Logger log = LoggerFactory.getLogger(Reports.class);

  private final Memory memory;
  private final StatusClient statusClient;
  private final Announcer announcer;
  private final CredentialMetrics metrics;
  private final Restart restart;
  private final Consumer<IrisCredential> gone;

  /**
   * Prepares the reports.
   *
   * @param gone is told of a credential that the API server says is gone
   */
  Reports(
      Memory memory,
      StatusClient statusClient,
      Announcer announcer,
      CredentialMetrics metrics,
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
      Situation situation,
      Steps.Step step,
      Instant now) {
    String uid = situation.order().uid();
    Failure failure = FailureLog.next(step.after(), step.outcome(), uid, now);
    Observation after = step.after().withFailure(failure);
    IrisCredentialStatus status =
        StatusReport.next(situation.status(), situation.order(), after, step.outcome(), now);
    if (after.target() instanceof Target.Held held) {
      memory.update(situation.id(), uid, known -> known.withSeen(held.token()));
    }
    metrics.report(situation.id(), uid, status, now);
    Saved saved = save(credential, context, situation, status, now);
    if (saved instanceof Saved.Gone) {
      gone.accept(credential);
      return WakeUp.LONGEST;
    }
    List<Announcement> announcements =
        Announcement.between(situation.status(), status, step.outcome(), situation.heldBefore());
    announcements.forEach(announcement -> announcer.announce(credential, announcement, now));
    if (announcements.isEmpty() && step.outcome() instanceof Outcome.Issued) {
      announcer.logRenewal(credential, status);
    }
    Instant retry = step.again() == null ? retry(step.outcome(), after, now) : step.again();
    double draw = Draw.of(uid, Instant.EPOCH);
    return switch (saved) {
      case Saved.Written _ -> WakeUp.after(after, retry, now, draw);
      case Saved.Later(Instant at) -> WakeUp.after(after, at, now, draw);
      case Saved.Overtaken _ -> Duration.ZERO;
      case Saved.Gone _ -> WakeUp.LONGEST;
    };
  }

  private static @Nullable Instant retry(Outcome outcome, Observation after, Instant now) {
    return switch (outcome) {
      // A token that was long in hand may be due by the time it is written.
      case Outcome.Adopted _ when !(RenewalPlanner.plan(after, now) instanceof Plan.Rest) ->
          now.plus(WakeUp.SHORTEST);
      case Outcome.Issued _ when !(RenewalPlanner.plan(after, now) instanceof Plan.Rest) ->
          now.plus(WakeUp.SHORTEST);
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
      Situation situation,
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
    return saved.isMarkedForDeletion() || Watches.isWorthALook(saved, looked);
  }

  private Saved later(Situation situation, IrisCredentialStatus status, int code, Instant now) {
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
