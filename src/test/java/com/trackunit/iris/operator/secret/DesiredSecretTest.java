package com.trackunit.iris.operator.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.Fingerprint;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.support.Specs;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written for a token, by default and by the templates of a user. */
class DesiredSecretTest {
  private static final String TOKEN = "eyJ.some-token~/+==";
  private static final Instant ISSUED = Instant.parse("2026-05-04T12:00:00Z");

  @Test
  void theDefaultKeys() {
    assertThat(content(Map.of(), TOKEN).data())
        .containsOnly(
            Map.entry("access_token", TOKEN),
            Map.entry("token_type", "Bearer"),
            Map.entry("scope", "api $1"),
            Map.entry("expires_at", "2026-05-04T13:00:00Z"),
            Map.entry("authorization", "Bearer " + TOKEN),
            Map.entry("type", "iris"),
            Map.entry("provider", "trackunit"));
  }

  static Stream<Arguments> templates() {
    return Stream.of(
        argumentSet(
            "npm",
            "//npm.example.com/:_authToken={{access_token}}\n",
            "//npm.example.com/:_authToken=" + TOKEN + "\n"),
        argumentSet(
            "JSON",
            "{\"a\":{\"t\":\"{{access_token}}\",\"e\":\"{{expires_at}}\",\"i\":\"{{issued_at}}\"}}",
            "{\"a\":{\"t\":\""
                + TOKEN
                + "\",\"e\":\"2026-05-04T13:00:00Z\",\"i\":\"2026-05-04T12:00:00Z\"}}"),
        argumentSet("a brace before", "{{{access_token}}}", "{" + TOKEN + "}"),
        argumentSet("characters of a token around it", "x{{access_token}}y", "x" + TOKEN + "y"),
        argumentSet(
            "letters of several bytes before it",
            "schlüssel={{access_token}}",
            "schlüssel=" + TOKEN),
        argumentSet(
            "behind other variables",
            "{{token_type}} {{scope}} {{access_token}}{{access_token}}",
            "Bearer api $1 " + TOKEN + TOKEN),
        argumentSet("alone", "{{access_token}}", TOKEN));
  }

  @ParameterizedTest
  @MethodSource("templates")
  void fillsATemplateAndFindsTheTokenInItAgain(String template, String filled) {
    DesiredSecret content = content(Map.of("file", template), TOKEN);

    assertThat(content.data()).containsOnly(Map.entry("file", filled));
    Secret secret = secret(content);
    assertThat(TokenLocation.token(secret)).hasValue(TOKEN.getBytes(UTF_8));
    assertThat(RedactedSecret.of(secret).getData())
        .containsEntry(RedactedSecret.TOKEN, Fingerprint.of(TOKEN));
  }

  @Test
  void takesTheTokenFromAKeyOfItsOwnIfThereIsOne() {
    DesiredSecret content =
        content(Map.of("a", "Bearer {{access_token}}", "b", "{{access_token}}"), TOKEN);
    assertThat(content.annotations())
        .containsEntry("iris.trackunit.com/token-at", "b 0 " + TOKEN.length());
  }

  @Test
  void aNoteThatLeadsNowhereLeadsToNoToken() {
    for (String note : new String[] {"file 0 999999999", "file 9 3", "other 0 4", "file 99 100"}) {
      Secret secret = secret(content(Map.of("file", "x{{access_token}}"), TOKEN));
      secret.getMetadata().getAnnotations().put("iris.trackunit.com/token-at", note);
      assertThat(TokenLocation.token(secret).map(token -> new String(token, UTF_8)))
          .as(note)
          .isNotEqualTo(java.util.Optional.of(TOKEN));
    }
  }

  @Test
  void anotherTemplateTakesAwayTheNotesOfTheOneBefore() {
    Secret templated = secret(content(Map.of("file", "x{{access_token}}"), TOKEN));
    assertThat(content(Map.of(), TOKEN).mergePatch(templated).toString())
        .contains("token-at=null", "templates-sha256=null", "file=null");
  }

  @Test
  void theLargestThatIsAdmittedFitsIntoASecret() {
    // Eight of the largest tokens, and sixteen templates of 4096 characters of four bytes each.
    Map<String, String> templates = new HashMap<>();
    templates.put("a", "{{access_token}}".repeat(8) + "🚜".repeat(4096 - 8 * 16));
    for (int key = 0; key < 15; key++) {
      templates.put("key-" + key, "🚜".repeat(4096));
    }
    int size =
        content(templates, "t".repeat(64 * 1024)).data().values().stream()
            .mapToInt(value -> value.getBytes(UTF_8).length)
            .sum();
    assertThat(size).isBetween(700 * 1024, 1024 * 1024);
  }

  private static DesiredSecret content(Map<String, String> templates, String accessToken) {
    EffectiveSpec spec = Specs.templated(templates);
    StoredToken token =
        new StoredToken(
            new Lifetime(ISSUED, ISSUED.plusSeconds(3600)),
            ISSUED.plusSeconds(1800),
            "api $1",
            spec.specHash(),
            Fingerprint.of(accessToken),
            null,
            null);
    return DesiredSecret.render(spec, token, accessToken);
  }

  private static Secret secret(DesiredSecret content) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName("fleet-token")
        .withResourceVersion("5")
        .withAnnotations(content.annotations())
        .endMetadata()
        .withData(content.encodedData())
        .build();
  }
}
