package com.trackunit.iris.operator.gate;

import com.trackunit.iris.operator.gate.Outage.Cause;
import com.trackunit.iris.operator.time.ClockReading;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whose turn it is: by the request slots, or as the prober of a server that is out. */
final class RequestTurns {
  /** The shortest wait, equal to the shortest requeue delay of a credential. */
  private static final Duration SOONEST = Duration.ofSeconds(1);

  /** The longest wait, because the rate may change meanwhile. */
  private static final Duration LATEST = Duration.ofSeconds(60);

  private final RequestSlots slots;
  private final EndpointHealth health;

  RequestTurns(RequestSlots slots, EndpointHealth health) {
    this.slots = slots;
    this.health = health;
  }

  /**
   * Takes a turn, or says when to come back.
   *
   * @param login the login of the credential, its UID while that is unknown
   */
  RequestGate.Turn of(
      String uid, String namespace, String login, @Nullable Instant expiry, ClockReading here) {
    Instant now = here.steady();
    int ahead = slots.join(uid, namespace, expiry, now);
    Outage outage = health.outage(now);
    if (outage == null || outage.cause() == Cause.REFUSED) {
      return slots.mayGo(uid, ahead, now)
          ? go(uid, now)
          : comeBack(uid, WaitReason.BUSY, slots.slot(ahead, now), here);
    }
    Instant end = expiry == null ? null : here.steadyAt(expiry);
    // A credential with a token has a login that was accepted.
    if (outage.mayProbe(login, expiry != null, end, now) && slots.isFree()) {
      outage.probing(uid, login);
      return go(uid, now);
    }
    return awaitProbe(uid, login, outage, ahead, here);
  }

  private RequestGate.Turn awaitProbe(
      String uid, String login, Outage outage, int ahead, ClockReading here) {
    Instant probe = later(outage.nextProbe(here.steady()), here.steady());
    boolean first = outage.isFirst(login, here.steady());
    Instant slot = first ? probe : probe.plus(slots.lengthOf(Math.max(1, ahead)));
    boolean pause = outage.cause() == Cause.LIMITED;
    RequestGate.Turn.ComeBack wait =
        comeBack(uid, pause ? WaitReason.LIMITED : WaitReason.UNAVAILABLE, slot, here);
    outage.expect(login, here.steadyAt(wait.look()));
    return wait;
  }

  private RequestGate.Turn go(String uid, Instant now) {
    slots.take(uid, now);
    return new RequestGate.Turn.Go();
  }

  private RequestGate.Turn.ComeBack comeBack(
      String uid, WaitReason obstacle, Instant slot, ClockReading here) {
    // Spread the retries: without the added second, all slots within the next second would be moved
    // to the same instant, and most waiters would find no free slot.
    Instant look = clamped(obstacle == WaitReason.BUSY ? slot.plus(SOONEST) : slot, here.steady());
    slots.expect(uid, look);
    return new RequestGate.Turn.ComeBack(here.clockAt(look), here.clockAt(slot), obstacle);
  }

  /** This time, but not in less than a second and not in more than a minute. */
  static Instant clamped(Instant slot, Instant now) {
    Instant soonest = later(slot, now.plus(SOONEST));
    Instant longest = now.plus(LATEST);
    return soonest.isAfter(longest) ? longest : soonest;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
