package com.trackunit.iris.operator.gate;

/**
 * What an authorization server is asked for at most.
 *
 * @param perSecond requests a second; twice that, or one, may come at once
 * @param inFlight requests at the same time
 */
public record RateLimits(double perSecond, int inFlight) {
  double burst() {
    return Math.max(1, 2 * perSecond);
  }
}
