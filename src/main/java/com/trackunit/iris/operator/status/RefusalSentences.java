package com.trackunit.iris.operator.status;

import com.trackunit.iris.operator.api.CredentialsSecretKeys;
import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.oauth.TokenResponse;
import java.util.List;
import java.util.Set;

/**
 * The sentence about a token request that brought no token: what failed, what the server's code
 * blames, and what to do. Decides no wait.
 */
final class RefusalSentences {
  /** The codes that blame the client, beside a 401. */
  private static final Set<String> CLIENT = Set.of("invalid_client", "unauthorized_client");

  /** The codes that blame the user. Dex answers the second one to a wrong password. */
  private static final Set<String> USER = Set.of("invalid_grant", "access_denied");

  private RefusalSentences() {}

  static String of(TokenResponse.Refused refused, EffectiveSpec spec) {
    String cause = refused.cause();
    return switch (refused.refusal()) {
      case ENDPOINT_UNAVAILABLE ->
          "The authorization server is not available (%s).".formatted(cause);
      case MALFORMED_RESPONSE ->
          "The authorization server's answer is not a valid token answer (%s).".formatted(cause);
      case RATE_LIMITED ->
          "The authorization server limits the rate of requests (%s).".formatted(cause);
      case CREDENTIALS_REJECTED -> loginRefused(cause, spec);
      case ACCESS_RESTRICTED ->
          "The authorization server restricts access (%s). Ask Trackunit whether the account of Secret %s is restricted."
              .formatted(cause, TokenFailures.login(spec));
      case SCOPE_REJECTED ->
          "The authorization server refused the scopes \"%s\" (%s). Correct spec.scopes, or have them granted to the %s."
              .formatted(spec.requestedScope(), cause, spec.grantType().holder());
      case REQUEST_REJECTED -> requestRejected(refused, spec);
      case ENDPOINT_MISCONFIGURED ->
          "This is not a token endpoint the operator can use (%s). Check %s of the operator."
              .formatted(cause, spec.grantType().variable());
      case ENDPOINT_UNTRUSTED ->
          "The authorization server cannot be trusted (%s), so nothing was sent. Check %s and IRIS_CA_BUNDLE of the operator; a changed file of IRIS_CA_BUNDLE is used within five minutes."
              .formatted(cause, spec.grantType().variable());
    };
  }

  private static String loginRefused(String cause, EffectiveSpec spec) {
    return "The authorization server refused the %s (%s). Check %s in Secret %s."
        .formatted(
            CLIENT.contains(cause) ? "client" : "login",
            cause,
            blamed(cause, spec),
            TokenFailures.login(spec));
  }

  // Without a code it can be any of the values.
  private static String blamed(String cause, EffectiveSpec spec) {
    CredentialsSecretKeys keys = spec.loginKeys();
    if (CLIENT.contains(cause)) {
      return enumerated(List.of(keys.clientIdKey(), keys.clientSecretKey()));
    }
    return spec.grantType() == GrantType.PASSWORD && USER.contains(cause)
        ? "the password"
        : enumerated(keys.of(spec.grantType()));
  }

  private static String requestRejected(TokenResponse.Refused refused, EffectiveSpec spec) {
    String cause = refused.cause();
    String variable = spec.grantType().variable();
    String purpose = spec.grantType().purpose();
    return switch (cause) {
      case "unauthorized_client" ->
          "The client in Secret %s may not use %s (%s). Have it allowed for this client, or use another one."
              .formatted(TokenFailures.login(spec), purpose, cause);
      case "unsupported_grant_type" ->
          "The authorization server does not know %s (%s). Choose another spec.grantType, or check %s of the operator."
              .formatted(purpose, cause, variable);
      default -> {
        String sentence =
            refused.code().isEmpty()
                ? "The authorization server refused the request (%s). Check that %s is the endpoint of %s."
                : "The authorization server refused the request (%s). Check spec.scopes, what the server wants of this client, and that %s is the endpoint of %s.";
        yield sentence.formatted(cause, variable, purpose);
      }
    };
  }

  /** The names as in a, b and c. */
  static String enumerated(List<String> names) {
    int last = names.size() - 1;
    return String.join(", ", names.subList(0, last)) + " and " + names.get(last);
  }
}
