package com.trackunit.iris.operator.simulation;

import com.trackunit.iris.operator.oauth.Grant;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.oauth.RefreshGrant;
import com.trackunit.iris.operator.oauth.TokenError;
import com.trackunit.iris.operator.oauth.TokenResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/** The authorization server: answers as its weather is, and keeps count of what it is asked. */
final class Server {
  private static final long TIME_OUT = 15_000;
  private static final int ONE_IN = 100;

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

  Reply ask(SimulatedCredential one, Grant grant, long time) {
    requests.asked(one.number, time);
    long quick = time + 100 + random.nextLong(300);
    for (ServerFault weather : scenario.weather()) {
      if (weather.isAt(time) && weather.kind() != ServerFault.Kind.UNWRITABLE) {
        return ask(one, weather, time, quick);
      }
    }
    // Every third refresh token is refused.
    return grant instanceof RefreshGrant && random.nextInt(3) == 0
        ? new Reply(refusal(TokenError.CREDENTIALS_REJECTED), quick)
        : new Reply(decide(one, time), quick);
  }

  private Reply ask(SimulatedCredential one, ServerFault weather, long time, long quick) {
    return switch (weather.kind()) {
      case REFUSES -> new Reply(refusal(TokenError.ENDPOINT_UNAVAILABLE), quick);
      case HANGS -> new Reply(refusal(TokenError.ENDPOINT_UNAVAILABLE), time + TIME_OUT);
      case BROWN_OUT ->
          random.nextDouble() < weather.measure()
              ? new Reply(refusal(TokenError.ENDPOINT_UNAVAILABLE), quick)
              : new Reply(decide(one, time), quick);
      case LIMITS -> limited(one, (long) weather.measure(), quick);
      case NOT_FOUND -> new Reply(refusal(TokenError.ENDPOINT_MISCONFIGURED), quick);
      case REJECTS -> new Reply(rejected(one, time), quick);
      case UNWRITABLE -> throw new IllegalStateException("it is not the server's");
      case SLOW ->
          new Reply(decide(one, time), time + (long) (weather.measure() * Scenario.SECOND));
    };
  }

  private Reply limited(SimulatedCredential one, long seconds, long at) {
    requests.limited(one.number, at + seconds * Scenario.SECOND);
    Optional<Duration> retryAfter =
        seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    return new Reply(new TokenResponse.Refused(TokenError.RATE_LIMITED, "", retryAfter), at);
  }

  private TokenResponse decide(SimulatedCredential one, long time) {
    boolean wrong = scenario.wrongFrom() >= 0 && time >= scenario.wrongFrom();
    if (wrong && one.login() % ONE_IN == 0 && one.loginVersion == 1) {
      return rejected(one, time);
    }
    return new TokenResponse.Granted(
        new IssuedToken(
            "token-" + granted++,
            scenario.life(),
            Optional.empty(),
            false,
            scenario.refreshing() ? Optional.of("refresh-" + granted) : Optional.empty()));
  }

  private TokenResponse rejected(SimulatedCredential one, long time) {
    requests.refused(one.login(), time);
    return refusal(TokenError.CREDENTIALS_REJECTED);
  }

  private static TokenResponse refusal(TokenError refusal) {
    return new TokenResponse.Refused(refusal, "", Optional.empty());
  }
}
