package com.trackunit.iris.operator.simulation;

import com.trackunit.iris.operator.gate.Gate;
import com.trackunit.iris.operator.gate.Logins;
import com.trackunit.iris.operator.oauth.GrantedToken;
import com.trackunit.iris.operator.oauth.Refusal;
import com.trackunit.iris.operator.oauth.TokenAnswer;
import com.trackunit.iris.operator.renewal.AskCause;
import com.trackunit.iris.operator.renewal.Draw;
import com.trackunit.iris.operator.renewal.Failure;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.Observation;
import com.trackunit.iris.operator.renewal.Plan;
import com.trackunit.iris.operator.renewal.Rejections;
import com.trackunit.iris.operator.renewal.RenewBefore;
import com.trackunit.iris.operator.renewal.RenewalPlanner;
import com.trackunit.iris.operator.renewal.RenewalSchedule;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.renewal.WakeUp;
import com.trackunit.iris.operator.secret.Issue;
import com.trackunit.iris.operator.status.FailureLog;
import com.trackunit.iris.operator.status.Failures;
import com.trackunit.iris.operator.status.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Plays a scenario event by event: every decision is made by the operator's own classes, and only
 * what they are asked by is played here.
 */
final class World {
  private static final Instant BEGINNING = Instant.parse("2026-05-04T00:00:00Z");
  private static final Map<Scenario, Long> MINIMA = new ConcurrentHashMap<>();
  private static final long WRITE = 30;
  // kubelet's liveness probe, three times, after the watchdog's minute.
  private static final long LIVENESS = 90_000;
  private static final int LOOK = 0;
  private static final int ANSWER = 1;
  private static final int OTHER = 2;

  private final Scenario scenario;
  private final SplittableRandom random;
  private final Timers timers = new Timers();
  private final Simulated[] all;
  private final TokenAnswer[] answers;
  private final Logins.Attempt[] attempts;
  private final Logins.Turn.Go[] turns;
  private final long[] askedAt;
  private final List<Runnable> others = new ArrayList<>();
  private final Requests requests;
  private final Server server;
  private final long end;
  private final boolean steady;
  private Gate gate;
  private Logins logins = new Logins();
  private long time;
  private long offset;
  private long recovery;
  private long firstTokens;

  /** The latest renewal of all, as a share of a life, and when it was due. */
  private double latestShare;

  private long latestRenewal;

  World(Scenario scenario) {
    this.scenario = scenario;
    random = new SplittableRandom(scenario.seed());
    int n = scenario.credentials();
    all = new Simulated[n];
    answers = new TokenAnswer[n];
    attempts = new Logins.Attempt[n];
    turns = new Logins.Turn.Go[n];
    askedAt = new long[n];
    end = scenario.length().toMillis();
    requests = new Requests(end);
    server = new Server(scenario, random.split(), requests);
    gate = new Gate(scenario.limits());
    steady = scenario.steps().isEmpty();
  }

  static Score play(Scenario scenario) {
    return new World(scenario).run();
  }

  Score run() {
    for (int i = 0; i < all.length; i++) {
      long at = random.nextLong(Scenario.MINUTE);
      all[i] = new Simulated(i, scenario.seed(), BEGINNING.plusMillis(at), random);
      wake(all[i], at);
    }
    scenario.restarts().forEach(at -> at(at, this::restart));
    scenario.steps().forEach(step -> at(step.at(), () -> step(step.by())));
    if (scenario.refused()) {
      at(scenario.part(4), this::correctLogins);
    }
    while (!timers.isEmpty()) {
      long next = timers.removeLeast();
      long at = next >>> 18;
      if (at >= end) {
        break;
      }
      time = at;
      happen((int) (next & 3), (int) (next >>> 2 & 0xffff));
    }
    return score();
  }

  double latestShare() {
    return latestShare;
  }

  long latestRenewal() {
    return latestRenewal;
  }

  private void happen(int kind, int index) {
    switch (kind) {
      case LOOK -> {
        if (all[index].wakesAt == time && all[index].answeredAt < 0) {
          look(all[index]);
        }
      }
      case ANSWER -> {
        if (all[index].answeredAt == time) {
          answer(all[index]);
        }
      }
      default -> others.get(index).run();
    }
  }

