package com.trackunit.iris.operator.simulation;

import com.trackunit.iris.operator.gate.RateLimits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the authorization server sees: how many requests in any window, and which it did not want.
 */
final class RequestLog {
  private static final long TEN_MINUTES = 10 * Scenario.MINUTE;
  private static final long HALF_AN_HOUR = 30 * Scenario.MINUTE;
  private static final int[] WINDOWS = {1, 10, 60};

  private final long[] ring;
  private final int[] oldest = new int[WINDOWS.length];
  private final int[] peaks = new int[WINDOWS.length];
  private final int[] minutes;
  private final Map<Integer, Long> notBefore = new HashMap<>();
  private final Map<Integer, List<Long>> failedLogins = new HashMap<>();
  private final Map<Integer, List<Long>> lost = new HashMap<>();
  private int count;
  private int insideRetryAfter;
  private int mostFailedLogins;
  private int mostKnownFailedLogins;
  private int mostFailedInHalfAnHour;
  private int mostFailedInTenMinutes;
  private int mostFailedInAnHour;
  private final CorrectionLog corrections = new CorrectionLog();

  RequestLog(Scenario scenario) {
    // More than are allowed in the longest window.
    ring = new long[(int) (64 * scenario.limits().perSecond())];
    minutes = new int[(int) scenario.length().toMinutes() + 1];
  }

  void asked(int credential, long time) {
    ring[count++ % ring.length] = time;
    minutes[(int) (time / Scenario.MINUTE)]++;
    for (int w = 0; w < WINDOWS.length; w++) {
      while (ring[oldest[w] % ring.length] <= time - WINDOWS[w] * Scenario.SECOND) {
        oldest[w]++;
      }
      peaks[w] = Math.max(peaks[w], count - oldest[w]);
    }
    if (!notBefore.isEmpty() && time < notBefore.getOrDefault(credential, 0L)) {
      insideRetryAfter++;
    }
  }

  void limited(int credential, long until) {
    notBefore.put(credential, until);
  }

  void refused(int login, long time) {
    int failed = 1 + within(Scenario.DAY, failedLogins, login, time);
    mostFailedLogins = Math.max(mostFailedLogins, failed);
    mostKnownFailedLogins =
        Math.max(mostKnownFailedLogins, failed - within(Scenario.DAY, lost, login, time));
    int soon = 1 + within(HALF_AN_HOUR, failedLogins, login, time);
    mostFailedInHalfAnHour =
        Math.max(mostFailedInHalfAnHour, soon - within(HALF_AN_HOUR, lost, login, time));
    failedLogins.computeIfAbsent(login, unknown -> new ArrayList<>()).add(time);
    mostFailedInTenMinutes =
        Math.max(mostFailedInTenMinutes, within(TEN_MINUTES, failedLogins, login, time));
    mostFailedInAnHour =
        Math.max(mostFailedInAnHour, within(Scenario.HOUR, failedLogins, login, time));
  }

  /** Whether this login was refused since. */
  boolean isRefusedSince(int login, long time) {
    return failedLogins.getOrDefault(login, List.of()).stream().anyMatch(at -> at >= time);
  }

  CorrectionLog corrections() {
    return corrections;
  }

  /**
   * The operator was killed before it could read the refusal of a request that was made then. Of a
   * login whose refusals it knows, it could have known of this one as well.
   */
  void lost(int login, long time) {
    int earlier = within(Scenario.DAY, failedLogins, login, time) - 1;
    if (earlier == within(Scenario.DAY, lost, login, time)) {
      lost.computeIfAbsent(login, unknown -> new ArrayList<>()).add(time);
    }
  }

  private static int within(long window, Map<Integer, List<Long>> times, int login, long now) {
    return (int)
        times.getOrDefault(login, List.of()).stream().filter(time -> time > now - window).count();
  }

  int count() {
    return count;
  }

  int insideRetryAfter() {
    return insideRetryAfter;
  }

  /** The most refusals of one login in a day. */
  int mostFailedLogins() {
    return mostFailedLogins;
  }

  /** The same without those that the operator could not know of, since it was killed before. */
  int mostKnownFailedLogins() {
    return mostKnownFailedLogins;
  }

  /** The same in half an hour. */
  int mostFailedInHalfAnHour() {
    return mostFailedInHalfAnHour;
  }

  /** The most refusals of one login in ten minutes. */
  int mostFailedInTenMinutes() {
    return mostFailedInTenMinutes;
  }

  /** The most refusals of one login in an hour. */
  int mostFailedInAnHour() {
    return mostFailedInAnHour;
  }

  /** The most requests in any 1, 10 and 60 s. */
  int[] peaks() {
    return peaks.clone();
  }

  boolean isWithin(RateLimits limits) {
    double burst = Math.max(1, 2 * limits.perSecond());
    for (int w = 0; w < WINDOWS.length; w++) {
      if (peaks[w] > limits.perSecond() * WINDOWS[w] + burst) {
        return false;
      }
    }
    return true;
  }

  /** The fullest minute against the mean, after the first two hours or half of the time. */
  double peakMinute() {
    int from = Math.min(120, minutes.length / 2);
    int[] settled = Arrays.copyOfRange(minutes, from, minutes.length - 1);
    double mean = Arrays.stream(settled).average().orElseThrow();
    return Arrays.stream(settled).max().orElseThrow() / mean;
  }
}
