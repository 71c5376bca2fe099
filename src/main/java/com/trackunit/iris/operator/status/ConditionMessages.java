package com.trackunit.iris.operator.status;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.gate.WaitReason;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RenewalSchedule;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import java.time.Duration;
import java.time.Instant;

/**
 * The sentences of the conditions: what, which and what to do. They contain no secret value and no
 * text from the server.
 */
public final class ConditionMessages {
  private ConditionMessages() {}

  static String valid(EffectiveSpec spec, StoredToken token, Instant now) {
    String renewal =
        now.isBefore(token.renewAt())
            ? " and is renewed at %s."
            : "; its renewal has been due since %s.";
    return ("Secret %s holds a token that expires at %s" + renewal)
        .formatted(TokenFailures.target(spec), token.lifetime().expiresAt(), token.renewAt());
  }

  static String expired(EffectiveSpec spec, StoredToken token) {
    return "The token in Secret %s expired at %s. The condition Renewed says why there is no newer one."
        .formatted(TokenFailures.target(spec), token.lifetime().expiresAt());
  }

  static String outdated(EffectiveSpec spec, StoredToken token) {
    return ("The token in Secret %s was issued for an earlier spec and expires at %s."
            + " The condition Renewed says why there is no newer one.")
        .formatted(TokenFailures.target(spec), token.lifetime().expiresAt());
  }

  static String absent(EffectiveSpec spec) {
    return "There is no Secret %s yet. The condition Renewed says why."
        .formatted(TokenFailures.target(spec));
  }

  static String deleted(EffectiveSpec spec) {
    return "This resource is being deleted and has no Secret %s any more; none is made for it. Whoever set its metadata.finalizers has to remove them."
        .formatted(TokenFailures.target(spec));
  }

  static String unserved(EffectiveSpec spec, String missing) {
    return "The operator may not %s in namespace %s, so it does not serve this resource. Apply its Role and RoleBinding there; it goes on within 15 seconds."
        .formatted(missing, spec.namespace());
  }

  static String damaged(EffectiveSpec spec) {
    return "The token in Secret %s is not the one that was issued. The condition Renewed says why there is no newer one."
        .formatted(TokenFailures.target(spec));
  }

  static String conflict(EffectiveSpec spec) {
    return "Secret %s is not this resource's and is left alone. The condition Renewed says whose it is."
        .formatted(TokenFailures.target(spec));
  }

  static String awaitingCollection(EffectiveSpec spec) {
    return "Secret %s belongs to an earlier resource of this name. It is written once the garbage collector has removed it."
        .formatted(TokenFailures.target(spec));
  }

  static String orphaned(EffectiveSpec spec) {
    return "Secret %s was written for this resource and has lost its owner. It is adopted; if not, the condition Renewed says why."
        .formatted(TokenFailures.target(spec));
  }

  static String succeeded(EffectiveSpec spec, Observation after, String remarks) {
    if (!(after.target() instanceof TargetState.Held(StoredToken token, boolean _, boolean _))) {
      return "The last request succeeded.";
    }
    String issued = "A token was issued at %s.".formatted(token.lifetime().issuedAt());
    return issued + remarks + remark(spec, token.lifetime());
  }

  private static String remark(EffectiveSpec spec, Lifetime life) {
    RenewalSchedule.Renewal renewal = spec.renewalOf(life);
    return switch (renewal.remark()) {
      case NONE -> "";
      case SHORT_LIFETIME ->
          " Its life of %d s is short: a pod that mounts the Secret may see a new token up to 91 s late."
              .formatted(life.length().toSeconds());
      case MARGIN_REFUSED ->
          " The renewal margin of the spec leaves less than %d s of its life of %d s, so the default is used: choose a smaller one."
              .formatted(RenewalSchedule.LEAST_USE.toSeconds(), life.length().toSeconds());
      case MANY_REQUESTS -> manyRequests(life, renewal);
    };
  }

  private static String manyRequests(Lifetime life, RenewalSchedule.Renewal renewal) {
    Duration use = Duration.between(life.issuedAt(), renewal.at());
    return " The renewal margin of the spec has a token asked for every %d s, %d times a day: choose a smaller one if fewer will do."
        .formatted(use.toSeconds(), Duration.ofDays(1).dividedBy(use));
  }

  /** Contains no time, so that the next reconciliation does not change the status. */
  static String waiting(WaitReason obstacle) {
    return switch (obstacle) {
      case BUSY ->
          "A token is asked for as soon as it is this resource's turn. If that takes long, check IRIS_MAX_REQUESTS_PER_SECOND and IRIS_MAX_CONCURRENT_REQUESTS of the operator.";
      case SAME_LOGIN ->
          "Other resources ask with the same login now. A token is asked for as soon as they have their answers.";
      case LOGIN_FAILS ->
          "The last request with the same login failed, for another resource, whose condition Renewed says why. A token is asked for when the login is tried again.";
      case UNAVAILABLE ->
          "The authorization server is not available and is tried for one resource at a time. A token is asked for as soon as it is this one's turn.";
      case LIMITED ->
          "The authorization server wants a pause. A token is asked for as soon as it is over and it is this resource's turn.";
    };
  }

  static String suspended(Observation after) {
    String requested =
        after.userRequest().isNew() ? " The renewal that was requested is made after that." : "";
    return "This resource is suspended, so no token is asked for. Set spec.suspend to false to go on."
        + requested;
  }

  static String suspendedWithout(EffectiveSpec spec) {
    return "Secret %s holds no valid token, and this resource is suspended, so none is asked for. Set spec.suspend to false to go on."
        .formatted(TokenFailures.target(spec));
  }

  /** The sentence for a failure whose own sentence was replaced by another one. */
  static String pending(RetryState failure) {
    return "The last request failed and is made again at %s, or when its cause is corrected."
        .formatted(failure.nextAttempt());
  }

  /** The sentence of a failure with the time of the next try. */
  static String failed(Outcome.Failed failed, Observation after) {
    RetryState failure = after.failure();
    String next =
        failure == null || failure.kind() != failed.kind()
            ? ""
            : next(failure, after.loginVersion() != null);
    return failed.sentence() + next;
  }

  private static String next(RetryState failure, boolean watched) {
    RetryClass kind = failure.kind();
    String at = " Next try at " + failure.nextAttempt();
    return switch (kind) {
      case TRANSIENT, MALFORMED, LIMITED, RESTRICTED, KUBERNETES, KUBERNETES_DENIED -> at + ".";
      case CONFIGURATION, NOT_OAUTH -> at + ", or at once when the spec changes.";
      case HELD_BACK -> at + ".";
      case REJECTED, NO_VERDICT ->
          at
              + (watched
                  ? ", or at once when that Secret changes."
                  : ", or within a minute after that Secret changes.");
      case WAITING -> "";
    };
  }
}
