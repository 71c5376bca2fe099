package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.gate.Logins;
import com.trackunit.iris.operator.gate.Obstacle;
import com.trackunit.iris.operator.oauth.GrantedToken;
import com.trackunit.iris.operator.oauth.Refusal;
import com.trackunit.iris.operator.oauth.TokenAnswer;
import com.trackunit.iris.operator.renewal.AskCause;
import com.trackunit.iris.operator.renewal.Failure;
import com.trackunit.iris.operator.renewal.Fingerprint;
import com.trackunit.iris.operator.renewal.Rejections;
import com.trackunit.iris.operator.secret.CredentialsSecret;
import com.trackunit.iris.operator.status.ClusterFailures;
import com.trackunit.iris.operator.status.Failures;
import com.trackunit.iris.operator.status.Outcome;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Tries a login, as seldom as its refusals demand, and writes a repeated try down first. */
final class LoginTry {
  private final Endpoints endpoints;
  private final Requests requests;
  private final Logins logins;
  private final StatusClient statusClient;
  private final InstantSource clock;
  // What is kept of a refused password is of no use to whoever reads this memory later.
  private final String salt = UUID.randomUUID().toString();

  LoginTry(
      Endpoints endpoints,
      Requests requests,
      Logins logins,
      StatusClient statusClient,
      InstantSource clock) {
    this.endpoints = endpoints;
    this.requests = requests;
    this.logins = logins;
    this.statusClient = statusClient;
    this.clock = clock;
  }

  ExchangeResult make(Situation situation, AskCause cause, CredentialsSecret.Usable login) {
    Instant now = clock.instant();
    return switch (logins.take(attempt(situation, login), now)) {
      case Logins.Turn.Busy(Instant until) -> new ExchangeResult.Later(new Outcome.Kept(), until);
      case Logins.Turn.Closed(Instant until) ->
          new ExchangeResult.Later(new Outcome.Waiting(Obstacle.UNAVAILABLE, until), until);
      case Logins.Turn.Wait wait ->
          ExchangeResult.notAsked(
              Failures.loginHeldBack(situation.order(), login.version(), wait, now));
      case Logins.Turn.Go turn -> askInTurn(situation, cause, login, turn);
    };
  }

  private ExchangeResult askInTurn(
      Situation situation, AskCause cause, CredentialsSecret.Usable login, Logins.Turn.Go turn) {
    try {
      return ask(situation, cause, login, turn);
    } catch (RuntimeException | Error surprise) {
      // A turn that is never given back would end the login for ever.
      logins.undecided(turn, clock.instant());
      throw surprise;
    }
  }

  private Logins.Attempt attempt(Situation situation, CredentialsSecret.Usable login) {
    String url = url(situation);
    Logins.Attempt attempt =
        Logins.Attempt.of(
            url,
            fingerprint(url, login.grant().identity()),
            fingerprint(salt, login.grant().proof()),
            situation.seen(),
            login.version());
    return login.grant().isOffline() ? attempt.acceptedOnce() : attempt;
  }

  private String url(Situation situation) {
    return endpoints.of(situation.order().grantType()).url().toString();
  }

  /** When to come back because the endpoint refuses every login; empty when one may be tried. */
  Optional<Instant> closedUntil(Situation situation) {
    Instant now = clock.instant();
    return Optional.of(logins.nextLook(url(situation), now)).filter(look -> look.isAfter(now));
  }

  private static String fingerprint(String of, List<String> parts) {
    List<String> all = new ArrayList<>(parts);
    all.addFirst(of);
    return Fingerprint.ofParts(all);
  }

  private ExchangeResult ask(
      Situation situation, AskCause cause, CredentialsSecret.Usable login, Logins.Turn.Go turn) {
    Optional<Outcome.Failed> unrecorded = record(situation, turn, login.version());
    if (unrecorded.isPresent()) {
      logins.undecided(turn, clock.instant());
      return ExchangeResult.notAsked(unrecorded.get());
    }
    Requests.Answered answered = requests.send(situation, login.grant());
    return switch (answered.answer()) {
      case TokenAnswer.Granted(GrantedToken granted) -> {
        logins.accepted(turn, clock.instant());
        yield requests.granted(situation, cause, granted, answered.asked(), login.version());
      }
      case TokenAnswer.Refused refused when refused.refusal() == Refusal.CREDENTIALS_REJECTED -> {
        Instant now = clock.instant();
        Rejections known = logins.refused(turn, now);
        Outcome.Failed outcome =
            logins.isClosed(turn, now)
                ? Failures.everyLoginRefused(
                    refused, situation.order(), login.version(), known, now)
                : Failures.loginRefused(refused, situation.order(), login.version(), known, now);
        yield new ExchangeResult.Failed(outcome, answered.asked());
      }
      case TokenAnswer.Refused refused -> {
        logins.undecided(turn, clock.instant());
        yield requests.refused(situation, refused, answered.asked(), login.version());
      }
    };
  }

  // A repeated try is written down before it is made, so that a crash cannot make it unseen.
  private Optional<Outcome.Failed> record(
      Situation situation, Logins.Turn.Go turn, String version) {
    Rejections during = turn.during();
    if (during == null) {
      return Optional.empty();
    }
    Failure recorded =
        Failure.during(
            during, situation.seen().requestHash(), turn.attempt().corrected() ? null : version);
    try {
      statusClient.writeFailures(situation.order(), situation.status(), recorded);
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return Optional.of(ClusterFailures.unrecorded(situation.order(), e.getCode()));
    }
  }
}
