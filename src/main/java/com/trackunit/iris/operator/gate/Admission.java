package com.trackunit.iris.operator.gate;

import com.trackunit.iris.operator.renewal.LoginRejections;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether a login that was just read may be sent. */
public sealed interface Admission {
  /**
   * The login may be sent now.
   *
   * @param during what to record before the request, null when nothing is: the values were never
   *     tried without success
   * @param repetitions how often these values got no answer; each repetition has a longer time
   *     limit
   */
  record Granted(@Nullable LoginRejections during, int repetitions) implements Admission {}

  /**
   * The login was not accepted before and has to wait, so that the account is not locked.
   *
   * @param known the refusals that hold it back
   * @param untried whether these values were not sent yet
   * @param byOthers whether other resources with this login used up its tries
   */
  record HeldBack(LoginRejections known, Instant until, boolean untried, boolean byOthers)
      implements Admission {}

  /** The credential must wait for other credentials with this login, or for the server. */
  record ComeBack(Instant look, WaitReason obstacle) implements Admission {}
}