  private void at(long at, Runnable event) {
    others.add(event);
    timers.add(at << 18 | (long) (others.size() - 1) << 2 | OTHER);
  }

  private void wake(Simulated one, long at) {
    one.wakesAt = at;
    timers.add(at << 18 | (long) one.number << 2 | LOOK);
  }

  private Instant clock() {
    return BEGINNING.plusMillis(time + offset);
  }

  private void look(Simulated one) {
    Instant now = clock();
    Observation seen = one.seen(now);
    if (RenewalPlanner.plan(seen, now) instanceof Plan.Ask) {
      ask(one, seen, now);
    } else {
      rest(one, seen, new Outcome.Kept(), null, now);
    }
  }

  private void rest(
      Simulated one, Observation seen, Outcome outcome, @Nullable Instant again, Instant now) {
    one.failure = FailureLog.next(seen, outcome, one.order.uid(), now);
    Duration sleep = WakeUp.after(seen.withFailure(one.failure), again, now, one.draw);
    wake(one, time + sleep.toMillis());
  }

  private void ask(Simulated one, Observation seen, Instant now) {
    Instant expiry = one.stored == null ? null : one.stored.lifetime().expiresAt();
    switch (gate.turn(one.order.uid(), expiry, now)) {
      case Gate.Turn.ComeBack(Instant look, Instant slot, var obstacle) ->
          rest(one, seen, new Outcome.Waiting(obstacle, slot), look, now);
      case Gate.Turn.Go _ -> tryLogin(one, seen, now);
    }
  }

  private void tryLogin(Simulated one, Observation seen, Instant now) {
    Logins.Attempt attempt =
        Logins.Attempt.of(
            one.login, one.loginVersion == 1 ? "password" : "corrected", seen, one.version());
    switch (logins.take(attempt, now)) {
      case Logins.Turn.Busy(Instant until) -> {
        gate.unused(one.order.uid(), now);
        rest(one, seen, new Outcome.Kept(), until, now);
      }
      case Logins.Turn.Wait(Rejections known, Instant until) -> {
        gate.unused(one.order.uid(), now);
        rest(
            one,
            seen,
            Failures.loginHeldBack(one.order, one.version(), known, until, now),
            null,
            now);
      }
      case Logins.Turn.Go turn -> send(one, seen, attempt, turn, now);
    }
  }

  private void send(
      Simulated one, Observation seen, Logins.Attempt attempt, Logins.Turn.Go turn, Instant now) {
    Rejections during = turn.during();
    if (during != null) {
      Failure last = seen.failure();
      one.failure =
          last == null
              ? Failure.duringFirst(during, "request", one.version())
              : last.during(during);
    }
    one.lastRequest = now;
    attempts[one.number] = attempt;
    turns[one.number] = turn;
    askedAt[one.number] = time;
    Server.Reply reply = server.ask(one, time);
    answers[one.number] = reply.answer();
    one.answeredAt = reply.at();
    timers.add(one.answeredAt << 18 | (long) one.number << 2 | ANSWER);
  }

  private void answer(Simulated one) {
    one.answeredAt = -1;
    Instant now = clock();
    Observation seen = one.seen(now);
    switch (answers[one.number]) {
      case TokenAnswer.Granted(GrantedToken token) -> granted(one, token, now);
      case TokenAnswer.Refused refused -> rest(one, seen, refused(one, refused, now), null, now);
    }
  }

  private Outcome.Failed refused(Simulated one, TokenAnswer.Refused refused, Instant now) {
    String uid = one.order.uid();
    Logins.Attempt attempt = attempts[one.number];
    if (refused.refusal() == Refusal.CREDENTIALS_REJECTED) {
      gate.answered(uid, now);
      Rejections known = logins.refused(attempt, turns[one.number], now);
      return Failures.loginRefused(refused, one.order, one.version(), known, now);
    }
    if (refused.refusal() == Refusal.RATE_LIMITED) {
      gate.limited(uid, refused.retryAfter().orElse(Duration.ZERO), now);
    } else {
      gate.broke(uid, now);
    }
    logins.undecided(attempt);
    return Failures.refused(refused, one.order, one.version());
  }

