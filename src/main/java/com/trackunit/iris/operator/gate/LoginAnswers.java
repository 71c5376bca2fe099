package com.trackunit.iris.operator.gate;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When the server answered last in time, and when its last outage ended; on the wall clock. */
final class LoginAnswers {
  private String login = "";
  private Instant at = Instant.MIN;
  // The last answer to a login other than that one.
  private Instant otherAt = Instant.MIN;
  private Instant outageEnd = Instant.MIN;

  void answered(String by, Instant now) {
    if (!by.equals(login)) {
      otherAt = at;
      login = by;
    }
    at = now;
  }

  /** Whether another login was answered since; false when {@code since} is null. */
  boolean isByOther(String than, @Nullable Instant since) {
    Instant last = than.equals(login) ? otherAt : at;
    return since != null && last.isAfter(since);
  }

  void outageEnded(Instant now) {
    outageEnd = now;
  }

  Instant outageEnd() {
    return outageEnd;
  }
}
