package com.trackunit.iris.operator.simulation;

/**
 * What came of a scenario, in seconds.
 *
 * @param expired the longest that a reader saw an expired token
 * @param expiredInSum of all readers
 * @param worstExpired the same for the slowest kubelet
 * @param expiredOfOthers of those whose login no trouble of one login concerns
 * @param minimum requests that the renewal rule alone needs
 * @param recovery the longest time from the end of a fault until all tokens were valid
 * @param firstTokens until every credential had its first token
 * @param failedSteps how often a credential was told that its step failed
 */
record Result(
    Scenario scenario,
    double expired,
    double expiredInSum,
    double worstExpired,
    double expiredOfOthers,
    long minimum,
    RequestLog requests,
    double recovery,
    double firstTokens,
    int failedSteps) {
  double ratio() {
    return (double) requests.count() / minimum;
  }

  static final String HEADING =
      "%-36s %6s %6s %5s | %9s %11s %9s %7s | %9s %6s %5s | %15s %5s | %11s %9s | %8s | %7s"
          .formatted(
              "scenario",
              "number",
              "life",
              "cap",
              "expired",
              "in sum",
              "slowest",
              "others",
              "requests",
              "/ min",
              "flat",
              "peak 1/10/60 s",
              "early",
              "logins",
              "corrected",
              "recovery",
              "failed");

  String line() {
    int[] peaks = requests.peaks();
    return "%-36s %6d %6d %5.0f | %9.1f %11.1f %9.1f %7.0f | %9d %6.3f %5.2f | %15s %5d | %11s %9s | %8.1f | %7d"
        .formatted(
            scenario.name(),
            scenario.credentials(),
            scenario.life().toSeconds(),
            scenario.limits().perSecond(),
            expired,
            expiredInSum,
            worstExpired,
            expiredOfOthers,
            requests.count(),
            ratio(),
            requests.peakMinute(),
            peaks[0] + "/" + peaks[1] + "/" + peaks[2],
            requests.insideRetryAfter(),
            requests.mostFailedLogins()
                + "/"
                + requests.mostKnownFailedLogins()
                + "/"
                + requests.mostFailedInAnHour()
                + "/"
                + requests.mostFailedInHalfAnHour()
                + "/"
                + requests.mostFailedInTenMinutes(),
            requests.corrections(),
            recovery,
            failedSteps);
  }
}
