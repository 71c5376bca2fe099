package com.trackunit.iris.operator.controller;

import com.trackunit.iris.operator.gate.Logins;
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

  Exchange.Result make(Situation situation, AskCause cause, CredentialsSecret.Usable login) {
    Instant now = clock.instant();
    return switch (logins.take(attempt(situation, login), now)) {
      case Logins.Turn.Busy(Instant until) -> new Exchange.Result.Later(new Outcome.Kept(), until);
      case Logins.Turn.Wait wait ->
          Exchange.Result.notAsked(
              Failures.loginHeldBack(situation.order(), login.version(), wait, now));
      case Logins.Turn.Go turn -> askInTurn(situation, cause, login, turn);
    };
  }

  private Exchange.Result askInTurn(
      Situation situation, AskCause cause, CredentialsSecret.Usable login, Logins.Turn.Go turn) {
    try {
      return ask(situation, cause, login, turn);
    } catch (RuntimeException | Error surprise) {
      // A turn that is never given back would end the login for ever.
      logins.undecided(turn);
      throw surprise;
    }
  }

  private Logins.Attempt attempt(Situation situation, CredentialsSecret.Usable login) {
    String url = endpoints.of(situation.order().grantType()).url().toString();
    Logins.Attempt attempt =
        Logins.Attempt.of(
            fingerprint(url, login.grant().identity()),
            fingerprint(salt, login.grant().proof()),
            situation.seen(),
            login.version());
    return login.grant().isOffline() ? attempt.acceptedOnce() : attempt;
  }

  private static String fingerprint(String of, List<String> parts) {
    List<String> all = new ArrayList<>(parts);
    all.addFirst(of);
    return Fingerprint.ofParts(all);
  }

  private Exchange.Result ask(
      Situation situation, AskCause cause, CredentialsSecret.Usable login, Logins.Turn.Go turn) {
    int code = turn.during() == null ? 0 : record(situation, turn, turn.during(), login.version());
    if (code != 0) {
      logins.undecided(turn);
      return Exchange.Result.notAsked(ClusterFailures.unrecorded(situation.order(), code));
    }
    Requests.Answered answered = requests.send(situation, login.grant());
    return switch (answered.answer()) {
      case TokenAnswer.Granted(GrantedToken granted) -> {
        logins.accepted(turn);
        yield requests.granted(situation, cause, granted, answered.asked(), login.version());
      }
      case TokenAnswer.Refused refused when refused.refusal() == Refusal.CREDENTIALS_REJECTED -> {
        Instant now = clock.instant();
        Rejections known = logins.refused(turn, now);
        yield new Exchange.Result.Failed(
            Failures.loginRefused(refused, situation.order(), login.version(), known, now),
            answered.asked());
      }
      case TokenAnswer.Refused refused -> {
        logins.undecided(turn);
        yield requests.refused(situation, refused, answered.asked(), login.version());
      }
    };
  }

  // A try is written down before it is made, so that a crash cannot make it unseen. Returns 0, or
  // the HTTP status of what prevented it.
  private int record(Situation situation, Logins.Turn.Go turn, Rejections during, String version) {
    Failure recorded =
        Failure.during(
            during, situation.seen().requestHash(), turn.attempt().corrected() ? null : version);
    try {
      statusClient.writeFailures(situation.order(), situation.status(), recorded);
      return 0;
    } catch (KubernetesClientException e) {
      return e.getCode() == 0 ? -1 : e.getCode();
    }
  }
}
