package com.trackunit.iris.operator.gate;

/**
 * Request limits of one authorization server.
 *
 * @param perSecond requests per second; the burst is twice this number, and at least 1
 * @param inFlight maximum number of concurrent requests
 */
public record RateLimits(double perSecond, int inFlight) {
  double burst() {
    return Math.max(1, 2 * perSecond);
  }
}
