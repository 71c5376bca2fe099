package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.gate.WaitReason;
import com.trackunit.iris.operator.lockout.LoginGuard;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.oauth.TokenError;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.outcome.KubernetesFailures;
import com.trackunit.iris.operator.outcome.Outcome;
import com.trackunit.iris.operator.outcome.Reason;
import com.trackunit.iris.operator.outcome.TokenFailures;
import com.trackunit.iris.operator.renewal.Fingerprint;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.renewal.RetryState;
import com.trackunit.iris.operator.secret.CredentialsSecret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Tries a login, as seldom as its refusals demand, and writes a repeated try down first. */
public final class LoginAttempt {
  private final TokenEndpoints endpoints;
  private final TokenRequests requests;
  private final LoginGuard logins;
  private final AttemptRecorder recorder;
  private final InstantSource clock;
  // What is kept of a refused password is of no use to whoever reads this memory later.
  private final String salt = UUID.randomUUID().toString();

  public LoginAttempt(
      TokenEndpoints endpoints,
      TokenRequests requests,
      LoginGuard logins,
      AttemptRecorder recorder,
      InstantSource clock) {
    this.endpoints = endpoints;
    this.requests = requests;
    this.logins = logins;
    this.recorder = recorder;
    this.clock = clock;
  }

  AcquisitionResult make(
      CredentialContext situation, RenewalCause cause, CredentialsSecret.Usable login) {
    Instant now = clock.instant();
    return switch (logins.take(attempt(situation, login), now)) {
      case LoginGuard.Turn.Busy(Instant until) ->
          new AcquisitionResult.Later(new Outcome.Kept(), until);
      case LoginGuard.Turn.Closed(Instant until) ->
          new AcquisitionResult.Later(new Outcome.Waiting(WaitReason.UNAVAILABLE, until), until);
      case LoginGuard.Turn.Wait wait ->
          AcquisitionResult.notAsked(
              TokenFailures.loginHeldBack(situation.order(), login.version(), wait, now));
      case LoginGuard.Turn.Go turn -> askInTurn(situation, cause, login, turn);
    };
  }

  private AcquisitionResult askInTurn(
      CredentialContext situation,
      RenewalCause cause,
      CredentialsSecret.Usable login,
      LoginGuard.Turn.Go turn) {
    try {
      return ask(situation, cause, login, turn);
    } catch (RuntimeException | Error surprise) {
      // A turn that is never given back would end the login for ever.
      logins.undecided(turn, clock.instant());
      throw surprise;
    }
  }

  private LoginGuard.Attempt attempt(CredentialContext situation, CredentialsSecret.Usable login) {
    String url = url(situation);
    LoginGuard.Attempt attempt =
        LoginGuard.Attempt.of(
            url,
            fingerprint(url, login.grant().identity()),
            fingerprint(salt, login.grant().proof()),
            situation.seen(),
            login.version());
    return login.grant().isOffline() ? attempt.acceptedOnce() : attempt;
  }

  private String url(CredentialContext situation) {
    return endpoints.of(situation.order().grantType()).url().toString();
  }

  /** When to come back because the endpoint refuses every login; empty when one may be tried. */
  Optional<Instant> closedUntil(CredentialContext situation) {
    Instant now = clock.instant();
    return Optional.of(logins.nextLook(url(situation), now)).filter(look -> look.isAfter(now));
  }

  private static String fingerprint(String of, List<String> parts) {
    List<String> all = new ArrayList<>(parts);
    all.addFirst(of);
    return Fingerprint.ofParts(all);
  }

  private AcquisitionResult ask(
      CredentialContext situation,
      RenewalCause cause,
      CredentialsSecret.Usable login,
      LoginGuard.Turn.Go turn) {
    Optional<Outcome.Failed> unrecorded = record(situation, turn, login.version());
    if (unrecorded.isPresent()) {
      logins.undecided(turn, clock.instant());
      return AcquisitionResult.notAsked(unrecorded.get());
    }
    TokenRequests.Answered answered = requests.send(situation, login.grant());
    return switch (answered.answer()) {
      case TokenResponse.Granted(IssuedToken granted) -> {
        logins.accepted(turn, clock.instant());
        yield requests.granted(situation, cause, granted, answered.asked(), login.version());
      }
      case TokenResponse.Refused refused
          when refused.refusal() == TokenError.CREDENTIALS_REJECTED -> {
        Instant now = clock.instant();
        LoginRejections known = logins.refused(turn, now);
        Outcome.Failed outcome =
            logins.isClosed(turn, now)
                ? TokenFailures.everyLoginRefused(
                    refused, situation.order(), login.version(), known, now)
                : TokenFailures.loginRefused(
                    refused, situation.order(), login.version(), known, now);
        yield new AcquisitionResult.Failed(outcome, answered.asked());
      }
      case TokenResponse.Refused refused -> {
        logins.undecided(turn, clock.instant());
        yield requests.refused(situation, refused, answered.asked(), login.version());
      }
    };
  }

  // A repeated try is written down before it is made, so that a crash cannot make it unseen.
  private Optional<Outcome.Failed> record(
      CredentialContext situation, LoginGuard.Turn.Go turn, String version) {
    LoginRejections during = turn.during();
    if (during == null) {
      return Optional.empty();
    }
    RetryState recorded =
        RetryState.during(
            during,
            Reason.CREDENTIALS_REJECTED.text(),
            situation.seen().requestHash(),
            turn.attempt().corrected() ? null : version);
    try {
      recorder.writeFailures(situation.order(), situation.status(), recorded);
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return Optional.of(KubernetesFailures.unrecorded(situation.order(), e.getCode()));
    }
  }
}
