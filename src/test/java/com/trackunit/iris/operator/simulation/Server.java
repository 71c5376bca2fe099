package com.trackunit.iris.operator.simulation;

import com.trackunit.iris.operator.oauth.Grant;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.oauth.TokenError;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.simulation.ServerFault.Kind;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/** The authorization server: answers as its faults say, and keeps count of what it is asked. */
final class Server {
  private static final long TIME_OUT = 15_000;
  private static final long LONGEST_TIME_OUT = 60_000;
  private static final long FOR_EVER = 365 * Scenario.DAY;
  private static final int ONE_IN = 100;
  private static final String REFRESH = "refresh-";
  private static final TokenResponse NO_ANSWER =
      new TokenResponse.Refused(
          TokenError.ENDPOINT_UNAVAILABLE, "", Optional.empty(), TokenResponse.Delivery.NO_VERDICT);

  private final Scenario scenario;
  private final SplittableRandom random;
  private final RequestLog requests;
  private long granted;

  Server(Scenario scenario, SplittableRandom random, RequestLog requests) {
    this.scenario = scenario;
    this.random = random;
    this.requests = requests;
  }

  /** An answer and when it arrives. */
  record Reply(TokenResponse answer, long at) {}

  /**
   * One request.
   *
   * @param repetitions how often the login got no answer before; each doubles the time limit
   */
  private record Request(SimulatedCredential from, Grant grant, int repetitions, long time) {
    boolean refreshes() {
      return !grant.isLogin();
    }

    /** When the operator stops waiting. */
    long limit() {
      return time + Math.min(TIME_OUT << Math.min(repetitions, 6), LONGEST_TIME_OUT);
    }
  }

  Reply ask(SimulatedCredential one, Grant grant, int repetitions, long time) {
    Request request = new Request(one, grant, repetitions, time);
    requests.asked(one.number, time);
    if (!request.refreshes()) {
      requests.corrections().sent(one.login(), one.loginVersion, time);
    }
    long quick = time + 100 + random.nextLong(300);
    for (ServerFault fault : scenario.faults()) {
      if (fault.isAt(time) && fault.concerns(one.login()) && fault.kind().isAnswer()) {
        return ask(request, fault, quick);
      }
    }
    return new Reply(decide(request), quick);
  }

  private Reply ask(Request request, ServerFault fault, long quick) {
    return switch (fault.kind()) {
      case REFUSES -> new Reply(refusal(TokenError.ENDPOINT_UNAVAILABLE), quick);
      case HANGS -> new Reply(NO_ANSWER, request.limit());
      case RESTRICTS -> new Reply(refusal(TokenError.ACCESS_RESTRICTED), quick);
      case MALFORMED -> new Reply(refusal(TokenError.MALFORMED_RESPONSE), quick);
      case BROWN_OUT ->
          random.nextDouble() < fault.measure()
              ? new Reply(refusal(TokenError.ENDPOINT_UNAVAILABLE), quick)
              : new Reply(decide(request), quick);
      case LIMITS -> limited(request.from(), (long) fault.measure(), quick);
      case NOT_FOUND -> new Reply(refusal(TokenError.ENDPOINT_MISCONFIGURED), quick);
      case REJECTS -> new Reply(rejected(request), quick);
      case SLOW -> late(request, (long) (fault.measure() * Scenario.SECOND));
      case SESSIONS, ROTATED, UNWRITABLE, RECREATED ->
          throw new IllegalStateException("it is no answer");
    };
  }

  // It judges the login whether anybody still waits or not.
  private Reply late(Request request, long after) {
    TokenResponse decided = decide(request);
    long at = request.time() + after;
    return at < request.limit() ? new Reply(decided, at) : new Reply(NO_ANSWER, request.limit());
  }

  private Reply limited(SimulatedCredential one, long seconds, long at) {
    requests.limited(one.number, at + seconds * Scenario.SECOND);
    Optional<Duration> retryAfter =
        seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    return new Reply(new TokenResponse.Refused(TokenError.RATE_LIMITED, "", retryAfter), at);
  }

  private TokenResponse decide(Request request) {
    SimulatedCredential one = request.from();
    Optional<ServerFault> sessions = scenario.at(Kind.SESSIONS, one.login(), request.time());
    // Every third refresh token is refused.
    if (request.refreshes() && sessions.isEmpty() && random.nextInt(3) == 0) {
      return refusal(TokenError.CREDENTIALS_REJECTED);
    }
    boolean wrong = scenario.wrongFrom() >= 0 && request.time() >= scenario.wrongFrom();
    boolean rotated = scenario.at(Kind.ROTATED, one.login(), request.time()).isPresent();
    if (one.loginVersion == 1 && (rotated || (wrong && one.login() % ONE_IN == 0))) {
      return rejected(request);
    }
    long length =
        sessions.map(session -> (long) session.measure() * Scenario.SECOND).orElse(FOR_EVER);
    long sessionEnd =
        request.refreshes()
            ? Long.parseLong(request.grant().form().replaceFirst(".*=" + REFRESH, ""))
            : request.time() + length;
    Duration left = Duration.ofSeconds(Math.max(0, sessionEnd - request.time()) / Scenario.SECOND);
    if (left.isZero()) {
      return refusal(TokenError.CREDENTIALS_REJECTED);
    }
    requests.corrections().granted(one.login(), one.loginVersion, request.time());
    return new TokenResponse.Granted(
        new IssuedToken(
            "token-" + granted++,
            left.compareTo(scenario.life()) < 0 ? left : scenario.life(),
            Optional.empty(),
            false,
            scenario.refreshing() ? Optional.of(REFRESH + sessionEnd) : Optional.empty()));
  }

  private TokenResponse rejected(Request request) {
    if (!request.refreshes()) {
      requests.refused(request.from().login(), request.time());
    }
    return refusal(TokenError.CREDENTIALS_REJECTED);
  }

  private static TokenResponse refusal(TokenError refusal) {
    return new TokenResponse.Refused(refusal, "", Optional.empty());
  }
}
