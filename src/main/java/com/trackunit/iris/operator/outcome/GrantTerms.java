package com.trackunit.iris.operator.outcome;

import com.trackunit.iris.operator.api.GrantType;

/**
 * What the sentences call the things of a grant type.
 *
 * @param variable of the operator, with the endpoint
 * @param grant that the endpoint is for
 * @param proof in the credentials Secret that a person checks
 * @param holder whom Trackunit grants scopes to
 */
record GrantTerms(String variable, String grant, String proof, String holder) {
  private static final GrantTerms PASSWORD =
      new GrantTerms("IRIS_TOKEN_URL", "password", "password", "API user");
  private static final GrantTerms CLIENT_CREDENTIALS =
      new GrantTerms(
          "IRIS_CLIENT_CREDENTIALS_TOKEN_URL",
          "client-credentials",
          "client id and secret",
          "API key");

  static GrantTerms of(GrantType grantType) {
    return switch (grantType) {
      case PASSWORD -> PASSWORD;
      case CLIENT_CREDENTIALS -> CLIENT_CREDENTIALS;
    };
  }
}
