package com.trackunit.iris.operator.simulation;

import com.trackunit.iris.operator.acquire.AcquisitionResult;
import com.trackunit.iris.operator.acquire.CredentialContext;
import com.trackunit.iris.operator.oauth.TokenError;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.time.ClockReading;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Plays a scenario event by event: every decision is made by the operator's own classes, and only
 * what they are asked by is played here.
 */
final class World {
  static final Instant BEGINNING = Instant.parse("2026-05-04T00:00:00Z");
  // kubelet's liveness probe, three times, after the watchdog's minute.
  private static final long LIVENESS = 90_000;
  private static final int LOOK = 0;
  private static final int ANSWER = 1;
  private static final int OTHER = 2;
  private static final int RECREATION = 3;

  private final Scenario scenario;
  private final SplittableRandom random;
  private final Timers timers = new Timers();
  private final SimulatedCredential[] all;
  private final List<Runnable> others = new ArrayList<>();
  private final Map<Integer, SimulatedCredential> deleted = new HashMap<>();
  private final RequestLog requests;
  private final ResultCollector results;
  private final Server server;
  private final long end;
  private final Cluster cluster;
  private PlayedOperator operator;
  private long time;
  private long offset;
  private boolean steady = true;

  World(Scenario scenario) {
    this.scenario = scenario;
    random = new SplittableRandom(scenario.seed());
    all = new SimulatedCredential[scenario.credentials()];
    end = scenario.length().toMillis();
    requests = new RequestLog(scenario);
    results = new ResultCollector(scenario, requests);
    server = new Server(scenario, random.split(), requests);
    cluster = new Cluster(this, all);
    operator = new PlayedOperator(this, cluster);
  }

  static Result play(Scenario scenario) {
    return new World(scenario).run();
  }

  Result run() {
    for (int i = 0; i < all.length; i++) {
      long at = random.nextLong(Scenario.MINUTE);
      all[i] = new SimulatedCredential(i, scenario, BEGINNING.plusMillis(at), random);
      wake(all[i], at);
    }
    scenario.restarts().forEach(at -> at(at, this::restart));
    scenario.steps().forEach(step -> at(step.at(), () -> step(step.by())));
    if (scenario.wrongFrom() >= 0) {
      at(scenario.part(4), () -> correct(-1));
    }
    scenario.faults().forEach(this::expect);
    while (!timers.isEmpty()) {
      long next = timers.removeLeast();
      long at = next >>> 18;
      if (at >= end) {
        break;
      }
      time = at;
      happen((int) (next & 3), (int) (next >>> 2 & 0xffff));
    }
    return results.score(all, end);
  }

  private void happen(int kind, int index) {
    switch (kind) {
      case LOOK -> {
        if (all[index].wakesAt == time && all[index].inFlight == null) {
          operator.look(all[index]);
        }
      }
      case ANSWER -> {
        if (all[index].answeredAt() == time) {
          operator.answer(all[index]);
        } else if (deleted.containsKey(index) && deleted.get(index).answeredAt() == time) {
          operator.answerDeleted(deleted.remove(index));
        }
      }
      case RECREATION -> recreate(index);
      default -> others.get(index).run();
    }
  }

  private void expect(ServerFault fault) {
    switch (fault.kind()) {
      case ROTATED ->
          at(
              fault.to(),
              () -> {
                if (requests.isRefusedSince(fault.login(), fault.from())) {
                  requests.corrections().corrected(fault.login(), time);
                }
                correct(fault.login());
              });
      case RECREATED -> {
        for (SimulatedCredential one : all) {
          if (one.login() == fault.login()) {
            timers.add(fault.from() << 18 | (long) one.number << 2 | RECREATION);
          }
        }
      }
      case REFUSES,
          HANGS,
          BROWN_OUT,
          LIMITS,
          RESTRICTS,
          MALFORMED,
          SLOW,
          NOT_FOUND,
          REJECTS,
          SESSIONS,
          UNWRITABLE -> {}
    }
  }

  private void at(long at, Runnable event) {
    others.add(event);
    timers.add(at << 18 | (long) (others.size() - 1) << 2 | OTHER);
  }

