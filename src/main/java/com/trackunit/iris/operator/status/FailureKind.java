package com.trackunit.iris.operator.status;

import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.renewal.RetryClass;

/**
 * What a token request that brought no token means: the reason that the user reads, and the class
 * that decides the wait. Its sentence is in {@link RefusalSentences}.
 */
record FailureKind(Reason reason, RetryClass retry) {
  static FailureKind of(TokenResponse.Refused refused) {
    // Without a code of OAuth, a gateway may have answered.
    RetryClass configuration =
        refused.code().isPresent() ? RetryClass.CONFIGURATION : RetryClass.NOT_OAUTH;
    return switch (refused.refusal()) {
      case ENDPOINT_UNAVAILABLE ->
          new FailureKind(Reason.ENDPOINT_UNAVAILABLE, RetryClass.TRANSIENT);
      case MALFORMED_RESPONSE -> new FailureKind(Reason.MALFORMED_RESPONSE, RetryClass.MALFORMED);
      case RATE_LIMITED -> new FailureKind(Reason.RATE_LIMITED, RetryClass.LIMITED);
      case CREDENTIALS_REJECTED ->
          new FailureKind(Reason.CREDENTIALS_REJECTED, RetryClass.REJECTED);
      case ACCESS_RESTRICTED -> new FailureKind(Reason.ACCESS_RESTRICTED, RetryClass.RESTRICTED);
      case SCOPE_REJECTED -> new FailureKind(Reason.SCOPE_REJECTED, RetryClass.CONFIGURATION);
      case REQUEST_REJECTED -> new FailureKind(Reason.REQUEST_REJECTED, configuration);
      case ENDPOINT_MISCONFIGURED -> new FailureKind(Reason.ENDPOINT_MISCONFIGURED, configuration);
      case ENDPOINT_UNTRUSTED ->
          new FailureKind(Reason.ENDPOINT_MISCONFIGURED, RetryClass.NOT_OAUTH);
    };
  }
}
