package com.trackunit.iris.operator.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * One login and the scopes asked for with it, as RFC 6749 section 4.3.2 sends them.
 *
 * <p>Checks nothing but what would make the request ambiguous: whether the values are usable was
 * decided where they were read.
 */
public record PasswordGrant(
    String clientId, String clientSecret, String username, String password, List<String> scopes)
    implements LoginGrant {
  private static final String OFFLINE_ACCESS = "offline_access";

  /**
   * @throws IllegalArgumentException if the client id holds a colon, which ends it in a Basic
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
   * The client. The two are not form-encoded first, as RFC 6749 section 2.3.1 would: Trackunit
   * documents the raw form.
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
