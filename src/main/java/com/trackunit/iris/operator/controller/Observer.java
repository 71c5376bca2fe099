package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.api.StandingOrder;
import com.trackunit.iris.operator.gate.Logins;
import com.trackunit.iris.operator.renewal.Demand;
import com.trackunit.iris.operator.renewal.Failure;
import com.trackunit.iris.operator.renewal.Fingerprint;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.Target;
import com.trackunit.iris.operator.renewal.WakeUp;
import com.trackunit.iris.operator.secret.TargetReader;
import com.trackunit.iris.operator.status.FailureLog;
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
final class Observer {
  private final Watches watches;
  private final Memory memory;
  private final Logins logins;
  private final Endpoints endpoints;
  private boolean learned;

  Observer(Watches watches, Memory memory, Logins logins, Endpoints endpoints) {
    this.watches = watches;
    this.memory = memory;
    this.logins = logins;
    this.endpoints = endpoints;
  }

  Situation observe(IrisCredential credential, Instant now) {
    learnOnce(now);
    ResourceID id = ResourceID.fromResource(credential);
    StandingOrder order = StandingOrder.of(credential);
    Memory.Recollection remembered = memory.of(id, order.uid(), now);
    IrisCredentialStatus status =
        Objects.requireNonNullElse(remembered.unsaved(), credential.statusOrNone());
    @Nullable Secret digested = watches.target(order).orElse(null);
    Target target =
        digested == null
            ? notInTheCache(remembered, now)
            : TargetReader.read(digested, order, remembered.seen());
    if (target instanceof Target.Held held) {
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
            new Demand(order.suspended(), order.renewRequest(), status.lastHandledRenewRequest()));
    return new Situation(id, order, status, seen, digested, remembered);
  }

  // Whoever waits for a turn need not look again each time. The write at the latest finds a Secret
  // that was made meanwhile, and never takes one that is there.
  private static Target notInTheCache(Memory.Recollection remembered, Instant now) {
    Instant looked = remembered.missing();
    boolean lately = looked != null && now.isBefore(looked.plus(WakeUp.LONGEST));
    return lately ? new Target.Absent() : new Target.Unseen();
  }

  private @Nullable Failure failure(IrisCredentialStatus status, Target target, Instant now) {
    Failure failure = FailureLog.standing(status, target).map(told -> told.asOf(now)).orElse(null);
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
          .map(Failure::rejections)
          .filter(Objects::nonNull)
          .forEach(told -> logins.learn(told, now));
    }
  }

  private Optional<Failure> standing(IrisCredential credential) {
    StandingOrder order = StandingOrder.of(credential);
    Target target =
        watches
            .target(order)
            .map(digested -> TargetReader.read(digested, order, null))
            .orElseGet(Target.Unseen::new);
    return FailureLog.standing(credential.statusOrNone(), target);
  }

  // After a restart the stored token tells when it was asked for.
  private static @Nullable Instant lastRequest(Target target, Memory.Recollection remembered) {
    if (remembered.lastRequest() != null) {
      return remembered.lastRequest();
    }
    return target instanceof Target.Held held ? held.token().lifetime().issuedAt() : null;
  }
}
