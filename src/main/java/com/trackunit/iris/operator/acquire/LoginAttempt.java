package com.trackunit.iris.operator.acquire;

import com.trackunit.iris.operator.gate.WaitReason;
import com.trackunit.iris.operator.lockout.Attempt;
import com.trackunit.iris.operator.lockout.LoginGuard;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.oauth.TokenError;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.outcome.KubernetesFailures;
import com.trackunit.iris.operator.outcome.Outcome;
import com.trackunit.iris.operator.outcome.Reason;
import com.trackunit.iris.operator.outcome.RetryStateFormat;
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
import java.util.function.Supplier;

/**
 * Sends a login, as rarely as its earlier refusals require. Records each retry of a refused login
 * before it is sent.
 */
public final class LoginAttempt {
  private final TokenEndpoints endpoints;
  private final TokenRequests requests;
  private final LoginGuard logins;
  private final AttemptRecorder recorder;
  private final InstantSource clock;
  // Salt of this process: a password fingerprint that leaks without it cannot be checked against
  // guesses.
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
      CredentialContext context, RenewalCause cause, CredentialsSecret.Usable login) {
    Instant now = clock.instant();
    return switch (logins.take(attempt(context, login), now)) {
      case LoginGuard.Turn.Busy(Instant until) -> later(context, WaitReason.SAME_LOGIN, until, now);
      case LoginGuard.Turn.Closed(Instant until) ->
          later(context, WaitReason.UNAVAILABLE, until, now);
      case LoginGuard.Turn.Wait wait ->
          refused(login, TokenFailures.loginHeldBack(context.spec(), login.version(), wait, now));
      case LoginGuard.Turn.Go turn -> guarded(turn, () -> ask(context, cause, login, turn));
    };
  }

  private static AcquisitionResult later(
      CredentialContext context, WaitReason obstacle, Instant until, Instant now) {
    return new AcquisitionResult.Later(context.memory().waits(obstacle, until, now), until);
  }

  private AcquisitionResult guarded(LoginGuard.Turn.Go turn, Supplier<AcquisitionResult> part) {
    try {
      return part.get();
    } catch (RuntimeException | Error surprise) {
      // Without this, the turn would stay taken and the login would never be sent again.
      logins.undecided(turn, clock.instant());
      throw surprise;
    }
  }

  private Attempt attempt(CredentialContext context, CredentialsSecret.Usable login) {
    String url = url(context);
    Attempt attempt =
        Attempt.of(
            url,
            fingerprint(url, login.grant().identity()),
            fingerprint(salt, login.grant().proof()),
            context.seen(),
            login.version());
    return login.grant().isOffline() ? attempt.acceptedOnce() : attempt;
  }

  private String url(CredentialContext context) {
    return endpoints.of(context.spec().grantType()).url().toString();
  }

  /**
   * When to try again because the endpoint refuses every login; empty when a login may be sent now.
   */
  Optional<Instant> closedUntil(CredentialContext context) {
    Instant now = clock.instant();
    return Optional.of(logins.nextLook(url(context), now)).filter(look -> look.isAfter(now));
  }

  private static String fingerprint(String of, List<String> parts) {
    List<String> all = new ArrayList<>(parts);
    all.addFirst(of);
    return Fingerprint.ofParts(all);
  }

  private AcquisitionResult ask(
      CredentialContext context,
      RenewalCause cause,
      CredentialsSecret.Usable login,
      LoginGuard.Turn.Go turn) {
    Optional<Outcome.Failed> unrecorded = record(context, turn, login.version());
    if (unrecorded.isPresent()) {
      logins.undecided(turn, clock.instant());
      return new AcquisitionResult.Failed(unrecorded.get());
    }
    return requests.ask(
        context,
        login.grant(),
        (answer, asked) -> answered(context, cause, login, turn, answer, asked),
        () -> logins.undecided(turn, clock.instant()));
  }

  private AcquisitionResult answered(
      CredentialContext context,
      RenewalCause cause,
      CredentialsSecret.Usable login,
      LoginGuard.Turn.Go turn,
      TokenResponse answer,
      Instant asked) {
    return switch (answer) {
      case TokenResponse.Granted(IssuedToken granted) -> {
        logins.accepted(turn, clock.instant());
        yield requests.granted(context, cause, granted, asked, login.version());
      }
      case TokenResponse.Refused refused
          when refused.refusal() == TokenError.CREDENTIALS_REJECTED ->
          refused(login, refused(context, login, turn, refused));
      case TokenResponse.Refused refused -> {
        logins.undecided(turn, clock.instant());
        yield requests.refused(context, refused, login.version());
      }
    };
  }

  private static AcquisitionResult refused(CredentialsSecret.Usable login, Outcome.Failed failed) {
    return new AcquisitionResult.Failed(TokenFailures.mentioningBlanks(failed, login.padded()));
  }

  private Outcome.Failed refused(
      CredentialContext context,
      CredentialsSecret.Usable login,
      LoginGuard.Turn.Go turn,
      TokenResponse.Refused refused) {
    Instant now = clock.instant();
    LoginRejections known = logins.refused(turn, now);
    return logins.isClosed(turn, now)
        ? TokenFailures.everyLoginRefused(refused, context.spec(), login.version(), known, now)
        : TokenFailures.loginRefused(refused, context.spec(), login.version(), known, now);
  }

  // A retry is recorded before the request, so that a crash cannot hide it.
  private Optional<Outcome.Failed> record(
      CredentialContext context, LoginGuard.Turn.Go turn, String version) {
    LoginRejections during = turn.during();
    if (during == null) {
      return Optional.empty();
    }
    RetryState recorded =
        RetryState.during(
            during,
            Reason.CREDENTIALS_REJECTED.text(),
            context.seen().requestHash(),
            turn.attempt().corrected() ? null : version);
    try {
      recorder.record(
          context.spec(), context.status().withFailures(RetryStateFormat.write(recorded)));
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return Optional.of(KubernetesFailures.unrecorded(context.spec(), e.getCode()));
    }
  }
}
