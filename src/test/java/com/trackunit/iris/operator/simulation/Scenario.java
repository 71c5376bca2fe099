package com.trackunit.iris.operator.simulation;

import com.trackunit.iris.operator.api.IrisCredentialSpec;
import com.trackunit.iris.operator.gate.RateLimits;
import com.trackunit.iris.operator.support.Specs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What happens to how many credentials for how long; all are created within the first minute.
 *
 * @param faults of the authorization server
 * @param restarts of the operator
 * @param steps of the operator's clock
 * @param wrongFrom since when one login in a hundred is wrong, until the fifth part; negative:
 *     never
 * @param perLogin how many credentials share a login
 * @param refreshing whether tokens come with refresh tokens, of which every third is refused
 * @param killedAtRefusals whether the operator is killed before it reads every third refusal of a
 *     login
 */
record Scenario(
    String name,
    int credentials,
    Duration life,
    RateLimits limits,
    Duration length,
    List<ServerFault> faults,
    List<Long> restarts,
    List<Step> steps,
    long wrongFrom,
    int perLogin,
    boolean refreshing,
    boolean killedAtRefusals,
    long seed) {
  static final long SECOND = 1000;
  static final long MINUTE = 60 * SECOND;
  static final long HOUR = 60 * MINUTE;
  static final long DAY = 24 * HOUR;

  /** The operator's clock jumps. */
  record Step(long at, long by) {}

  static Scenario ordinary(int credentials, Duration life, long seed) {
    // As tight as the default is for 10 000 tokens of an hour. Short ones are renewed at half their
    // life.
    double used = life.toSeconds() < 240 ? 0.475 : 10_000.0 / 5 / 3600;
    double perSecond = Math.max(5, Math.ceil(credentials / (used * life.toSeconds())));
    return new Scenario(
        "ordinary life",
        credentials,
        life,
        // So that answers may take a second.
        new RateLimits(perSecond, Math.max(8, (int) perSecond)),
        Duration.ofDays(7),
        List.of(),
        List.of(),
        List.of(),
        -1,
        5,
        false,
        false,
        seed);
  }

  /** The outage that no reader may notice, of tokens that live twenty minutes and more. */
  Duration promise() {
    return promised(life);
  }

  /** The same for tokens that live so long. */
  static Duration promised(Duration life) {
    return Duration.ofMinutes(life.toSeconds() < 3600 ? 4 : 17);
  }

  /** The beginning of one of its seven parts, days when it lasts a week. */
  long part(int number) {
    return length.toMillis() / 7 * number;
  }

  Scenario named(String other) {
    return with(other, length, faults, restarts, steps, wrongFrom, perLogin);
  }

  Scenario lasting(Duration other) {
    return with(name, other, faults, restarts, steps, wrongFrom, perLogin);
  }

  Scenario under(List<ServerFault> other) {
    return with(name, length, other, restarts, steps, wrongFrom, perLogin);
  }

  Scenario restarted(List<Long> other) {
    return with(name, length, faults, other, steps, wrongFrom, perLogin);
  }

  Scenario stepped(List<Step> other) {
    return with(name, length, faults, restarts, other, wrongFrom, perLogin);
  }

  Scenario refusing() {
    return with(name, length, faults, restarts, steps, part(1), perLogin);
  }

  /** One login in a hundred is wrong from the beginning. */
  Scenario refusingFromTheStart() {
    return with(name, length, faults, restarts, steps, 0, perLogin);
  }

  /** Each credential has a login of its own. */
  Scenario ownLogins() {
    return sharing(1);
  }

  /** So many credentials have the same login. */
  Scenario sharing(int other) {
    return with(name, length, faults, restarts, steps, wrongFrom, other);
  }

  private Scenario with(
      String otherName,
      Duration otherLength,
      List<ServerFault> otherWeather,
      List<Long> otherRestarts,
      List<Step> otherSteps,
      long otherWrongFrom,
      int otherPerLogin) {
    return new Scenario(
        otherName,
        credentials,
        life,
        limits,
        otherLength,
        otherWeather,
        otherRestarts,
        otherSteps,
        otherWrongFrom,
        otherPerLogin,
        refreshing,
        killedAtRefusals,
        seed);
  }

  /** The operator is killed before it reads every third refusal of a login. */
  Scenario killedWhenRefused() {
    return flagged(limits, refreshing, true);
  }

  /** Tokens come with refresh tokens, of which every third is refused. */
  Scenario withRefreshTokens() {
    return flagged(limits, true, killedAtRefusals);
  }

  Scenario limitedTo(RateLimits other) {
    return flagged(other, refreshing, killedAtRefusals);
  }

  private Scenario flagged(RateLimits otherLimits, boolean otherRefreshing, boolean otherKilled) {
    return new Scenario(
        name,
        credentials,
        life,
        otherLimits,
        length,
        faults,
        restarts,
        steps,
        wrongFrom,
        perLogin,
        otherRefreshing,
        otherKilled,
        seed);
  }

  /** The fault of this kind that concerns a login at this time. */
  Optional<ServerFault> at(ServerFault.Kind kind, int login, long time) {
    for (ServerFault fault : faults) {
      if (fault.kind() == kind && fault.isAt(time) && fault.concerns(login)) {
        return Optional.of(fault);
      }
    }
    return Optional.empty();
  }

  /** Whether any trouble concerns this login alone. */
  boolean isTroubled(int login) {
    return faults.stream().anyMatch(fault -> fault.login() == login);
  }

  /** Whether the credentials with this login are deleted and created again. */
  boolean isRecreated(int login) {
    return faults.stream()
        .anyMatch(fault -> fault.kind() == ServerFault.Kind.RECREATED && fault.concerns(login));
  }

  /** What each credential orders. */
  IrisCredentialSpec spec(String loginSecret) {
    String scopes = refreshing ? "scopes: [api, offline_access]" : "scopes: [api]";
    return Specs.credential(
            "any", "any", "any", "credentialsSecretRef: {name: %s}".formatted(loginSecret), scopes)
        .getSpec();
  }

  /**
   * With the outage that is promised every six lives, and every six hours at least, half of them
   * refusing and half hanging.
   */
  Scenario promised() {
    SplittableRandom random = new SplittableRandom(seed);
    List<ServerFault> outages = new ArrayList<>();
    long every = Math.min(6 * HOUR, 6 * life.toMillis());
    for (long at = every; at < length.toMillis() - every; at += every) {
      long from = at + random.nextLong(HOUR);
      ServerFault.Kind kind =
          outages.size() % 2 == 0 ? ServerFault.Kind.REFUSES : ServerFault.Kind.HANGS;
      outages.add(new ServerFault(kind, from, from + promise().toMillis(), 0));
    }
    return named("outages of %d min".formatted(promise().toMinutes())).under(outages);
  }
}
