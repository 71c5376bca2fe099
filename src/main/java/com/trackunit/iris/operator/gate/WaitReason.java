package com.trackunit.iris.operator.gate;

/** Why a credential must wait for its turn. */
public enum WaitReason {
  /** Other credentials use up the rate limit or the limit of concurrent requests. */
  BUSY,
  /** Other credentials try the same login now. */
  SAME_LOGIN,
  /** The last request of another credential with this login failed; all of them wait together. */
  LOGIN_FAILS,
  /** The authorization server is not available; one request at a time probes whether it is back. */
  UNAVAILABLE,
  /** The authorization server limited two logins, so all credentials pause. */
  LIMITED
}
