package com.trackunit.iris.operator.outcome;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.lockout.LoginGuard;
import com.trackunit.iris.operator.oauth.TokenError;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.RenewalSchedule;
import com.trackunit.iris.operator.renewal.RetryClass;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The failures of a token request, each with its sentence: what failed, on which object, and what
 * to do.
 */
public final class TokenFailures {
  private TokenFailures() {}

  /** The authorization server responded without a token, or not at all. */
  public static Outcome.Failed refused(
      TokenResponse.Refused refused, EffectiveSpec spec, String loginVersion) {
    return new Outcome.Failed(
        Reason.of(refused.refusal()),
        kind(refused.refusal()),
        true,
        sentence(refused.refusal(), refused.cause(), spec),
        refused.retryAfter().orElse(Duration.ZERO),
        loginVersion,
        null,
        refused.isOAuthError());
  }

  public static Outcome.Failed loginRefused(
      TokenResponse.Refused refused,
      EffectiveSpec spec,
      String loginVersion,
      LoginRejections rejections,
      Instant now) {
    return rejected(
        RetryClass.REJECTED,
        sentence(refused.refusal(), refused.cause(), spec),
        loginVersion,
        rejections,
        rejections.nextTry(),
        now);
  }

  /** The authorization server refused this login, and refuses every other login now. */
  public static Outcome.Failed everyLoginRefused(
      TokenResponse.Refused refused,
      EffectiveSpec spec,
      String loginVersion,
      LoginRejections rejections,
      Instant now) {
    String sentence =
        "The authorization server refuses every login (%s), the one in Secret %s among them, although it had accepted them before. It counts as not available, and one login at a time tries whether it accepts them again."
            .formatted(refused.cause(), login(spec));
    return new Outcome.Failed(
        Reason.ENDPOINT_UNAVAILABLE,
        RetryClass.REJECTED,
        true,
        sentence,
        Duration.between(now, rejections.nextTry()),
        loginVersion,
        rejections);
  }

  /**
   * The login was refused before, for this or another credential, and may not be sent yet.
   *
   * @param loginVersion the version that is held back
   */
  public static Outcome.Failed loginHeldBack(
      EffectiveSpec spec, String loginVersion, LoginGuard.Turn.Wait wait, Instant now) {
    String sentence =
        "The login in Secret %s was refused before and is not sent again yet, so that the account is not locked. Check the %s there."
            .formatted(login(spec), spec.grantType().proof());
    RetryClass kind = wait.untried() ? RetryClass.HELD_BACK : RetryClass.REJECTED;
    return rejected(kind, sentence, loginVersion, wait.known(), wait.until(), now);
  }

  private static Outcome.Failed rejected(
      RetryClass kind,
      String sentence,
      String loginVersion,
      LoginRejections rejections,
      Instant until,
      Instant now) {
    return new Outcome.Failed(
        Reason.CREDENTIALS_REJECTED,
        kind,
        true,
        sentence,
        Duration.between(now, until),
        loginVersion,
        rejections);
  }

  /**
   * The same failure; for a refused login, the sentence names the keys whose values begin or end
   * with a blank.
   *
   * @param keys keys of the credentials Secret with such values
   */
  public static Outcome.Failed mentioningBlanks(Outcome.Failed failed, List<String> keys) {
    if (keys.isEmpty() || failed.reason() != Reason.CREDENTIALS_REJECTED) {
      return failed;
    }
    String places =
        keys.stream().map("under \"%s\""::formatted).collect(Collectors.joining(" and "));
    return failed.withSentence(
        failed.sentence()
            + " There is a blank at an end of the value %s; check whether it is meant."
                .formatted(places));
  }

  /** The response repeats the stored token, which is about to expire. */
  public static Outcome.Failed repeated(EffectiveSpec spec, String loginVersion) {
    String cause =
        "it repeats the stored token, which expires in less than %d s"
            .formatted(RenewalSchedule.LEAST_USE.toSeconds());
    return refused(
        new TokenResponse.Refused(TokenError.MALFORMED_RESPONSE, cause, Optional.empty()),
        spec,
        loginVersion);
  }

  static Outcome.Failed waiting(Reason reason, String sentence) {
    return new Outcome.Failed(
        reason, RetryClass.WAITING, false, sentence, Duration.ZERO, null, null);
  }

  /** The retry class of an error, which decides the wait. */
  public static RetryClass kind(TokenError refusal) {
    return switch (refusal) {
      case ENDPOINT_UNAVAILABLE, MALFORMED_RESPONSE -> RetryClass.TRANSIENT;
      case RATE_LIMITED -> RetryClass.LIMITED;
      case CREDENTIALS_REJECTED -> RetryClass.REJECTED;
      case ACCESS_RESTRICTED -> RetryClass.RESTRICTED;
      case SCOPE_REJECTED, REQUEST_REJECTED, ENDPOINT_MISCONFIGURED -> RetryClass.CONFIGURATION;
      case ENDPOINT_UNTRUSTED -> RetryClass.UNTRUSTED;
    };
  }

  private static String sentence(TokenError refusal, String cause, EffectiveSpec spec) {
    return switch (refusal) {
      case ENDPOINT_UNAVAILABLE ->
          "The authorization server is not available (%s).".formatted(cause);
      case MALFORMED_RESPONSE ->
          "The authorization server's answer is not a valid token answer (%s).".formatted(cause);
      case RATE_LIMITED ->
          "The authorization server limits the rate of requests (%s).".formatted(cause);
      case CREDENTIALS_REJECTED ->
          "The authorization server refused the login (%s). Check the %s in Secret %s."
              .formatted(cause, spec.grantType().proof(), login(spec));
      case ACCESS_RESTRICTED ->
          "The authorization server restricts access (%s). Ask Trackunit whether the account of Secret %s is restricted."
              .formatted(cause, login(spec));
      case SCOPE_REJECTED ->
          "The authorization server refused the scopes \"%s\" (%s). Correct spec.scopes, or have them granted to the %s."
              .formatted(spec.requestedScope(), cause, spec.grantType().holder());
      case REQUEST_REJECTED ->
          "The authorization server refused the request (%s). Check that %s is the endpoint of %s."
              .formatted(cause, spec.grantType().variable(), spec.grantType().purpose());
      case ENDPOINT_MISCONFIGURED ->
          "This is not a token endpoint the operator can use (%s). Check %s of the operator."
              .formatted(cause, spec.grantType().variable());
      case ENDPOINT_UNTRUSTED ->
          "The authorization server cannot be trusted (%s), so nothing was sent. Check %s and IRIS_CA_BUNDLE of the operator."
              .formatted(cause, spec.grantType().variable());
    };
  }

  static String login(EffectiveSpec spec) {
    return spec.namespace() + "/" + spec.loginSecret();
  }

  public static String target(EffectiveSpec spec) {
    return spec.namespace() + "/" + spec.targetSecret();
  }
}
