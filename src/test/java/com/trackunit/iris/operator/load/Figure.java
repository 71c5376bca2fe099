package com.trackunit.iris.operator.load;

/** What is measured, in the order of the table. */
enum Figure {
  READY("start to ready", "%.2f s"),
  FIRST_TOKEN("start to the first token", "%.2f s"),
  FILL("start to all tokens", "%.1f s"),
  FLOOR("floor: the same writes by a plain client", "%.1f s"),
  RATIO("all tokens / floor", "%.2f"),
  FILL_CALLS("API calls per first token", "%.2f"),
  FILL_CPU("CPU per first token, start included", "%.1f ms"),
  RESIDENT("resident memory after it", "%.0f MiB"),
  LIVE("live heap", "%.1f MiB"),
  RENEWAL_CALLS("API calls per renewal", "%.2f"),
  RENEWAL_CPU("CPU per renewal", "%.1f ms"),
  MOST_RESIDENT("resident memory at most", "%.0f MiB"),
  SCRAPE("size of a scrape", "%.0f kB"),
  SCRAPE_GZIP("size of a scrape, gzip", "%.0f kB"),
  SCRAPE_TIME("time of a scrape", "%.0f ms"),
  RESTART_READY("restart to ready", "%.2f s"),
  RESTART_FLOOR("floor: the same lists by a plain client", "%.2f s"),
  RESTART_RATIO("restart to ready / floor", "%.2f"),
  RESTART_STEADY("restart to steady", "%.1f s"),
  RESTART_CPU("CPU of a restart", "%.1f s"),
  RESTART_REQUESTS("token requests of a restart", "%.0f"),
  RESTART_WRITES("writes of a restart", "%.0f"),
  RESTART_RESIDENT("resident memory of a restart at most", "%.0f MiB"),
  DELETION("deletion of all", "%.1f s"),
  DELETION_LIVE("live heap after it", "%.1f MiB"),
  IDLE_CALLS("API calls in ten idle minutes", "%.0f"),
  IDLE_CPU("CPU of ten idle minutes", "%.1f s"),
  IDLE_RESIDENT("resident memory after ten idle minutes", "%.0f MiB"),
  STEADY_RENEWALS("renewals in 15 minutes, tokens of 600 s", "%.0f"),
  LATENESS_MEDIAN("lateness of a renewal, median", "%.2f s"),
  LATENESS_P99("lateness of a renewal, 99 of 100", "%.2f s"),
  LATENESS_MOST("lateness of a renewal, at most", "%.2f s");

  private final String title;
  private final String format;

  Figure(String title, String format) {
    this.title = title;
    this.format = format;
  }

  String title() {
    return title;
  }

  String shown(double value) {
    return format.formatted(value);
  }
}
