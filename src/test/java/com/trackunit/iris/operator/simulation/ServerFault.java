package com.trackunit.iris.operator.simulation;

/**
 * How the authorization server does for a while; otherwise it grants every token within 0.4 s.
 *
 * @param from in milliseconds since the beginning
 * @param to in milliseconds since the beginning
 * @param measure the share of requests that fail, the seconds of a Retry-After (0: none), of an
 *     answer, of a session, or between two deletions
 * @param login the only login that it concerns, -1 for all
 */
record ServerFault(Kind kind, long from, long to, double measure, int login) {
  ServerFault(Kind kind, long from, long to, double measure) {
    this(kind, from, to, measure, -1);
  }

  enum Kind {
    /** Refuses connections at once. */
    REFUSES,
    /** Answers nothing, so that every request takes the whole time-out. */
    HANGS,
    /** A share of the requests gets a 503. */
    BROWN_OUT,
    /** Answers 429. */
    LIMITS,
    /** Answers 403. */
    RESTRICTS,
    /** Answers with a token that cannot be used. */
    MALFORMED,
    /** Answers late. */
    SLOW,
    /** A gateway answers 404. */
    NOT_FOUND,
    /** Every login gets a 401. */
    REJECTS,
    /** Sessions end so long after their login, and their tokens with them. */
    SESSIONS,
    /** Another password is right than the first one; at the end, the Secrets have it. */
    ROTATED,
    /** The server is well, and the API server takes no Secret. */
    UNWRITABLE,
    /** The server is well, and credentials are deleted and created again, in another namespace. */
    RECREATED;

    /** Whether every request is answered so. */
    boolean isAnswer() {
      return switch (this) {
        case REFUSES, HANGS, BROWN_OUT, LIMITS, RESTRICTS, MALFORMED, SLOW, NOT_FOUND, REJECTS ->
            true;
        case SESSIONS, ROTATED, UNWRITABLE, RECREATED -> false;
      };
    }
  }

  /** Whether it concerns the requests with this login. */
  boolean concerns(int other) {
    return login < 0 || login == other;
  }

  boolean isAt(long time) {
    return from <= time && time < to;
  }
}
