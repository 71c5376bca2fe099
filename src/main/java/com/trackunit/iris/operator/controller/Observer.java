package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.acquire.CredentialContext;
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
import com.trackunit.iris.operator.secret.SecretInspector;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the facts about a credential from the caches and from memory, without a call to the API
 * server; only the file of IRIS_CA_BUNDLE is looked at.
 */
public final class Observer {
  private final SecretInformers watches;
  private final CredentialMemory memory;
  private final LoginGuard logins;
  private final TokenEndpoints endpoints;
  private boolean learned;

  public Observer(
      SecretInformers watches,
      CredentialMemory memory,
      LoginGuard logins,
      TokenEndpoints endpoints) {
    this.watches = watches;
    this.memory = memory;
    this.logins = logins;
    this.endpoints = endpoints;
  }

  CredentialContext observe(IrisCredential credential, Instant now) {
    learnOnce(now);
    ResourceID id = ResourceID.fromResource(credential);
    EffectiveSpec order = EffectiveSpec.of(credential);
    CredentialMemory.Recollection remembered = memory.of(id, order.uid(), now);
    IrisCredentialStatus status =
        Objects.requireNonNullElse(remembered.unsaved(), credential.statusOrNone());
    @Nullable Secret digested = watches.target(order).orElse(null);
    TargetState target =
        digested == null
            ? notInTheCache(remembered, now)
            : SecretInspector.read(digested, order, remembered.seen());
    if (target instanceof TargetState.Held held) {
      remembered = memory.written(id, order.uid(), held.token());
    }
    String specHash = order.specHash();
    Observation seen =
        new Observation(
            Instant.parse(credential.getMetadata().getCreationTimestamp()),
            specHash,
            Fingerprint.ofParts(List.of(specHash, endpoints.addition(order.grantType()))),
            target,
            failure(status, target, now),
            watches
                .login(order)
                .map(login -> memory.login(id, order.uid(), login).version())
                .orElse(null),
            remembered.inHand() == null ? null : remembered.inHand().stored(),
            lastRequest(target, remembered),
            new UserRequest(
                order.suspended(), order.renewRequest(), status.lastHandledRenewRequest()));
    return new CredentialContext(id, order, status, seen, digested, remembered);
  }

  // Whoever waits for a turn need not look again each time. The write at the latest finds a Secret
  // that was made meanwhile, and never takes one that is there.
  private static TargetState notInTheCache(CredentialMemory.Recollection remembered, Instant now) {
    Instant looked = remembered.missing();
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

  // Refusals count for every credential with the same login, so all are known before the first
  // request is made; those that a later token disproves are not.
  private synchronized void learnOnce(Instant now) {
    if (!learned) {
      learned = true;
      watches
          .credentials()
          .filter(credential -> credential.statusOrNone().failures() != null)
          .map(this::standing)
          .flatMap(Optional::stream)
          .map(RetryState::rejections)
          .filter(Objects::nonNull)
          .forEach(told -> logins.learn(told, now));
    }
  }

  private Optional<RetryState> standing(IrisCredential credential) {
    EffectiveSpec order = EffectiveSpec.of(credential);
    TargetState target =
        watches
            .target(order)
            .map(digested -> SecretInspector.read(digested, order, null))
            .orElseGet(TargetState.Unseen::new);
    return RetryTracker.standing(credential.statusOrNone(), target);
  }

  // After a restart the stored token tells when it was asked for.
  private static @Nullable Instant lastRequest(
      TargetState target, CredentialMemory.Recollection remembered) {
    if (remembered.lastRequest() != null) {
      return remembered.lastRequest();
    }
    return target instanceof TargetState.Held held ? held.token().lifetime().issuedAt() : null;
  }
}
