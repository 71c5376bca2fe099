package com.trackunit.iris.operator.simulation;

import com.trackunit.iris.operator.oauth.GrantedToken;
import com.trackunit.iris.operator.oauth.Refusal;
import com.trackunit.iris.operator.oauth.TokenAnswer;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/** The authorization server: answers as its weather is, and keeps count of what it is asked. */
final class Server {
  private static final long TIME_OUT = 15_000;
  private static final int ONE_IN = 100;

  private final Scenario scenario;
  private final SplittableRandom random;
  private final Requests requests;
  private long granted;

  Server(Scenario scenario, SplittableRandom random, Requests requests) {
    this.scenario = scenario;
    this.random = random;
    this.requests = requests;
  }

  /** An answer and when it arrives. */
  record Reply(TokenAnswer answer, long at) {}

  Reply ask(Simulated one, long time) {
    requests.asked(one.number, time);
    long quick = time + 100 + random.nextLong(300);
    for (Weather weather : scenario.weather()) {
      if (weather.isAt(time)) {
        return ask(one, weather, time, quick);
      }
    }
    return new Reply(decide(one, time), quick);
  }

  private Reply ask(Simulated one, Weather weather, long time, long quick) {
    return switch (weather.kind()) {
      case REFUSES -> new Reply(refusal(Refusal.ENDPOINT_UNAVAILABLE), quick);
      case HANGS -> new Reply(refusal(Refusal.ENDPOINT_UNAVAILABLE), time + TIME_OUT);
      case BROWN_OUT ->
          random.nextDouble() < weather.measure()
              ? new Reply(refusal(Refusal.ENDPOINT_UNAVAILABLE), quick)
              : new Reply(decide(one, time), quick);
      case LIMITS -> limited(one, (long) weather.measure(), quick);
      case NOT_FOUND -> new Reply(refusal(Refusal.ENDPOINT_MISCONFIGURED), quick);
      case REJECTS -> new Reply(rejected(one, time), quick);
      case SLOW ->
          new Reply(decide(one, time), time + (long) (weather.measure() * Scenario.SECOND));
    };
  }

  private Reply limited(Simulated one, long seconds, long at) {
    requests.limited(one.number, at + seconds * Scenario.SECOND);
    Optional<Duration> retryAfter =
        seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    return new Reply(new TokenAnswer.Refused(Refusal.RATE_LIMITED, "", retryAfter), at);
  }

  private TokenAnswer decide(Simulated one, long time) {
    boolean wrong = scenario.wrongFrom() >= 0 && time >= scenario.wrongFrom();
    if (wrong && one.login() % ONE_IN == 0 && one.loginVersion == 1) {
      return rejected(one, time);
    }
    return new TokenAnswer.Granted(
        new GrantedToken(
            "token-" + granted++, scenario.life(), Optional.empty(), false, Optional.empty()));
  }

  private TokenAnswer rejected(Simulated one, long time) {
    requests.refused(one.login(), time);
    return refusal(Refusal.CREDENTIALS_REJECTED);
  }

  private static TokenAnswer refusal(Refusal refusal) {
    return new TokenAnswer.Refused(refusal, "", Optional.empty());
  }
}
