package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.acquire.CredentialContext;
import com.trackunit.iris.operator.acquire.CredentialMemories;
import com.trackunit.iris.operator.acquire.CredentialMemory;
import com.trackunit.iris.operator.acquire.TokenEndpoints;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.lockout.LoginGuard;
import com.trackunit.iris.operator.outcome.RetryTracker;
import com.trackunit.iris.operator.renewal.Fingerprint;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RequeueSchedule;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.renewal.UserRequest;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
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
  private final LoginGuard logins;
  private final TokenEndpoints endpoints;
  private boolean learned;

  public Observer(
      SecretCache watches,
      CredentialMemories memories,
      LoginGuard logins,
      TokenEndpoints endpoints) {
    this.watches = watches;
    this.memories = memories;
    this.logins = logins;
    this.endpoints = endpoints;
  }

  /** Collects everything that is known about the credential at this time. */
  public CredentialContext observe(IrisCredential credential, Instant now) {
    learnOnce(now);
    EffectiveSpec spec = EffectiveSpec.of(credential);
    ResourceID id = ResourceID.fromResource(credential);
    // A watch that was interrupted may show two credentials of one name as one that changed.
    memories.forgetEarlier(id, spec.uid()).ifPresent(endpoints::forget);
    CredentialMemory memory = memories.of(id, spec.uid());
    IrisCredentialStatus status =
        Objects.requireNonNullElse(memory.unsaved(), credential.statusOrNone());
    Optional<SecretCache.Target> cached = watches.target(spec, memory.seen());
    TargetState target =
        cached.map(SecretCache.Target::state).orElseGet(() -> notInTheCache(memory, now));
    if (target instanceof TargetState.Held held) {
      memory.found(held.token());
    }
    Instant created = Instant.parse(credential.getMetadata().getCreationTimestamp());
    return new CredentialContext(
        spec,
        status,
        memory,
        facts(spec, status, memory, created, target, now),
        cached.map(SecretCache.Target::digested).orElse(null));
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
        Fingerprint.ofParts(List.of(specHash, endpoints.addition(spec.grantType()))),
        target,
        failure(status, target, now),
        watches.login(spec).map(memory::login).orElse(null),
        inHand == null ? null : inHand.stored(),
        lastRequest(target, memory),
        new UserRequest(spec.suspended(), spec.renewRequest(), status.lastHandledRenewRequest()));
  }

  // A credential that waits for its turn need not read the missing Secret at each reconciliation.
  // If the Secret is created meanwhile, the write finds it, and never overwrites one of another
  // owner.
  private static TargetState notInTheCache(CredentialMemory memory, Instant now) {
    Instant looked = memory.missing();
    boolean lately = looked != null && now.isBefore(looked.plus(RequeueSchedule.LONGEST));
    return lately ? new TargetState.Absent() : new TargetState.Unseen();
  }

  private @Nullable RetryState failure(
      IrisCredentialStatus status, TargetState target, Instant now) {
    RetryState failure =
        RetryTracker.standing(status, target).map(told -> told.asOf(now)).orElse(null);
    if (failure != null && failure.rejections() != null) {
      logins.learn(failure.rejections(), now);
    }
    return logins.asOf(now, failure);
  }

  // Refusals count for every credential with the same login, so all of them are loaded before the
  // first request. Those that a later token disproves are skipped.
  private synchronized void learnOnce(Instant now) {
    if (!learned) {
      learned = true;
      watches
          .credentials()
          .filter(credential -> credential.statusOrNone().failures() != null)
          .flatMap(credential -> standing(credential).stream())
          .map(RetryState::rejections)
          .filter(Objects::nonNull)
          .forEach(told -> logins.learn(told, now));
    }
  }

  private Optional<RetryState> standing(IrisCredential credential) {
    EffectiveSpec spec = EffectiveSpec.of(credential);
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
