package com.trackunit.iris.operator.status;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.gate.Admission;
import com.trackunit.iris.operator.oauth.TokenError;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.RenewalSchedule;
import com.trackunit.iris.operator.renewal.RetryClass;
import com.trackunit.iris.operator.secret.CredentialsSecret;
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
    FailureKind kind = FailureKind.of(refused);
    return new Outcome.Failed(
        kind.reason(),
        kind.retry(),
        true,
        RefusalSentences.of(refused, spec),
        refused.retryAfter().orElse(Duration.ZERO),
        loginVersion,
        null);
  }

  public static Outcome.Failed loginRefused(
      TokenResponse.Refused refused,
      EffectiveSpec spec,
      String loginVersion,
      LoginRejections rejections,
      Instant now) {
    return rejected(
        RetryClass.REJECTED,
        RefusalSentences.of(refused, spec),
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
   * The login was sent, and no answer came in time. It was never accepted, or was refused last, so
   * the server may have counted a failed login.
   */
  public static Outcome.Failed withoutVerdict(
      TokenResponse.Refused refused,
      EffectiveSpec spec,
      String loginVersion,
      LoginRejections rejections,
      Instant now) {
    String sentence =
        "The authorization server gave no answer in time (%s). It may have counted a failed login for Secret %s, so that one is sent again rarely. Check the values there."
            .formatted(refused.cause(), login(spec));
    return new Outcome.Failed(
        FailureKind.of(refused).reason(),
        RetryClass.NO_VERDICT,
        true,
        sentence,
        Duration.between(now, rejections.nextTry()),
        loginVersion,
        rejections);
  }

  /**
   * The login was not accepted before, for this or another credential, and may not be sent yet.
   *
   * @param loginVersion the version that is held back
   */
  public static Outcome.Failed loginHeldBack(
      EffectiveSpec spec, String loginVersion, Admission.HeldBack held, Instant now) {
    String sentence =
        held.byOthers()
            ? "The login in Secret %s is not sent yet: other tries of this login have used up those of an hour, so that the account is not locked. Check the values wherever this login is used."
            : "The login in Secret %s was refused before and is not sent again yet, so that the account is not locked. Check the values there.";
    return rejected(
        held.untried() ? RetryClass.HELD_BACK : RetryClass.REJECTED,
        sentence.formatted(login(spec)),
        loginVersion,
        held.known(),
        held.until(),
        now);
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

  /** The same failure; for a refused login, the sentence names the values that may be mistakes. */
  public static Outcome.Failed mentioning(
      Outcome.Failed failed, List<CredentialsSecret.Suspect> suspects) {
    if (suspects.isEmpty() || failed.reason() != Reason.CREDENTIALS_REJECTED) {
      return failed;
    }
    String places =
        suspects.stream().map(TokenFailures::oddity).collect(Collectors.joining(" and "));
    return failed.withSentence(
        failed.sentence() + " There is %s; check whether it is meant.".formatted(places));
  }

  private static String oddity(CredentialsSecret.Suspect suspect) {
    return suspect
            .unseen()
            .map("a character that cannot be seen (%s) in"::formatted)
            .orElse("a blank at an end of")
        + " the value under \"%s\"".formatted(suspect.key());
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

  static String login(EffectiveSpec spec) {
    return spec.namespace() + "/" + spec.loginSecret();
  }

  public static String target(EffectiveSpec spec) {
    return spec.namespace() + "/" + spec.targetSecret();
  }
}
