package com.trackunit.iris.operator.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One login and the scopes asked for with it, as RFC 6749 section 4.3.2 sends them.
 *
 * <p>Checks nothing but what would make the request ambiguous: whether the values are usable was
 * decided where they were read.
 */
public record PasswordGrant(
    String clientId, String clientSecret, String username, String password, List<String> scopes) {
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

  /** The request body, encoded as RFC 6749 appendix B says. */
  String form() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("grant_type", "password");
    fields.put("username", username);
    fields.put("password", password);
    // RFC 6749 section 3.3: asking for no scope is said by leaving it out.
    if (!scopes.isEmpty()) {
      fields.put("scope", String.join(" ", scopes));
    }
    return fields.entrySet().stream()
        .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  /**
   * The Authorization header. The two are not form-encoded first, as RFC 6749 section 2.3.1 would:
   * Trackunit documents the raw form.
   */
  String basic() {
    byte[] login = (clientId + ":" + clientSecret).getBytes(UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(login);
  }

  /** Shows none of the values: each is part of a login. */
  @Override
  public String toString() {
    return "PasswordGrant[withheld]";
  }
}
