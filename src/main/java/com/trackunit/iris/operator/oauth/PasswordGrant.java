package com.trackunit.iris.operator.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A login and the requested scopes, sent as in RFC 6749 section 4.3.2.
 *
 * <p>Checks only what would make the request ambiguous. The values themselves were checked when the
 * Secret was read.
 */
public record PasswordGrant(
    String clientId, String clientSecret, String username, String password, List<String> scopes)
    implements LoginGrant {
  private static final String OFFLINE_ACCESS = "offline_access";

  /**
   * @throws IllegalArgumentException if the client id contains a colon, which ends it in a Basic
   *     header (RFC 7617 section 2)
   */
  public PasswordGrant {
    if (clientId.indexOf(':') >= 0) {
      throw new IllegalArgumentException("A client id must not contain a colon.");
    }
    scopes = List.copyOf(scopes);
  }

  @Override
  public String type() {
    return "password";
  }

  @Override
  public String form() {
    return FormBody.of(this)
        .with("username", username)
        .with("password", password)
        .withScopes(scopes)
        .encoded();
  }

  /**
   * Basic authentication of the client. Client id and secret are not form-encoded first, unlike in
   * RFC 6749 section 2.3.1: Trackunit documents the raw form.
   */
  @Override
  public Optional<String> authorization() {
    byte[] client = (clientId + ":" + clientSecret).getBytes(UTF_8);
    return Optional.of("Basic " + Base64.getEncoder().encodeToString(client));
  }

  @Override
  public boolean isOffline() {
    return scopes.contains(OFFLINE_ACCESS);
  }

  @Override
  public List<String> identity() {
    return List.of(clientId, username);
  }

  @Override
  public List<String> proof() {
    return List.of(clientSecret, password);
  }

  /** Shows none of the values: each is part of a login. */
  @Override
  public String toString() {
    return "PasswordGrant[withheld]";
  }
}
