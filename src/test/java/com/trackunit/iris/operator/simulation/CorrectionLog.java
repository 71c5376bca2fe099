package com.trackunit.iris.operator.simulation;

import java.util.HashMap;
import java.util.Map;

/** How soon corrected logins were sent, and accepted. */
final class CorrectionLog {
  private static final int CORRECTED = 2;

  private final Map<Integer, Long> unsent = new HashMap<>();
  private final Map<Integer, Long> unaccepted = new HashMap<>();
  private long slowestTry = -1;
  private long slowestGrant = -1;

  /** A refused login was corrected in its Secrets. */
  void corrected(int login, long time) {
    unsent.put(login, time);
    unaccepted.put(login, time);
  }

  void sent(int login, int version, long time) {
    if (version == CORRECTED && unsent.containsKey(login)) {
      slowestTry = Math.max(slowestTry, time - unsent.remove(login));
    }
  }

  void granted(int login, int version, long time) {
    if (version == CORRECTED && unaccepted.containsKey(login)) {
      slowestGrant = Math.max(slowestGrant, time - unaccepted.remove(login));
    }
  }

  /** What was not tried until then, never was. */
  void end(long time) {
    unsent.forEach((_, since) -> slowestTry = Math.max(slowestTry, time - since));
    unaccepted.forEach((_, since) -> slowestGrant = Math.max(slowestGrant, time - since));
  }

  /** Both in seconds. */
  @Override
  public String toString() {
    return slowestTry < 0 ? "-" : "%.0f/%.0f".formatted(slowestTry(), slowestGrant());
  }

  /** Seconds from the correction of a refused login to its first try; negative: none was. */
  double slowestTry() {
    return slowestTry / 1000.0;
  }

  /** Seconds from the correction of a refused login to its first token; negative: none was. */
  double slowestGrant() {
    return slowestGrant / 1000.0;
  }
}
