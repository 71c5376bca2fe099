package com.trackunit.iris.operator.renewal;

import org.jspecify.annotations.Nullable;

/**
 * What a person demands beside the token itself: to be left alone, or to be given another one now.
 *
 * @param suspended whether nobody is to be asked
 * @param renewal names the renewal that was requested last, null when none was
 * @param handled the request that was acted on last, null when none was
 */
public record UserRequest(boolean suspended, @Nullable String renewal, @Nullable String handled) {
  /** Nothing special. */
  public static final UserRequest NONE = new UserRequest(false, null, null);

  /** Whether a renewal was requested and nobody has been asked for it yet. */
  public boolean isNew() {
    return renewal != null && !renewal.equals(handled);
  }

  /** Whether a stored token came of the request. */
  public boolean isAnsweredBy(StoredToken token) {
    return renewal != null && renewal.equals(token.renewRequest());
  }

  /** Whether the request is still to be made, perhaps once more: no token came of it yet. */
  boolean isOpen(StoredToken token) {
    return renewal != null && !isAnsweredBy(token);
  }

  /** The same after a request, whatever comes of it. */
  UserRequest actedOn() {
    return renewal == null ? this : new UserRequest(suspended, renewal, renewal);
  }
}
