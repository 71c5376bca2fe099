package com.trackunit.iris.operator.secret;

import com.trackunit.iris.operator.api.CredentialsSecretKeys;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.oauth.ClientCredentialsGrant;
import com.trackunit.iris.operator.oauth.LoginGrant;
import com.trackunit.iris.operator.oauth.PasswordGrant;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a credentials Secret says at the moment it is used: a login, or which key is wrong and why.
 */
public sealed interface CredentialsSecret {
  /** The largest value that is believed to be part of a login. */
  int LARGEST = 4096;

  /**
   * A complete login and the version of the Secret it came from.
   *
   * @param padded the keys whose values begin or end with a blank: they are sent, since a password
   *     may, but it is seldom meant
   */
  record Usable(LoginGrant grant, String version, List<String> padded)
      implements CredentialsSecret {}

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
    BYTE_ORDER_MARK,
    NOT_ASCII,
    BLANK_AT_AN_END,
    COLON
  }

  /**
   * Reads a login, refusing any value that cannot have been meant.
   *
   * @param version what a login from this Secret is called: see {@link LoginState}
   */
  static CredentialsSecret read(Secret secret, EffectiveSpec spec, String version) {
    try {
      return switch (spec.grantType()) {
        case PASSWORD -> password(secret, spec, version);
        case CLIENT_CREDENTIALS, APP_TOKEN -> new Usable(client(secret, spec), version, List.of());
      };
    } catch (Unusable e) {
      return new Invalid(e.key, e.problem, version);
    }
  }

  private static Usable password(Secret secret, EffectiveSpec spec, String version)
      throws Unusable {
    CredentialsSecretKeys keys = spec.loginKeys();
    String clientId = clientValue(secret, keys.clientIdKey());
    // RFC 7617 section 2: the first colon ends the user-id, so another client id would be sent.
    if (clientId.contains(":")) {
      throw new Unusable(keys.clientIdKey(), Problem.COLON);
    }
    String clientSecret = clientValue(secret, keys.clientSecretKey());
    String username = value(secret, keys.usernameKey());
    String password = value(secret, keys.passwordKey());
    List<String> padded = new ArrayList<>();
    if (isPadded(username)) {
      padded.add(keys.usernameKey());
    }
    if (isPadded(password)) {
      padded.add(keys.passwordKey());
    }
    return new Usable(
        new PasswordGrant(clientId, clientSecret, username, password, spec.scopes()),
        version,
        List.copyOf(padded));
  }

  private static ClientCredentialsGrant client(Secret secret, EffectiveSpec spec) throws Unusable {
    CredentialsSecretKeys keys = spec.loginKeys();
    return new ClientCredentialsGrant(
        clientValue(secret, keys.clientIdKey()),
        clientValue(secret, keys.clientSecretKey()),
        spec.scopes());
  }

  // RFC 6749 appendix A.1 and A.2: both are made of %x20-7E. Neither is typed by a person, so a
  // blank at an end came with a copy.
  private static String clientValue(Secret secret, String key) throws Unusable {
    String text = value(secret, key);
    if (text.chars().anyMatch(character -> character > '~')) {
      throw new Unusable(key, Problem.NOT_ASCII);
    }
    if (isPadded(text)) {
      throw new Unusable(key, Problem.BLANK_AT_AN_END);
    }
    return text;
  }

  private static boolean isPadded(String text) {
    return isBlank(text.codePointAt(0)) || isBlank(text.codePointBefore(text.length()));
  }

  // Zero-width characters, too: nobody sees them either.
  private static boolean isBlank(int codePoint) {
    return Character.isSpaceChar(codePoint)
        || Character.isWhitespace(codePoint)
        || Character.getType(codePoint) == Character.FORMAT;
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
    // Some editors write it in front of a file; the value would be another one.
    if (text.startsWith("\uFEFF")) {
      throw new Unusable(key, Problem.BYTE_ORDER_MARK);
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
