package com.trackunit.iris.operator.renewal;

/** Why a token is requested; there are no other causes. */
public enum RenewalCause {
  FIRST,
  UNREADABLE,
  EXPIRED,
  ISSUED_IN_THE_FUTURE,
  SPEC_CHANGED,
  LOGIN_CHANGED,
  RENEW_REQUESTED,
  DUE
}
