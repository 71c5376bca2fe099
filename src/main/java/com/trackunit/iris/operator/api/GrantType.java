package com.trackunit.iris.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which OAuth 2.0 grant a token is asked for with. */
public enum GrantType {
  /** An API user's name and password (RFC 6749 section 4.3). */
  @JsonProperty("Password")
  PASSWORD("Password"),
  /** A client id and secret alone (RFC 6749 section 4.4). */
  @JsonProperty("ClientCredentials")
  CLIENT_CREDENTIALS("ClientCredentials");

  private final String text;

  GrantType(String text) {
    this.text = text;
  }

  /** As a spec has it. */
  public String text() {
    return text;
  }
}
