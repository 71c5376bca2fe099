package com.trackunit.iris.operator.simulation;

import com.trackunit.iris.operator.api.CredentialsSecretKeys;
import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.lockout.LoginGuard;
import com.trackunit.iris.operator.oauth.TokenError;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.renewal.Jitter;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RenewBefore;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.TargetState;
import com.trackunit.iris.operator.renewal.UserRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One credential: what the cluster keeps of it, what the operator remembers, and its pod. */
final class SimulatedCredential {
  final int number;
  private final int perLogin;
  final EffectiveSpec order;
  final String specHash;
  final double draw;
  final PodReader reader;
  final Instant created;
  final String login;
  // In the cluster.
  @Nullable StoredToken stored;
  @Nullable RetryState failure;
  int loginVersion = 1;
  long validUntil;
  // In the operator's memory.
  @Nullable Instant lastRequest;
  long wakesAt;
  @Nullable InFlight inFlight;

  /**
   * A request that is not answered yet.
   *
   * @param clock what the clock showed when it was made
   * @param time when it was made
   */
  record InFlight(LoginGuard.Turn.Go turn, Instant clock, long time, Server.Reply reply) {
    TokenResponse answer() {
      return reply.answer();
    }
  }

  SimulatedCredential(
      int number, int perLogin, long seed, Instant created, SplittableRandom random) {
    this.number = number;
    this.perLogin = perLogin;
    this.created = created;
    String uid = new java.util.UUID(random.nextLong(), seed + number).toString();
    order =
        new EffectiveSpec(
            "team",
            "c" + number,
            uid,
            1,
            "login",
            CredentialsSecretKeys.DEFAULT,
            GrantType.PASSWORD,
            List.of("api"),
            "t" + number,
            Map.of(),
            Map.of(),
            new RenewBefore.ByDefault(),
            Map.of(),
            false,
            null,
            null);
    specHash = order.specHash();
    login = "login-" + login();
    draw = Jitter.of(uid, Instant.EPOCH);
    reader = new PodReader(random.split());
  }

  int login() {
    return number / perLogin;
  }

  String version() {
    return loginVersion == 1 ? "login/1" : "login/2";
  }

  Observation seen(Instant now) {
    TargetState target =
        stored == null ? new TargetState.Absent() : new TargetState.Held(stored, false, false);
    return new Observation(
        created,
        specHash,
        "request",
        target,
        failure == null ? null : failure.asOf(now),
        version(),
        null,
        lastRequest,
        UserRequest.NONE);
  }

  /** When its answer arrives; negative when it asked for nothing. */
  long answeredAt() {
    return inFlight == null ? -1 : inFlight.reply().at();
  }

  InFlight answered() {
    InFlight asked = Objects.requireNonNull(inFlight);
    inFlight = null;
    return asked;
  }

  /** The request whose refusal is under way, if nothing was recorded before it. */
  Optional<InFlight> unrecordedRefusal() {
    return Optional.ofNullable(inFlight)
        .filter(asked -> asked.turn().during() == null)
        .filter(
            asked ->
                asked.answer() instanceof TokenResponse.Refused refused
                    && refused.refusal() == TokenError.CREDENTIALS_REJECTED);
  }

  /** The operator restarts: it knows what the cluster keeps. */
  void forgotten() {
    inFlight = null;
    lastRequest = stored == null ? null : stored.lifetime().issuedAt();
  }
}
