package com.trackunit.iris.operator.oauth;

import java.util.List;
import java.util.Optional;

/**
 * A client and the requested scopes, sent as in RFC 6749 section 4.4.2.
 *
 * <p>Trackunit documents the client as fields of the form (section 2.3.1). So there is no
 * Authorization header, and the client id may contain a colon. Keys of API Tokens v2 and apps use
 * the same request.
 */
public record ClientCredentialsGrant(String clientId, String clientSecret, List<String> scopes)
    implements LoginGrant {
  /** Copies the list. */
  public ClientCredentialsGrant {
    scopes = List.copyOf(scopes);
  }

  @Override
  public String type() {
    return "client_credentials";
  }

  @Override
  public String form() {
    return FormBody.of(this)
        .with("client_id", clientId)
        .with("client_secret", clientSecret)
        .withScopes(scopes)
        .encoded();
  }

  @Override
  public Optional<String> authorization() {
    return Optional.empty();
  }

  /**
   * Always false: a response to this grant should have no refresh token (RFC 6749 section 4.4.3).
   */
  @Override
  public boolean isOffline() {
    return false;
  }

  @Override
  public List<String> identity() {
    return List.of(clientId);
  }

  @Override
  public List<String> proof() {
    return List.of(clientSecret);
  }

  /** Shows none of the values: each is part of a login. */
  @Override
  public String toString() {
    return "ClientCredentialsGrant[withheld]";
  }
}
