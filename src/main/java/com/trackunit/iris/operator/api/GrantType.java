package com.trackunit.iris.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;

/**
 * The OAuth 2.0 grant of a token request: one table of everything that differs between the grants.
 *
 * <p>Does not build requests: the grant classes do.
 */
public enum GrantType {
  /** An API user's name and password (RFC 6749 section 4.3). */
  @JsonProperty("Password")
  PASSWORD(
      "Password",
      "password",
      "IRIS_TOKEN_URL",
      "https://auth.trackunit.com/token",
      Duration.ofHours(1),
      "the password grant",
      "API user"),
  /** A key of API Tokens v2: a client id and secret alone (RFC 6749 section 4.4). */
  @JsonProperty("ClientCredentials")
  CLIENT_CREDENTIALS(
      "ClientCredentials",
      "client_credentials",
      "IRIS_CLIENT_CREDENTIALS_TOKEN_URL",
      "https://auth.trackunit.com/token/v2",
      Duration.ofMinutes(20),
      "the client-credentials grant",
      "API key"),
  /** The client of a marketplace app in one account (RFC 6749 section 4.4). */
  @JsonProperty("AppToken")
  APP_TOKEN(
      "AppToken",
      "app_token",
      "IRIS_APP_TOKEN_URL",
      "https://auth.trackunit.com/apptoken",
      Duration.ofHours(1),
      "app tokens",
      "app");

  private final String text;
  private final String label;
  private final String variable;
  private final String defaultUrl;
  private final Duration lifetime;
  private final String purpose;
  private final String holder;

  GrantType(
      String text,
      String label,
      String variable,
      String defaultUrl,
      Duration lifetime,
      String purpose,
      String holder) {
    this.text = text;
    this.label = label;
    this.variable = variable;
    this.defaultUrl = defaultUrl;
    this.lifetime = lifetime;
    this.purpose = purpose;
    this.holder = holder;
  }

  /** The value in the spec. */
  public String text() {
    return text;
  }

  /** The value of the metric label. */
  public String label() {
    return label;
  }

  /** The operator's environment variable that sets the URL of the endpoint. */
  public String variable() {
    return variable;
  }

  /** The endpoint URL that Trackunit documents. */
  public String defaultUrl() {
    return defaultUrl;
  }

  /** The token lifetime that Trackunit documents. */
  public Duration lifetime() {
    return lifetime;
  }

  /** The use of the endpoint, as a phrase in an error message. */
  public String purpose() {
    return purpose;
  }

  /** The party to which Trackunit grants scopes, as a phrase in an error message. */
  public String holder() {
    return holder;
  }
}
