package com.trackunit.iris.operator.outcome;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.gate.WaitReason;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.renewal.RetryClass;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What came of one step. Whatever can be expected to go wrong is a value here, never an exception.
 */
public sealed interface Outcome {

  /** Nothing was to be done. */
  record Kept() implements Outcome {}

  /**
   * A token is wanted, and others ask before it.
   *
   * @param slot when it is likely to be its turn
   */
  record Waiting(WaitReason obstacle, Instant slot) implements Outcome {}

  /**
   * A token was issued and written.
   *
   * @param remarks sentences about the answer that a user should know, empty when there are none
   */
  record Issued(RenewalCause cause, String remarks) implements Outcome {
    /** A token that was just granted. */
    public static Issued of(RenewalCause cause, EffectiveSpec spec, IssuedToken granted) {
      return new Issued(cause, ResponseRemarks.of(spec, granted));
    }
  }

  /** The Secret was written again from the token stored in it. */
  record Rendered() implements Outcome {}

  /** The credential became the owner of a Secret that was written for it earlier. */
  record Adopted() implements Outcome {}

  /**
   * The step failed.
   *
   * @param asked whether the authorization server was asked in this step
   * @param sentence what, which and what to do; without the time of the next try
   * @param retryAfter what the server asked for, or for a refused login what is left of its wait;
   *     zero: nothing
   * @param loginVersion the version of the credentials Secret that was used, null when none was
   * @param rejections what is known of refusals of that login, null when nothing is
   * @param oauthError whether the server stated an error of RFC 6749, which no gateway does
   */
  record Failed(
      Reason reason,
      RetryClass kind,
      boolean asked,
      String sentence,
      Duration retryAfter,
      @Nullable String loginVersion,
      @Nullable LoginRejections rejections,
      boolean oauthError)
      implements Outcome {

    /** The same in other words. */
    Failed withSentence(String words) {
      return new Failed(
          reason, kind, asked, words, retryAfter, loginVersion, rejections, oauthError);
    }

    /** Nothing that states an error of RFC 6749. */
    public Failed(
        Reason reason,
        RetryClass kind,
        boolean asked,
        String sentence,
        Duration retryAfter,
        @Nullable String loginVersion,
        @Nullable LoginRejections rejections) {
      this(reason, kind, asked, sentence, retryAfter, loginVersion, rejections, false);
    }

    /** The same, when a token had been obtained before it failed. */
    Failed afterRequest() {
      return new Failed(
          reason, kind, true, sentence, retryAfter, loginVersion, rejections, oauthError);
    }
  }
}
