package com.trackunit.iris.operator.secret;

import com.trackunit.iris.operator.api.CredentialsSecretKeys;
import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.oauth.Grant;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The content of a credentials Secret at the moment it is used: a login, the invalid key and its
 * problem, or the ground on which the Secret is never a login.
 */
public sealed interface CredentialsSecret {
  /** The largest accepted value, in bytes. */
  int LARGEST = 4096;

  /**
   * A complete login and the version of the Secret it came from.
   *
   * @param suspects the values that are sent, because a password may have such characters, but that
   *     are mostly a mistake
   */
  record Usable(Grant grant, String version, List<Suspect> suspects) implements CredentialsSecret {}

  /**
   * A value with a blank at an end, or with a character that cannot be seen.
   *
   * @param key its key
   * @param unseen the name of that character, in Unicode; empty if it is a blank at an end
   */
  record Suspect(String key, Optional<String> unseen) {}

  /**
   * A login that must not be sent.
   *
   * @param key the invalid key
   * @param problem what is wrong with its value, which is never shown
   */
  record Invalid(String key, Problem problem, String version) implements CredentialsSecret {}

  /** A Secret that is not read, whatever its keys hold. */
  record Unfit(Ground ground) implements CredentialsSecret {
    /** Why a Secret is never a login. */
    public enum Ground {
      /** Some credential's token is written into it. */
      TARGET_SECRET,
      /** The label of a login is required, and it has none. */
      NO_LABEL
    }
  }

  /** What can be wrong with a value. */
  enum Problem {
    MISSING,
    EMPTY,
    TOO_LARGE,
    NOT_UTF8,
    CONTROL_CHARACTER,
    TAB,
    BYTE_ORDER_MARK,
    NOT_ASCII,
    BLANK_AT_AN_END,
    COLON
  }

  /**
   * Reads a login and rejects any value that must be a mistake. See {@link LoginReader} for which
   * Secrets are read.
   *
   * @param version the version of the login: see {@link CredentialsVersion}
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
    // RFC 7617 section 2: the first colon ends the user-id, so the server would see another client
    // id.
    if (clientId.contains(":")) {
      throw new Unusable(keys.clientIdKey(), Problem.COLON);
    }
    String clientSecret = clientValue(secret, keys.clientSecretKey());
    String username = value(secret, keys.usernameKey());
    String password = value(secret, keys.passwordKey());
    return new Usable(
        Grant.password(clientId, clientSecret, username, password, spec.scopes()),
        version,
        Stream.of(suspect(keys.usernameKey(), username), suspect(keys.passwordKey(), password))
            .flatMap(Optional::stream)
            .toList());
  }

  private static Optional<Suspect> suspect(String key, String text) {
    Optional<String> unseen =
        text.codePoints()
            .filter(CredentialsSecret::isUnseen)
            .boxed()
            .findFirst()
            .map(CredentialsSecret::name);
    return unseen.isPresent() || isPadded(text)
        ? Optional.of(new Suspect(key, unseen))
        : Optional.empty();
  }

  private static boolean isUnseen(int codePoint) {
    return Character.getType(codePoint) == Character.FORMAT;
  }

  // U+200B ZERO WIDTH SPACE.
  private static String name(int codePoint) {
    return "U+%04X %s".formatted(codePoint, Character.getName(codePoint));
  }

  private static Grant client(Secret secret, EffectiveSpec spec) throws Unusable {
    CredentialsSecretKeys keys = spec.loginKeys();
    return Grant.clientCredentials(
        clientValue(secret, keys.clientIdKey()),
        clientValue(secret, keys.clientSecretKey()),
        spec.scopes());
  }

  // RFC 6749 appendix A.1 and A.2: both consist of %x20-7E. They are copied, not typed, so a blank
  // at an end is a copy mistake.
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

  private static boolean isBlank(int codePoint) {
    return Character.isSpaceChar(codePoint) || Character.isWhitespace(codePoint);
  }

  /** UID and resourceVersion, so that a new Secret with the same name also has a new version. */
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
    if (text.contains("\t")) {
      throw new Unusable(key, Problem.TAB);
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new Unusable(key, Problem.CONTROL_CHARACTER);
    }
    // Some editors write a byte order mark at the start of a file; it would become part of the
    // value.
    if (text.startsWith("\uFEFF")) {
      throw new Unusable(key, Problem.BYTE_ORDER_MARK);
    }
    return text;
  }

  /** Ends {@link #read} at the first invalid value; carries no value and no cause. */
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
