package com.trackunit.iris.operator.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.oauth.Grant;
import com.trackunit.iris.operator.secret.CredentialsSecret.Problem;
import com.trackunit.iris.operator.support.Specs;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be sent as a login, and what is refused without being shown. */
class CredentialsSecretTest {

  static Stream<Arguments> problems() {
    return Stream.of(
        argumentSet("an empty password", "password", bytes(""), Problem.EMPTY),
        argumentSet(
            "a newline at the end of a password",
            "password",
            bytes("pass\n"),
            Problem.CONTROL_CHARACTER),
        argumentSet("a tab in a user", "username", bytes("a\tb"), Problem.TAB),
        argumentSet(
            "a C1 control character", "username", bytes("a\u0085b"), Problem.CONTROL_CHARACTER),
        argumentSet("DEL", "client_secret", bytes("a\u007fb"), Problem.CONTROL_CHARACTER),
        argumentSet("Latin-1", "password", new byte[] {'p', (byte) 0xe4}, Problem.NOT_UTF8),
        argumentSet(
            "a surrogate in UTF-8",
            "password",
            new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
            Problem.NOT_UTF8),
        argumentSet("4097 bytes", "client_secret", bytes("x".repeat(4097)), Problem.TOO_LARGE),
        argumentSet(
            "4097 bytes in fewer characters",
            "password",
            bytes("ä".repeat(2048) + "x"),
            Problem.TOO_LARGE),
        argumentSet(
            "a byte order mark before a password",
            "password",
            bytes("\uFEFFpassword"),
            Problem.BYTE_ORDER_MARK),
        argumentSet(
            "a byte order mark before a client id",
            "client_id",
            bytes("\uFEFFid"),
            Problem.BYTE_ORDER_MARK),
        argumentSet("only a byte order mark", "username", bytes("\uFEFF"), Problem.BYTE_ORDER_MARK),
        argumentSet("an umlaut in a client id", "client_id", bytes("ä"), Problem.NOT_ASCII),
        argumentSet(
            "a zero-width space in a client secret",
            "client_secret",
            bytes("a\u200bb"),
            Problem.NOT_ASCII),
        argumentSet(
            "a no-break space after a client id", "client_id", bytes("a\u00a0"), Problem.NOT_ASCII),
        argumentSet(
            "a blank after a client id", "client_id", bytes("id "), Problem.BLANK_AT_AN_END),
        argumentSet(
            "a blank before a client secret",
            "client_secret",
            bytes(" secret"),
            Problem.BLANK_AT_AN_END),
        argumentSet("a colon in a client id", "client_id", bytes("a:b"), Problem.COLON));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void refuses(String key, byte[] value, Problem problem) {
    Secret secret = login();
    secret.getData().put(key, Base64.getEncoder().encodeToString(value));
    assertThat(CredentialsSecret.read(secret, Specs.fleet(), "uid-9/7"))
        .isEqualTo(new CredentialsSecret.Invalid(key, problem, "uid-9/7"));
  }

  @Test
  void refusesEachMissingKey() {
    for (String key : List.of("username", "password", "client_id", "client_secret")) {
      Secret secret = login();
      secret.getData().remove(key);
      assertThat(CredentialsSecret.read(secret, Specs.fleet(), "uid-9/7"))
          .isEqualTo(new CredentialsSecret.Invalid(key, Problem.MISSING, "uid-9/7"));
    }
  }

  @Test
  void refusesASecretWithoutAnything() {
    Secret secret = login();
    secret.setData(null);
    assertThat(CredentialsSecret.read(secret, Specs.fleet(), "uid-9/7"))
        .isInstanceOf(CredentialsSecret.Invalid.class);
  }

  @Test
  void takesEverythingElse() {
    Secret secret = login();
    String password = "x".repeat(4092) + "😀";
    secret.getData().put("password", Base64.getEncoder().encodeToString(bytes(password)));
    assertThat(CredentialsSecret.read(secret, Specs.fleet(), "uid-9/7"))
        .isEqualTo(
            new CredentialsSecret.Usable(
                Grant.password("the-client", "the:secret", "the user", password, List.of("api")),
                "uid-9/7",
                List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\u00a0", "\u2003", "\u3000"})
  void takesAUserAndAPasswordWithABlankAtAnEndAndSaysSo(String blank) {
    Secret secret = login();
    secret.getData().put("username", encoded("the user" + blank));
    secret.getData().put("password", encoded(blank + "the password"));
    assertThat(CredentialsSecret.read(secret, Specs.fleet(), "uid-9/7"))
        .isEqualTo(
            new CredentialsSecret.Usable(
                Grant.password(
                    "the-client",
                    "the:secret",
                    "the user" + blank,
                    blank + "the password",
                    List.of("api")),
                "uid-9/7",
                List.of(
                    new CredentialsSecret.Suspect("username", Optional.empty()),
                    new CredentialsSecret.Suspect("password", Optional.empty()))));
  }

  @ParameterizedTest
  @CsvSource({
    "the\u200bpassword, U+200B ZERO WIDTH SPACE",
    "the password\u2060, U+2060 WORD JOINER",
    "\u00adthe password, U+00AD SOFT HYPHEN",
    "the \u202epassword\u200b, U+202E RIGHT-TO-LEFT OVERRIDE",
    "the password \uDB40\uDC41, U+E0041 TAG LATIN CAPITAL LETTER A",
  })
  void takesAPasswordWithACharacterThatCannotBeSeenAndSaysWhich(String password, String unseen) {
    Secret secret = login();
    secret.getData().put("password", encoded(password));
    assertThat(CredentialsSecret.read(secret, Specs.fleet(), "uid-9/7"))
        .isInstanceOfSatisfying(
            CredentialsSecret.Usable.class,
            login ->
                assertThat(login.suspects())
                    .containsExactly(
                        new CredentialsSecret.Suspect("password", Optional.of(unseen))));
  }

  @ParameterizedTest
  @EnumSource(names = {"CLIENT_CREDENTIALS", "APP_TOKEN"})
  void takesTheClientAloneForGrantsOfAClient(GrantType grantType) {
    Secret secret = login();
    secret.getData().keySet().removeAll(List.of("username", "password"));
    secret.getData().put("client_id", encoded("the:client"));
    assertThat(
            CredentialsSecret.read(
                secret, Specs.fleet("grantType: " + grantType.text(), "scopes: [api]"), "uid-9/7"))
        .isEqualTo(
            new CredentialsSecret.Usable(
                Grant.clientCredentials("the:client", "the:secret", List.of("api")),
                "uid-9/7",
                List.of()));
  }

  @ParameterizedTest
  @EnumSource(names = {"CLIENT_CREDENTIALS", "APP_TOKEN"})
  void refusesEachMissingKeyOfAClient(GrantType grantType) {
    for (String key : List.of("client_id", "client_secret")) {
      Secret secret = login();
      secret.getData().remove(key);
      assertThat(
              CredentialsSecret.read(
                  secret,
                  Specs.fleet("grantType: " + grantType.text(), "scopes: [api]"),
                  "uid-9/7"))
          .isEqualTo(new CredentialsSecret.Invalid(key, Problem.MISSING, "uid-9/7"));
    }
  }

  @Test
  void neverShowsAValue() {
    assertThat(CredentialsSecret.read(login(), Specs.fleet(), "uid-9/7").toString())
        .doesNotContain("the-client", "the:secret", "the user", "the password");
  }

  private static Secret login() {
    return new SecretBuilder()
        .withNewMetadata()
        .withUid("uid-9")
        .withResourceVersion("7")
        .endMetadata()
        .addToData("username", encoded("the user"))
        .addToData("password", encoded("the password"))
        .addToData("client_id", encoded("the-client"))
        .addToData("client_secret", encoded("the:secret"))
        .build();
  }

  private static String encoded(String value) {
    return Base64.getEncoder().encodeToString(bytes(value));
  }

  private static byte[] bytes(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
