package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.acquire.CredentialContext;
import com.trackunit.iris.operator.acquire.CredentialMemories;
import com.trackunit.iris.operator.acquire.CredentialMemory;
import com.trackunit.iris.operator.acquire.RememberedRefusals;
import com.trackunit.iris.operator.acquire.TokenEndpoints;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.Fingerprint;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RequeueSchedule;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.renewal.UserRequest;
import com.trackunit.iris.operator.status.RetryTracker;
import com.trackunit.iris.operator.status.StatusCalculator;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Collects the facts about a credential from the caches and from memory, without a call to the API
 * server. The only file read is that of IRIS_CA_BUNDLE.
 */
public final class Observer {
  private final SecretCache watches;
  private final CredentialMemories memories;
  private final TokenEndpoints endpoints;
  private volatile @Nullable Instant leadsSince;
  private boolean learned;

  public Observer(SecretCache watches, CredentialMemories memories, TokenEndpoints endpoints) {
    this.watches = watches;
    this.memories = memories;
    this.endpoints = endpoints;
  }

  /**
   * From now on, this process alone writes target Secrets. An earlier one may have written some
   * that the watch does not show yet.
   */
  public void leadsSince(Instant now) {
    leadsSince = now.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Collects everything that is known about the credential at this time. */
  public CredentialContext observe(IrisCredential credential, Instant now) {
    learnOnce(now);
    EffectiveSpec spec = endpoints.specOf(credential);
    ResourceID id = ResourceID.fromResource(credential);
    // A watch that was interrupted may show two credentials of one name as one that changed.
    memories.forgetEarlier(id, spec.uid()).ifPresent(endpoints::forget);
    CredentialMemory memory = memories.of(id, spec.uid());
    IrisCredentialStatus status =
        Objects.requireNonNullElse(memory.unsaved(), credential.statusOrNone());
    Instant created = Instant.parse(credential.getMetadata().getCreationTimestamp());
    boolean fresh = isMadeSinceItLeads(created) && hasNoPast(status, memory);
    Optional<SecretCache.Target> cached = watches.target(spec, memory.seen());
    TargetState target =
        cached.map(SecretCache.Target::state).orElseGet(() -> notInTheCache(memory, fresh, now));
    if (target instanceof TargetState.Held held) {
      memory.found(held.token());
    }
    return new CredentialContext(
        spec,
        status,
        memory,
        facts(spec, status, memory, created, target, now),
        cached.map(SecretCache.Target::redacted).orElse(null));
  }

  private Observation facts(
      EffectiveSpec spec,
      IrisCredentialStatus status,
      CredentialMemory memory,
      Instant created,
      TargetState target,
      Instant now) {
    CredentialMemory.InHand inHand = memory.inHand(now);
    String specHash = spec.specHash();
    return new Observation(
        created,
        specHash,
        Fingerprint.ofParts(List.of(specHash, endpoints.operatorPart(spec.grantType()))),
        target,
        failure(spec, status, target, now),
        watches.login(spec).map(memory::login).orElse(null),
        inHand == null ? null : inHand.stored(),
        lastRequest(target, memory),
        new UserRequest(spec.suspended(), spec.renewRequest(), status.lastHandledRenewRequest()));
  }

  private boolean isMadeSinceItLeads(Instant created) {
    Instant since = leadsSince;
    return since != null && !created.isBefore(since);
  }

  /** Whether nothing was ever written for the credential, and nothing has failed. */
  private static boolean hasNoPast(IrisCredentialStatus status, CredentialMemory memory) {
    return memory.seen() == null && status.failures() == null && !StatusCalculator.hadToken(status);
  }

  // Neither a new credential nor one that waits for its turn need read the missing Secret. If there
  // is one all the same, the write finds it, and never overwrites one of another owner.
  private static TargetState notInTheCache(CredentialMemory memory, boolean fresh, Instant now) {
    Instant looked = memory.missing();
    boolean lately = looked != null && now.isBefore(looked.plus(RequeueSchedule.LONGEST));
    return fresh || lately ? new TargetState.Absent() : new TargetState.Unseen();
  }

  private @Nullable RetryState failure(
      EffectiveSpec spec, IrisCredentialStatus status, TargetState target, Instant now) {
    Instant tokenEnd =
        target instanceof TargetState.Held held ? held.token().lifetime().expiresAt() : null;
    return RetryTracker.standing(status, target)
        .map(told -> told.asOf(now))
        .map(failure -> endpoints.of(spec.grantType()).asOf(spec, tokenEnd, failure))
        .orElse(null);
  }

  // Refusals count for every credential with the same login, so all of them are loaded before the
  // first request. Those that a later token disproves are skipped.
  private synchronized void learnOnce(Instant now) {
    if (!learned) {
      learned = true;
      RememberedRefusals refusals = new RememberedRefusals();
      watches
          .credentials()
          .forEach(
              credential -> {
                EffectiveSpec spec = endpoints.specOf(credential);
                refusals.add(spec, credential.statusOrNone());
                standing(credential, spec).ifPresent(told -> refusals.add(spec, told));
              });
      endpoints.learn(refusals, now);
    }
  }

  private Optional<RetryState> standing(IrisCredential credential, EffectiveSpec spec) {
    if (credential.statusOrNone().failures() == null) {
      return Optional.empty();
    }
    TargetState target =
        watches
            .target(spec, null)
            .map(SecretCache.Target::state)
            .orElseGet(TargetState.Unseen::new);
    return RetryTracker.standing(credential.statusOrNone(), target);
  }

  // After a restart, the stored token shows when it was requested.
  private static @Nullable Instant lastRequest(TargetState target, CredentialMemory memory) {
    if (memory.lastRequest() != null) {
      return memory.lastRequest();
    }
    return target instanceof TargetState.Held held ? held.token().lifetime().issuedAt() : null;
  }
}
