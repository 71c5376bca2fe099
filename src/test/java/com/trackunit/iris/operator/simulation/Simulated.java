package com.trackunit.iris.operator.simulation;

import com.trackunit.iris.operator.api.CredentialsSecretKeys;
import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.api.StandingOrder;
import com.trackunit.iris.operator.gate.Logins;
import com.trackunit.iris.operator.oauth.Refusal;
import com.trackunit.iris.operator.oauth.TokenAnswer;
import com.trackunit.iris.operator.renewal.Demand;
import com.trackunit.iris.operator.renewal.Draw;
import com.trackunit.iris.operator.renewal.Failure;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.RenewBefore;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.Target;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One credential: what the cluster keeps of it, what the operator remembers, and its pod. */
final class Simulated {
  final int number;
  private final int perLogin;
  final StandingOrder order;
  final String specHash;
  final double draw;
  final Reader reader;
  final Instant created;
  final String login;
  // In the cluster.
  @Nullable StoredToken stored;
  @Nullable Failure failure;
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
  record InFlight(Logins.Turn.Go turn, Instant clock, long time, Server.Reply reply) {
    TokenAnswer answer() {
      return reply.answer();
    }
  }

  Simulated(int number, int perLogin, long seed, Instant created, SplittableRandom random) {
    this.number = number;
    this.perLogin = perLogin;
    this.created = created;
    String uid = new java.util.UUID(random.nextLong(), seed + number).toString();
    order =
        new StandingOrder(
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
            null);
    specHash = order.specHash();
    login = "login-" + login();
    draw = Draw.of(uid, Instant.EPOCH);
    reader = new Reader(random.split());
  }

  int login() {
    return number / perLogin;
  }

  String version() {
    return loginVersion == 1 ? "login/1" : "login/2";
  }

  Observation seen(Instant now) {
    Target target = stored == null ? new Target.Absent() : new Target.Held(stored, false, false);
    return new Observation(
        created,
        specHash,
        "request",
        target,
        failure == null ? null : failure.asOf(now),
        version(),
        null,
        lastRequest,
        Demand.NONE);
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
                asked.answer() instanceof TokenAnswer.Refused refused
                    && refused.refusal() == Refusal.CREDENTIALS_REJECTED);
  }

  /** The operator restarts: it knows what the cluster keeps. */
  void forgotten() {
    inFlight = null;
    lastRequest = stored == null ? null : stored.lifetime().issuedAt();
  }
}
