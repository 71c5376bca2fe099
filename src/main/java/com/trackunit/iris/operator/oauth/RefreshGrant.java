package com.trackunit.iris.operator.oauth;

import java.util.Optional;

/**
 * A refresh token and the client it was issued to, sent as in RFC 6749 section 6: without the
 * password, and for the scopes that were granted before.
 *
 * @param login the login of that client; its user and password are not sent
 */
public record RefreshGrant(PasswordGrant login, String refreshToken) implements Grant {
  @Override
  public String type() {
    return "refresh_token";
  }

  @Override
  public String form() {
    return FormBody.of(this).with("refresh_token", refreshToken).encoded();
  }

  @Override
  public Optional<String> authorization() {
    return login.authorization();
  }

  @Override
  public boolean isOffline() {
    return true;
  }

  /** Shows none of the values. */
  @Override
  public String toString() {
    return "RefreshGrant[withheld]";
  }
}
