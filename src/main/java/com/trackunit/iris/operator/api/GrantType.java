package com.trackunit.iris.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;

/**
 * Which OAuth 2.0 grant a token is asked for with: the one table of what differs between them.
 *
 * <p>Does not write a request: what is sent is the login's own business.
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
      "password",
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
      "client id and secret",
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
      "client id and secret",
      "app");

  private final String text;
  private final String label;
  private final String variable;
  private final String defaultUrl;
  private final Duration lifetime;
  private final String purpose;
  private final String proof;
  private final String holder;

  GrantType(
      String text,
      String label,
      String variable,
      String defaultUrl,
      Duration lifetime,
      String purpose,
      String proof,
      String holder) {
    this.text = text;
    this.label = label;
    this.variable = variable;
    this.defaultUrl = defaultUrl;
    this.lifetime = lifetime;
    this.purpose = purpose;
    this.proof = proof;
    this.holder = holder;
  }

  /** As a spec has it. */
  public String text() {
    return text;
  }

  /** As metrics have it. */
  public String label() {
    return label;
  }

  /** The operator's environment variable with the URL of the endpoint. */
  public String variable() {
    return variable;
  }

  /** The endpoint that Trackunit documents. */
  public String defaultUrl() {
    return defaultUrl;
  }

  /** How long tokens live, as Trackunit documents it. */
  public Duration lifetime() {
    return lifetime;
  }

  /** What a sentence says the endpoint is for. */
  public String purpose() {
    return purpose;
  }

  /** What a person checks in the credentials Secret after a refusal. */
  public String proof() {
    return proof;
  }

  /** Whom Trackunit grants scopes to. */
  public String holder() {
    return holder;
  }
}
