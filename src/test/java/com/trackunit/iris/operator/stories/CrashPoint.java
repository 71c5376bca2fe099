package com.trackunit.iris.operator.stories;

import com.trackunit.iris.operator.support.FaultyApiServer.Call;
import com.trackunit.iris.operator.support.FaultyApiServer.Fault;
import java.util.Locale;

/**
 * Where the process is killed: at a call of a workload, told by its number.
 *
 * @param number of the call, the first is 0
 */
record CrashPoint(CrashWorkload workload, int number, Side side) {

  /** On which side of the API server's work. */
  enum Side {
    /** The call does not reach the API server. */
    BEFORE(Fault.UNHEARD),
    /** The call is committed, its answer does not reach the process. */
    AFTER(Fault.ANSWER_LOST);

    private final Fault fault;

    Side(Fault fault) {
      this.fault = fault;
    }

    Fault fault() {
      return fault;
    }
  }

  /** One that {@link #toString} wrote. */
  static CrashPoint parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException(
          "-Dplan=<workload>:<call>:<before|after> it is, not " + text);
    }
    return new CrashPoint(
        CrashWorkload.of(parts[0]),
        Integer.parseInt(parts[1]),
        Side.valueOf(parts[2].toUpperCase(Locale.ROOT)));
  }

  /**
   * Whether an Event may be lost here: it is written once, after the status. Nobody waits for it,
   * and the status says the same. A restoration is said by its Event alone, so it is lost with
   * every process that ends between the write of the Secret and that of the Event.
   */
  boolean mayLoseEvents(Call killed) {
    boolean restores =
        workload == CrashWorkload.TARGET_DELETED || workload == CrashWorkload.TARGET_EDITED;
    boolean unsaid = isSecret(killed) && side == Side.AFTER || isStatus(killed);
    return isEvent(killed) && side == Side.BEFORE
        || isStatus(killed) && side == Side.AFTER
        || restores && unsaid;
  }

  private static boolean isSecret(Call call) {
    return call.writes() && call.path().contains("/secrets");
  }

  private static boolean isEvent(Call call) {
    return call.path().contains("/events");
  }

  private static boolean isStatus(Call call) {
    return call.writes() && call.path().endsWith("/status");
  }

  @Override
  public String toString() {
    return workload.text() + ":" + number + ":" + side.name().toLowerCase(Locale.ROOT);
  }
}
