package com.trackunit.iris.operator.status;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.gate.WaitReason;
import com.trackunit.iris.operator.oauth.IssuedToken;
import com.trackunit.iris.operator.renewal.LoginRejections;
import com.trackunit.iris.operator.renewal.RenewalCause;
import com.trackunit.iris.operator.renewal.RetryClass;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The result of one step. An expected failure is a value, never an exception. */
public sealed interface Outcome {

  /** Nothing was changed. */
  record Kept() implements Outcome {}

  /**
   * A token is needed, but no request may be sent yet.
   *
   * @param slot when the credential will probably get its turn
   * @param since when the wait began
   */
  record AwaitingSlot(WaitReason obstacle, Instant slot, Instant since) implements Outcome {
    private static final Duration SHORT = Duration.ofSeconds(30);

    /**
     * Whether only other credentials are in the way, and the turn will probably come less than 30
     * seconds after the wait began.
     */
    public boolean isShort() {
      boolean others = obstacle == WaitReason.BUSY || obstacle == WaitReason.SAME_LOGIN;
      return others && slot.isBefore(since.plus(SHORT));
    }
  }

  /**
   * A token was issued and written.
   *
   * @param remarks sentences about the response for the user, empty when there are none
   */
  record Issued(RenewalCause cause, String remarks) implements Outcome {
    public static Issued of(RenewalCause cause, EffectiveSpec spec, IssuedToken granted) {
      return new Issued(cause, ResponseRemarks.of(spec, granted));
    }
  }

  /** The target Secret was written again, with the token stored in it. */
  record Repaired() implements Outcome {}

  /** The credential became the owner of a Secret that the operator had written for it earlier. */
  record Adopted() implements Outcome {}

  /**
   * The step failed.
   *
   * @param ofARequest whether the authorization server was called in this step, or an earlier
   *     refusal still holds the login back
   * @param sentence what failed, on which object, and what to do; without the time of the next try
   * @param retryAfter the wait that the server requests, or the remaining wait of a refused login;
   *     zero when there is none
   * @param loginVersion the version of the credentials Secret that was used, null when none was
   * @param rejections the known refusals of that login, null when there are none
   * @param inARow failures of this class in a row, of all credentials with the login; 0 when only
   *     this credential counts
   */
  record Failed(
      Reason reason,
      RetryClass kind,
      boolean ofARequest,
      String sentence,
      Duration retryAfter,
      @Nullable String loginVersion,
      @Nullable LoginRejections rejections,
      int inARow)
      implements Outcome {

    /** A copy with another sentence. */
    Failed withSentence(String words) {
      return new Failed(
          reason, kind, ofARequest, words, retryAfter, loginVersion, rejections, inARow);
    }

    /** A failure that only this credential counts. */
    public Failed(
        Reason reason,
        RetryClass kind,
        boolean ofARequest,
        String sentence,
        Duration retryAfter,
        @Nullable String loginVersion,
        @Nullable LoginRejections rejections) {
      this(reason, kind, ofARequest, sentence, retryAfter, loginVersion, rejections, 0);
    }

    /** A copy that counts the failures of all credentials with the login. */
    public Failed withInARow(int failures) {
      return new Failed(
          reason, kind, ofARequest, sentence, retryAfter, loginVersion, rejections, failures);
    }

    /** A copy for a failure that came after a token was issued. */
    Failed afterRequest() {
      return new Failed(reason, kind, true, sentence, retryAfter, loginVersion, rejections, inARow);
    }
  }
}
