package com.trackunit.iris.operator.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The logins of one authorization server, and which credential uses which.
 *
 * <p>Keeps logins and values as fingerprints only; those of values are salted and useless outside
 * this process.
 */
final class Logins {
  private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(1);

  private final Map<String, LoginState> byFingerprint = new HashMap<>();
  // The login of each credential; the UID itself while it is not known yet.
  private final Map<String, String> byUid = new HashMap<>();
  private Instant swept = Instant.MIN;

  /** The login of a credential, as far as it is known. */
  String of(String uid) {
    return byUid.computeIfAbsent(uid, unknown -> unknown);
  }

  LoginState state(String login) {
    return byFingerprint.computeIfAbsent(login, unknown -> new LoginState());
  }

  Optional<LoginState> known(String login) {
    return Optional.ofNullable(byFingerprint.get(login));
  }

  /** The credential sends this login now. Returns its state. */
  LoginState use(Attempt attempt) {
    String before = byUid.put(attempt.uid(), attempt.login());
    if (before != null && !before.equals(attempt.login())) {
      known(before).ifPresent(state -> state.forget(attempt.uid()));
    }
    LoginState state = state(attempt.login());
    state.usedBy(attempt.uid(), attempt.namespace());
    return state;
  }

  /** The status of a credential tells of this login. Returns its state. */
  LoginState learn(String uid, String namespace, String login) {
    LoginState state = state(login);
    if (of(uid).equals(uid)) {
      byUid.put(uid, login);
    }
    if (of(uid).equals(login)) {
      state.usedBy(uid, namespace);
    }
    return state;
  }

  /** The credential is gone. Returns the login that nobody uses any more. */
  Optional<String> forget(String uid, Instant now) {
    String login = byUid.remove(uid);
    if (login == null) {
      return Optional.empty();
    }
    LoginState state = byFingerprint.get(login);
    boolean unused = state == null || state.forget(uid);
    if (state != null && state.isForgotten(now)) {
      byFingerprint.remove(login);
    }
    return unused ? Optional.of(login) : Optional.empty();
  }

  /** Removes what no limit counts any more. */
  void sweep(Instant now) {
    if (Duration.between(swept, now).abs().compareTo(BETWEEN_SWEEPS) > 0) {
      swept = now;
      byFingerprint.values().removeIf(state -> state.isForgotten(now));
    }
  }

  /** Whether only one login uses the server. */
  boolean isOne() {
    return byUid.values().stream().distinct().limit(2).count() == 1;
  }
}
