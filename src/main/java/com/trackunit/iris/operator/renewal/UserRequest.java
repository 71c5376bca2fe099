package com.trackunit.iris.operator.renewal;

import org.jspecify.annotations.Nullable;

/**
 * What the user requests besides the token itself: to suspend the requests, or to renew now.
 *
 * @param suspended whether no token may be requested
 * @param renewal identifies the last requested renewal, null when there is none
 * @param handled the renewal request that was acted on last, null when there is none
 */
public record UserRequest(boolean suspended, @Nullable String renewal, @Nullable String handled) {
  /** Not suspended, and no renewal requested. */
  public static final UserRequest NONE = new UserRequest(false, null, null);

  /** Whether a renewal was requested and no token request was made for it yet. */
  public boolean isNew() {
    return renewal != null && !renewal.equals(handled);
  }

  /** Whether this stored token was issued for the requested renewal. */
  public boolean isAnsweredBy(StoredToken token) {
    return renewal != null && renewal.equals(token.renewRequest());
  }

  /**
   * Whether the requested renewal has brought no token yet, so that the request is made or
   * repeated.
   */
  boolean isOpen(StoredToken token) {
    return renewal != null && !isAnsweredBy(token);
  }

  /** A copy after a token request, whatever its result. */
  UserRequest actedOn() {
    return renewal == null ? this : new UserRequest(suspended, renewal, renewal);
  }
}
