package com.trackunit.iris.operator.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.text.Normalizer;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The grant of a token request, ready to be sent.
 *
 * @param type the value of {@code grant_type}, the only one that may be shown
 * @param form the request body (RFC 6749 appendix B)
 * @param authorization the Authorization header, if this grant has one
 * @param identity what the server counts refusals by: the user name in any of its spellings;
 *     without a user, the client id; empty for a refresh token
 * @param proof the values of the login as they are sent: after a refusal, a changed one may be
 *     accepted; empty for a refresh token
 * @param isOffline whether the response may contain a refresh token; one that was not requested is
 *     dropped
 */
public record Grant(
    String type,
    String form,
    Optional<String> authorization,
    List<String> identity,
    List<String> proof,
    boolean isOffline) {

  private static final String PASSWORD = "password";
  private static final String OFFLINE_ACCESS = "offline_access";

  /**
   * A user with a password, sent as in RFC 6749 section 4.3.2, and the client by Basic
   * authentication. Client id and secret are not form-encoded first, unlike in section 2.3.1:
   * Trackunit documents the raw form.
   *
   * @throws IllegalArgumentException if the client id contains a colon, which ends it in a Basic
   *     header (RFC 7617 section 2)
   */
  public static Grant password(
      String clientId, String clientSecret, String username, String password, List<String> scopes) {
    if (clientId.indexOf(':') >= 0) {
      throw new IllegalArgumentException("A client id must not contain a colon.");
    }
    byte[] client = (clientId + ":" + clientSecret).getBytes(UTF_8);
    return new Grant(
        PASSWORD,
        "grant_type=password"
            + field("username", username)
            + field("password", password)
            + scope(scopes),
        Optional.of("Basic " + Base64.getEncoder().encodeToString(client)),
        List.of(
            Normalizer.normalize(username, Normalizer.Form.NFKC).strip().toLowerCase(Locale.ROOT)),
        List.of(clientId, clientSecret, username, password),
        scopes.contains(OFFLINE_ACCESS));
  }

  /**
   * A client, sent as in RFC 6749 section 4.4.2.
   *
   * <p>Trackunit documents the client as fields of the form (section 2.3.1). So there is no
   * Authorization header, and the client id may contain a colon. Keys of API Tokens v2 and apps use
   * the same request. A response should have no refresh token (section 4.4.3).
   */
  public static Grant clientCredentials(String clientId, String clientSecret, List<String> scopes) {
    return new Grant(
        "client_credentials",
        "grant_type=client_credentials"
            + field("client_id", clientId)
            + field("client_secret", clientSecret)
            + scope(scopes),
        Optional.empty(),
        List.of(clientId),
        List.of(clientSecret),
        false);
  }

  /**
   * A refresh token that was issued to this client, sent as in RFC 6749 section 6: without the
   * password, and for the scopes that were granted before.
   */
  public Grant refresh(String refreshToken) {
    return new Grant(
        "refresh_token",
        "grant_type=refresh_token" + field("refresh_token", refreshToken),
        authorization,
        List.of(),
        List.of(),
        true);
  }

  /** Whether a login is sent: the server may lock the account after refusals. */
  public boolean isLogin() {
    return !identity.isEmpty();
  }

  /** Whether a refresh token may be sent instead of this login. */
  public boolean isRefreshable() {
    return type.equals(PASSWORD);
  }

  /** Without any scope, the parameter is left out (RFC 6749 section 3.3). */
  private static String scope(List<String> scopes) {
    return scopes.isEmpty() ? "" : field("scope", String.join(" ", scopes));
  }

  private static String field(String name, String value) {
    return "&" + name + "=" + URLEncoder.encode(value, UTF_8);
  }

  /** Shows none of the values: each is part of a login. */
  @Override
  public String toString() {
    return "Grant[" + type + ", withheld]";
  }
}
