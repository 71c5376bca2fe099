package com.trackunit.iris.operator.credential;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.api.CredentialsSecretKeys;
import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.support.Specs;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which changes of a spec ask for another token. */
class EffectiveSpecTest {
  private static final List<String> API = List.of("api");

  @Test
  void knowsTheOrdersOfEarlierVersionsAgain() {
    String told = "4969553b49728a7103dfbad7a0941125768977dbdf123b1f68027e9d6af7f9a6";
    assertThat(spec(null, null, keys(null)).specHash()).isEqualTo(told);
    assertThat(spec(GrantType.PASSWORD, API, keys("username")).specHash()).isEqualTo(told);
  }

  @Test
  void tellsGrantTypesApart() {
    assertThat(
            Arrays.stream(GrantType.values())
                .map(grantType -> spec(grantType, API, keys(null)).specHash()))
        .doesNotHaveDuplicates();
  }

  @Test
  void passesOverKeysThatTheGrantTypeDoesNotUse() {
    for (GrantType client : List.of(GrantType.CLIENT_CREDENTIALS, GrantType.APP_TOKEN)) {
      assertThat(spec(client, API, keys("user")).specHash())
          .isEqualTo(spec(client, API, keys(null)).specHash());
    }
    assertThat(spec(GrantType.PASSWORD, API, keys("user")).specHash())
        .isNotEqualTo(spec(GrantType.PASSWORD, API, keys(null)).specHash());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "..", "a/b", "../../kube-system/secrets/x", "A", "a?b", "a\n"})
  void refusesANameThatNoSecretCanHave(String name) {
    assertThat(named(name, null).unsupported()).isEqualTo("spec.credentialsSecretRef.name");
    assertThat(named("login", name).unsupported()).isEqualTo("spec.targetSecret.name");
    assertThat(named("login", name).targetSecret()).isEqualTo("fleet-token");
    assertThat(named("login", "other").unsupported()).isNull();
  }

  private static EffectiveSpec named(String login, @Nullable String target) {
    String targetName = target == null ? "null" : Serialization.asJson(target);
    return Specs.fleet(
        "credentialsSecretRef: {name: %s}".formatted(Serialization.asJson(login)),
        "targetSecret: {name: %s}".formatted(targetName));
  }

  private static CredentialsSecretKeys keys(@Nullable String username) {
    return new CredentialsSecretKeys(username, null, null, null);
  }

  private static EffectiveSpec spec(
      @Nullable GrantType grantType, @Nullable List<String> scopes, CredentialsSecretKeys keys) {
    return Specs.fleet(
        "credentialsSecretRef: {name: login, keys: %s}".formatted(Serialization.asJson(keys)),
        grantType == null ? "" : "grantType: " + grantType.text(),
        scopes == null ? "" : "scopes: " + scopes);
  }
}
