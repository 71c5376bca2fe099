package com.trackunit.iris.operator.status;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.secret.CredentialsSecret;
import com.trackunit.iris.operator.secret.SecretMetadata;

/** The failures of a credentials Secret that are found before a request, each with its sentence. */
public final class CredentialsSecretFailures {
  private CredentialsSecretFailures() {}

  public static Outcome.Failed missing(EffectiveSpec spec) {
    return TokenFailures.waiting(
        Reason.CREDENTIALS_SECRET_NOT_FOUND,
        "Secret %s does not exist. Create it with the keys %s."
            .formatted(
                TokenFailures.login(spec),
                RefusalSentences.enumerated(spec.loginKeys().of(spec.grantType()))));
  }

  /** The Secret is never a login, whatever its keys hold. */
  public static Outcome.Failed unfit(CredentialsSecret.Unfit unfit, EffectiveSpec spec) {
    String sentence =
        switch (unfit.ground()) {
          case TARGET_SECRET ->
              "is the target Secret of a credential, and such a Secret is never a login. Name another one in spec.credentialsSecretRef.name.";
          case NO_LABEL ->
              "has no label %s: \"%s\", which this operator requires of a login. Label it, or name another one in spec.credentialsSecretRef.name."
                  .formatted(SecretMetadata.LOGIN_LABEL, SecretMetadata.LOGIN);
        };
    return TokenFailures.waiting(
        Reason.CREDENTIALS_SECRET_INVALID, "Secret " + TokenFailures.login(spec) + " " + sentence);
  }

  /** The credentials Secret contains a value that must not be sent. */
  public static Outcome.Failed invalid(CredentialsSecret.Invalid invalid, EffectiveSpec spec) {
    String key = invalid.key();
    String sentence =
        switch (invalid.problem()) {
          case MISSING ->
              "has no key \"%s\". Add it, or name another key in spec.credentialsSecretRef.keys.";
          case EMPTY -> "has an empty key \"%s\". Fill it in.";
          case TOO_LARGE -> "has more than 4 KiB under the key \"%s\". Put the value alone there.";
          case NOT_UTF8 ->
              "has something else than UTF-8 text under the key \"%s\". Write it again as UTF-8.";
          case CONTROL_CHARACTER ->
              "has a control character under the key \"%s\", often a newline at the end. Write it again without it.";
          case TAB -> "has a tab under the key \"%s\". Write it again without it.";
          case BYTE_ORDER_MARK ->
              "has a byte order mark (U+FEFF) before the value of the key \"%s\", which cannot be seen. Write it again without.";
          case NOT_ASCII ->
              "has a character outside ASCII under the key \"%s\", which a client id or secret cannot have; it may be one that cannot be seen. Write it again.";
          case BLANK_AT_AN_END ->
              "has a blank at an end of the value of the key \"%s\", which a client id or secret cannot have. Write it again without.";
          case COLON ->
              "has a colon under the key \"%s\", which a client id cannot have. Check it.";
        };
    return TokenFailures.waiting(
        Reason.CREDENTIALS_SECRET_INVALID,
        "Secret " + TokenFailures.login(spec) + " " + sentence.formatted(key));
  }
}
