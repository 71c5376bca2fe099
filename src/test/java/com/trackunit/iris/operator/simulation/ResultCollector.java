package com.trackunit.iris.operator.simulation;

import com.trackunit.iris.operator.renewal.Jitter;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.RenewBefore;
import com.trackunit.iris.operator.renewal.RenewalSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Takes note of what comes of a scenario. */
final class ResultCollector {
  private static final Map<Scenario, Long> MINIMA = new ConcurrentHashMap<>();
  private static final long WRITE = 30;

  private final Scenario scenario;
  private final RequestLog requests;
  private long recovery;
  private long firstTokens;
  private int failedSteps;

  /** The latest renewal of all, as a share of a life, and when it was due. */
  private double latestShare;

  private long latestRenewal;

  ResultCollector(Scenario scenario, RequestLog requests) {
    this.scenario = scenario;
    this.requests = requests;
  }

  long latestRenewal() {
    return latestRenewal;
  }

  /** A token that was asked for then is in its Secret now. */
  void written(SimulatedCredential one, long asked, long time) {
    long expiry = asked + scenario.life().toMillis();
    one.reader.written(time + WRITE, expiry);
    if (one.validUntil == 0) {
      firstTokens = Math.max(firstTokens, time);
    } else if (one.validUntil < time) {
      recovered(time);
    }
    if (one.stored != null) {
      Duration used = Duration.between(one.stored.lifetime().issuedAt(), one.stored.renewAt());
      double share = (double) used.toMillis() / scenario.life().toMillis();
      if (share > latestShare) {
        latestShare = share;
        latestRenewal = Duration.between(World.BEGINNING, one.stored.renewAt()).toMillis();
      }
    }
    one.validUntil = expiry;
  }

  void stepFailed() {
    failedSteps++;
  }

  private void recovered(long time) {
    if (scenario.weather().stream().noneMatch(weather -> weather.isAt(time))) {
      scenario.weather().stream()
          .filter(weather -> weather.to() <= time)
          .mapToLong(weather -> time - weather.to())
          .min()
          .ifPresent(late -> recovery = Math.max(recovery, late));
    }
  }

  Result score(SimulatedCredential[] all, long end) {
    double worst = 0;
    double sum = 0;
    double slowest = 0;
    for (SimulatedCredential one : all) {
      one.reader.end(end);
      worst = Math.max(worst, one.reader.expired());
      sum += one.reader.expired();
      slowest = Math.max(slowest, one.reader.worstExpired());
    }
    return new Result(
        scenario,
        worst / 1000,
        sum / 1000,
        slowest / 1000,
        MINIMA.computeIfAbsent(
            Scenario.ordinary(all.length, scenario.life(), scenario.seed())
                .lasting(scenario.length()),
            same -> minimum(all, end)),
        requests,
        recovery / 1000.0,
        firstTokens / 1000.0,
        failedSteps);
  }

  // As often as the rule renews when every request is answered at once.
  private long minimum(SimulatedCredential[] all, long end) {
    long needed = 0;
    Instant over = World.BEGINNING.plusMillis(end);
    for (SimulatedCredential one : all) {
      for (Instant asked = one.created; asked.isBefore(over); needed++) {
        Lifetime life = Lifetime.of(asked, scenario.life());
        double draw = Jitter.of(one.order.uid(), life.issuedAt());
        asked = RenewalSchedule.of(life, new RenewBefore.ByDefault(), draw).at();
      }
    }
    return needed;
  }
}
