package com.trackunit.iris.operator.simulation;

/**
 * How the authorization server does for a while; otherwise it grants every token within 0.4 s.
 *
 * @param from in milliseconds since the beginning
 * @param to in milliseconds since the beginning
 * @param measure the share of requests that fail, the seconds of a Retry-After (0: none) or of an
 *     answer
 */
record ServerFault(Kind kind, long from, long to, double measure) {
  enum Kind {
    /** Refuses connections at once. */
    REFUSES,
    /** Answers nothing, so that every request takes the whole time-out. */
    HANGS,
    /** A share of the requests gets a 503. */
    BROWN_OUT,
    /** Answers 429. */
    LIMITS,
    /** Answers late. */
    SLOW,
    /** A gateway answers 404. */
    NOT_FOUND,
    /** Every login gets a 401. */
    REJECTS,
    /** The server is well, and the API server takes no Secret. */
    UNWRITABLE
  }

  boolean isAt(long time) {
    return from <= time && time < to;
  }
}
