package com.trackunit.iris.operator.renewal;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Says when a token of a given life is renewed.
 *
 * <p>The unused tail of a life is the outage budget, so it is kept long: a mounted Secret may show
 * a new token 91 s late (kubelet syncs a pod every 60 to 90 s), and the authorization server may be
 * out for a while before that.
 */
public final class RenewalSchedule {
  /** The time a mounted Secret may lag behind the API server, with a reserve. */
  public static final Duration MOUNT_LAG = Duration.ofMinutes(2);

  /** A user's margin must leave at least this much of a life to use the token. */
  public static final Duration LEAST_USE = Duration.ofSeconds(10);

  /** By default a token is renewed between these shares of its life, spread by its jitter. */
  public static final double EARLIEST = 0.50;

  public static final double LATEST = 0.67;

  private static final Duration GUARD = MOUNT_LAG.multipliedBy(2);

  /** A token that is renewed before this share of its life costs twice the default's requests. */
  private static final double OFTEN = EARLIEST / 2;

  private RenewalSchedule() {}

  /** What is worth telling the user about a renewal time. */
  public enum Remark {
    NONE,
    /** The life is shorter than twice the time a mounted Secret may lag. */
    SHORT_LIFETIME,
    /** The user's margin left less than {@link #LEAST_USE}, so the default rule applies. */
    MARGIN_REFUSED,
    /** The user's margin is kept, and asks for more than twice as many tokens as the default. */
    MANY_REQUESTS
  }

  /** The instant of renewal, in whole seconds, and what is worth telling about it. */
  public record Renewal(Instant at, Remark remark) {
    public Renewal {
      at = at.truncatedTo(ChronoUnit.SECONDS);
    }
  }

  /**
   * Plans the renewal of a token.
   *
   * @param jitter in [0,1), the same for the same token: see {@link Jitter}
   */
  public static Renewal of(Lifetime life, RenewBefore wish, double jitter) {
    Duration length = life.length();
    if (length.compareTo(GUARD) < 0) {
      // A pod may see the new token two minutes late, which is half of so short a life: no margin
      // covers that, and the middle leaves the most time on both sides.
      return new Renewal(life.issuedAt().plus(length.dividedBy(2)), Remark.SHORT_LIFETIME);
    }
    Instant byDefault =
        life.issuedAt().plus(share(length, EARLIEST + (LATEST - EARLIEST) * jitter));
    Instant wished =
        switch (wish) {
          case RenewBefore.ByDefault _ -> byDefault;
          case RenewBefore.Margin(Duration margin) -> life.expiresAt().minus(margin);
          case RenewBefore.Percentage(int percent) ->
              life.expiresAt().minus(share(length, percent / 100.0));
        };
    // A margin as long as the life would renew at every reconciliation.
    boolean refused = Duration.between(life.issuedAt(), wished).compareTo(LEAST_USE) < 0;
    Instant at = guarded(life, refused ? byDefault : wished);
    if (refused) {
      return new Renewal(at, Remark.MARGIN_REFUSED);
    }
    boolean often = at.isBefore(life.issuedAt().plus(share(length, OFTEN)));
    return new Renewal(at, often ? Remark.MANY_REQUESTS : Remark.NONE);
  }

  private static Instant guarded(Lifetime life, Instant at) {
    Instant latest = life.expiresAt().minus(GUARD);
    boolean roomy = life.length().compareTo(GUARD.multipliedBy(2)) >= 0;
    return roomy && at.isAfter(latest) ? latest : at;
  }

  private static Duration share(Duration length, double share) {
    return Duration.ofMillis((long) (length.toMillis() * share));
  }
}
