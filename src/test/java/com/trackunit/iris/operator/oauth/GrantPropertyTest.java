package com.trackunit.iris.operator.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.Generate.pick;
import static org.quicktheories.generators.Generate.range;
import static org.quicktheories.generators.SourceDSL.lists;

import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

/**
 * Whatever a login consists of, the server reads the same, with a decoder that is not the JDK's.
 */
class GrantPropertyTest {
  @Test
  void arrivesAsItWas() {
    qt().forAll(texts(), texts()).checkAssert(GrantPropertyTest::arrivesAsItWas);
  }

  private static void arrivesAsItWas(String username, String password) {
    String form = Grant.password("", "", username, password, List.of("a", "b")).form();

    assertThat(form).matches("[A-Za-z0-9*._+%&=-]*");
    assertThat(decode(form))
        .containsExactly(
            Map.entry("grant_type", "password"),
            Map.entry("username", username),
            Map.entry("password", password),
            Map.entry("scope", "a b"));
  }

  @Test
  void arrivesAsTheClientWas() {
    qt().forAll(texts(), texts()).checkAssert(GrantPropertyTest::arrivesAsTheClientWas);
  }

  private static void arrivesAsTheClientWas(String clientId, String secret) {
    String form = Grant.clientCredentials(clientId, secret, List.of("a", "b")).form();

    assertThat(form).matches("[A-Za-z0-9*._+%&=-]*");
    assertThat(decode(form))
        .containsExactly(
            Map.entry("grant_type", "client_credentials"),
            Map.entry("client_id", clientId),
            Map.entry("client_secret", secret),
            Map.entry("scope", "a b"));
  }

  @Test
  void arrivesAsTheRefreshTokenWas() {
    qt().forAll(texts())
        .checkAssert(
            refreshToken ->
                assertThat(decode(Exchanges.OFFLINE.refresh(refreshToken).form()))
                    .containsExactly(
                        Map.entry("grant_type", "refresh_token"),
                        Map.entry("refresh_token", refreshToken)));
  }

  /** Texts of all Unicode characters; ASCII and those with a meaning in a form more often. */
  static Gen<String> texts() {
    Gen<Integer> anything = range(0, 0x10FFFF).assuming(point -> point < 0xD800 || point > 0xDFFF);
    Gen<Integer> meaningful = pick("%&=+ ~*\r\n;:\"".chars().boxed().toList());
    return lists()
        .of(anything.mix(range(0, 127)).mix(meaningful))
        .ofSizeBetween(0, 40)
        .map(points -> points.stream().map(Character::toString).reduce("", String::concat));
  }

  private static Map<String, String> decode(String form) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String pair : form.split("&", -1)) {
      String[] halves = pair.split("=", -1);
      assertThat(halves).hasSize(2);
      fields.put(decodeOne(halves[0]), decodeOne(halves[1]));
    }
    return fields;
  }

  private static String decodeOne(String encoded) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < encoded.length(); i++) {
      char next = encoded.charAt(i);
      if (next == '%') {
        bytes.write(Integer.parseInt(encoded, i + 1, i + 3, 16));
        i += 2;
        continue;
      }
      bytes.write(next == '+' ? ' ' : next);
    }
    return bytes.toString(UTF_8);
  }
}