  void wake(SimulatedCredential one, long at) {
    one.wakesAt = at;
    timers.add(at << 18 | (long) one.number << 2 | LOOK);
  }

  Instant clock() {
    return BEGINNING.plusMillis(time + offset);
  }

  ClockReading moment() {
    return new ClockReading(clock(), BEGINNING.plusMillis(time));
  }

  long time() {
    return time;
  }

  /** Whether the clock was never set: then nobody who only looks finds anything to do. */
  boolean isSteady() {
    return steady;
  }

  /** When the latest of all renewals was due. */
  long latestRenewal() {
    return results.latestRenewal();
  }

  void send(SimulatedCredential one, CredentialContext context, AcquisitionResult.Asking request) {
    Server.Reply reply =
        server.ask(one, request.request().grant(), request.request().repetitions(), time);
    one.inFlight = new SimulatedCredential.InFlight(context, request, time, one.recorded, reply);
    one.recorded = false;
    one.asked = time;
    timers.add(reply.at() << 18 | (long) one.number << 2 | ANSWER);
    if (scenario.killedAtRefusals() && isRefusal(reply) && random.nextInt(3) == 0) {
      at(reply.at() - 1, this::restart);
    }
  }

  private static boolean isRefusal(Server.Reply reply) {
    return reply.answer() instanceof TokenResponse.Refused refused
        && refused.refusal() == TokenError.CREDENTIALS_REJECTED;
  }

  /** Whether no Secret can be written now. */
  boolean isUnwritable() {
    return scenario.faults().stream()
        .anyMatch(fault -> fault.kind() == ServerFault.Kind.UNWRITABLE && fault.isAt(time));
  }

  void written(SimulatedCredential one, StoredToken token) {
    results.written(one, token, time);
  }

  void stepFailed() {
    results.stepFailed();
  }

  Scenario scenario() {
    return scenario;
  }

  // Killed: what was asked for and not yet answered is never known.
  private void restart() {
    operator = new PlayedOperator(this, cluster);
    for (SimulatedCredential one : all) {
      one.unrecordedRefusal().ifPresent(asked -> requests.lost(one.login(), asked.time()));
      one.inFlight = null;
      one.recorded = false;
      long first = Math.max(time, Duration.between(BEGINNING, one.created).toMillis());
      wake(one, first + 1500 + one.number * 3 / 10);
    }
  }

  // Timers go by the clock: set back, they are late until the watchdog has the process restarted.
  private void step(long by) {
    if (steady) {
      steady = false;
      for (SimulatedCredential one : all) {
        one.wakesAt = Math.min(one.wakesAt, time + random.nextLong(5 * Scenario.MINUTE));
      }
    }
    offset += by;
    long earliest = Long.MAX_VALUE;
    for (SimulatedCredential one : all) {
      earliest = Math.min(earliest, one.wakesAt);
    }
    for (SimulatedCredential one : all) {
      wake(one, Math.max(earliest, one.wakesAt - by));
    }
    if (by < -Scenario.MINUTE) {
      at(earliest + LIVENESS, this::restart);
    }
  }

  // Whose Secret is not watched, looks at it when it looks again.
  private void correct(int login) {
    for (SimulatedCredential one : all) {
      if (login < 0 || one.login() == login) {
        one.loginVersion = 2;
        if (one.labelled) {
          wake(one, time + one.number * 3 / 10);
        }
      }
    }
  }

  private void recreate(int number) {
    SimulatedCredential old = all[number];
    operator.forget(old);
    if (old.inFlight != null) {
      deleted.put(number, old);
    }
    SimulatedCredential one = new SimulatedCredential(number, scenario, clock(), random);
    all[number] = one;
    wake(one, time);
    scenario
        .at(ServerFault.Kind.RECREATED, one.login(), time)
        .ifPresent(
            fault -> {
              long every = (long) (fault.measure() * Scenario.SECOND);
              timers.add(
                  time + every / 2 + random.nextLong(every) << 18
                      | (long) number << 2
                      | RECREATION);
            });
  }
}
