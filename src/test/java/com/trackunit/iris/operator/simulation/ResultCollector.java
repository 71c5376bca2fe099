package com.trackunit.iris.operator.simulation;

import com.trackunit.iris.operator.renewal.Jitter;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.RenewBefore;
import com.trackunit.iris.operator.renewal.RenewalSchedule;
import com.trackunit.iris.operator.renewal.StoredToken;
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

  /** A token is in its Secret now. */
  void written(SimulatedCredential one, StoredToken token, long time) {
    long expiry = one.asked + token.lifetime().length().toMillis();
    one.reader.written(time + WRITE, expiry);
    if (one.validUntil == 0) {
      firstTokens = scenario.isRecreated(one.login()) ? firstTokens : Math.max(firstTokens, time);
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
    if (scenario.faults().stream().noneMatch(fault -> fault.isAt(time))) {
      scenario.faults().stream()
          .filter(fault -> fault.to() <= time)
          .mapToLong(fault -> time - fault.to())
          .min()
          .ifPresent(late -> recovery = Math.max(recovery, late));
    }
  }

  Result score(SimulatedCredential[] all, long end) {
    double worst = 0;
    double sum = 0;
    double slowest = 0;
    double others = 0;
    for (SimulatedCredential one : all) {
      one.reader.end(end);
      worst = Math.max(worst, one.reader.expired());
      sum += one.reader.expired();
      slowest = Math.max(slowest, one.reader.worstExpired());
      others += scenario.isTroubled(one.login()) ? 0 : one.reader.worstExpired();
    }
    requests.corrections().end(end);
    Scenario ordinary =
        Scenario.ordinary(all.length, scenario.life(), scenario.seed()).lasting(scenario.length());
    boolean recreated =
        scenario.faults().stream().anyMatch(fault -> fault.kind() == ServerFault.Kind.RECREATED);
    return new Result(
        scenario,
        worst / 1000,
        sum / 1000,
        slowest / 1000,
        others / 1000,
        MINIMA.computeIfAbsent(recreated ? scenario : ordinary, same -> minimum(all, end)),
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
        double jitter = Jitter.of(one.spec.uid(), life.issuedAt());
        asked = RenewalSchedule.of(life, new RenewBefore.ByDefault(), jitter).at();
      }
    }
    return needed;
  }
}
