package com.trackunit.iris.operator.secret;

import com.trackunit.iris.operator.api.CredentialsSecretKeys;
import com.trackunit.iris.operator.api.StandingOrder;
import com.trackunit.iris.operator.oauth.ClientCredentialsGrant;
import com.trackunit.iris.operator.oauth.LoginGrant;
import com.trackunit.iris.operator.oauth.PasswordGrant;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;

/**
 * What a credentials Secret says at the moment it is used: a login, or which key is wrong and why.
 */
public sealed interface CredentialsSecret {
  /** The largest value that is believed to be part of a login. */
  int LARGEST = 4096;

  /** A complete login and the version of the Secret it came from. */
  record Usable(LoginGrant grant, String version) implements CredentialsSecret {}

  /**
   * A login that must not be sent.
   *
   * @param key the key in question
   * @param problem what is wrong with its value, which is never shown
   */
  record Invalid(String key, Problem problem, String version) implements CredentialsSecret {}

  /** What can be wrong with a value. */
  enum Problem {
    MISSING,
    EMPTY,
    TOO_LARGE,
    NOT_UTF8,
    CONTROL_CHARACTER,
    COLON
  }

  /** Reads a login, refusing any value that cannot have been meant. */
  static CredentialsSecret read(Secret secret, StandingOrder order) {
    try {
      LoginGrant grant =
          switch (order.grantType()) {
            case PASSWORD -> password(secret, order);
            case CLIENT_CREDENTIALS -> clientCredentials(secret, order);
          };
      return new Usable(grant, version(secret));
    } catch (Unusable e) {
      return new Invalid(e.key, e.problem, version(secret));
    }
  }

  private static PasswordGrant password(Secret secret, StandingOrder order) throws Unusable {
    CredentialsSecretKeys keys = order.loginKeys();
    String clientId = value(secret, keys.clientIdKey());
    // RFC 7617 section 2: the first colon ends the user-id, so another client id would be sent.
    if (clientId.contains(":")) {
      throw new Unusable(keys.clientIdKey(), Problem.COLON);
    }
    return new PasswordGrant(
        clientId,
        value(secret, keys.clientSecretKey()),
        value(secret, keys.usernameKey()),
        value(secret, keys.passwordKey()),
        order.scopes());
  }

  private static ClientCredentialsGrant clientCredentials(Secret secret, StandingOrder order)
      throws Unusable {
    CredentialsSecretKeys keys = order.loginKeys();
    return new ClientCredentialsGrant(
        value(secret, keys.clientIdKey()), value(secret, keys.clientSecretKey()), order.scopes());
  }

  /** UID and resourceVersion: another Secret of the same name is another version, too. */
  static String version(Secret secret) {
    return secret.getMetadata().getUid() + "/" + secret.getMetadata().getResourceVersion();
  }

  private static String value(Secret secret, String key) throws Unusable {
    Map<String, String> data = Objects.requireNonNullElse(secret.getData(), Map.of());
    String encoded = data.get(key);
    if (encoded == null) {
      throw new Unusable(key, Problem.MISSING);
    }
    byte[] bytes = Base64.getDecoder().decode(encoded);
    if (bytes.length == 0) {
      throw new Unusable(key, Problem.EMPTY);
    }
    if (bytes.length > LARGEST) {
      throw new Unusable(key, Problem.TOO_LARGE);
    }
    return text(key, bytes);
  }

  private static String text(String key, byte[] bytes) throws Unusable {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Unusable(key, Problem.NOT_UTF8);
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new Unusable(key, Problem.CONTROL_CHARACTER);
    }
    return text;
  }

  /** Leaves {@link #read} from the depth of one value; carries no value and no cause. */
  final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;
    private final String key;
    private final Problem problem;

    private Unusable(String key, Problem problem) {
      super(null, null, false, false);
      this.key = key;
      this.problem = problem;
    }
  }
}
