package com.trackunit.iris.operator.renewal;

/** Why a token is asked for. There is no other reason to ask. */
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