  private void granted(Simulated one, GrantedToken token, Instant now) {
    gate.answered(one.order.uid(), now);
    logins.accepted(attempts[one.number]);
    Instant asked = BEGINNING.plusMillis(askedAt[one.number] + offset);
    StoredToken stored = Issue.of(token, asked, one.order, one.version(), one.stored).orElseThrow();
    written(one);
    one.stored = stored;
    Observation seen = one.seen(now);
    Outcome issued = new Outcome.Issued(AskCause.DUE, "");
    one.failure = FailureLog.next(seen, issued, one.order.uid(), now);
    if (steady) {
      // What it is looked at for until then finds nothing to do.
      wake(one, Duration.between(BEGINNING, stored.renewAt()).toMillis());
    } else {
      rest(one, seen, issued, null, now);
    }
  }

  private void written(Simulated one) {
    long expiry = askedAt[one.number] + scenario.life().toMillis();
    one.reader.written(time + WRITE, expiry);
    if (one.validUntil == 0) {
      firstTokens = Math.max(firstTokens, time);
    } else if (one.validUntil < time) {
      recovered();
    }
    if (one.stored != null) {
      Duration used = Duration.between(one.stored.lifetime().issuedAt(), one.stored.renewAt());
      double share = (double) used.toMillis() / scenario.life().toMillis();
      if (share > latestShare) {
        latestShare = share;
        latestRenewal = Duration.between(BEGINNING, one.stored.renewAt()).toMillis();
      }
    }
    one.validUntil = expiry;
  }

  private void recovered() {
    if (scenario.weather().stream().noneMatch(weather -> weather.isAt(time))) {
      scenario.weather().stream()
          .filter(weather -> weather.to() <= time)
          .mapToLong(weather -> time - weather.to())
          .min()
          .ifPresent(late -> recovery = Math.max(recovery, late));
    }
  }

  private void restart() {
    gate = new Gate(scenario.limits());
    logins = new Logins();
    for (Simulated one : all) {
      one.forgotten();
      Failure failure = one.failure;
      if (failure != null && failure.rejections() != null) {
        logins.learn(failure.rejections(), clock());
      }
      long first = Math.max(time, Duration.between(BEGINNING, one.created).toMillis());
      wake(one, first + 1500 + one.number * 3 / 10);
    }
  }

  // Timers go by the clock: set back, they are late until the watchdog has the process restarted.
  private void step(long by) {
    offset += by;
    long earliest = Long.MAX_VALUE;
    for (Simulated one : all) {
      earliest = Math.min(earliest, one.wakesAt);
    }
    for (Simulated one : all) {
      wake(one, Math.max(earliest, one.wakesAt - by));
    }
    if (by < -Scenario.MINUTE) {
      at(earliest + LIVENESS, this::restart);
    }
  }

  private void correctLogins() {
    for (Simulated one : all) {
      one.loginVersion = 2;
      wake(one, time + one.number * 3 / 10);
    }
  }

  private Score score() {
    double worst = 0;
    double sum = 0;
    double slowest = 0;
    for (Simulated one : all) {
      one.reader.end(end);
      worst = Math.max(worst, one.reader.expired());
      sum += one.reader.expired();
      slowest = Math.max(slowest, one.reader.worstExpired());
    }
    return new Score(
        scenario,
        worst / 1000,
        sum / 1000,
        slowest / 1000,
        MINIMA.computeIfAbsent(
            Scenario.ordinary(all.length, scenario.life(), scenario.seed())
                .lasting(scenario.length()),
            same -> minimum()),
        requests,
        recovery / 1000.0,
        firstTokens / 1000.0);
  }

  // As often as the rule renews when every request is answered at once.
  private long minimum() {
    long needed = 0;
    Instant over = BEGINNING.plusMillis(end);
    for (Simulated one : all) {
      for (Instant asked = one.created; asked.isBefore(over); needed++) {
        Lifetime life = Lifetime.of(asked, scenario.life());
        double draw = Draw.of(one.order.uid(), life.issuedAt());
        asked = RenewalSchedule.of(life, new RenewBefore.ByDefault(), draw).at();
      }
    }
    return needed;
  }
}
