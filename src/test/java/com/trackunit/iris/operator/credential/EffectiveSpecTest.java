package com.trackunit.iris.operator.credential;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.api.CredentialsSecretKeys;
import com.trackunit.iris.operator.api.CredentialsSecretRef;
import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialSpec;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which changes of a spec ask for another token. */
class EffectiveSpecTest {
  private static final List<String> API = List.of("api");

  @Test
  void knowsTheOrdersOfEarlierVersionsAgain() {
    String told = "4969553b49728a7103dfbad7a0941125768977dbdf123b1f68027e9d6af7f9a6";
    assertThat(order(null, null, keys(null)).specHash()).isEqualTo(told);
    assertThat(order(GrantType.PASSWORD, API, keys("username")).specHash()).isEqualTo(told);
  }

  @Test
  void tellsGrantTypesApart() {
    assertThat(
            Arrays.stream(GrantType.values())
                .map(grantType -> order(grantType, API, keys(null)).specHash()))
        .doesNotHaveDuplicates();
  }

  @Test
  void passesOverKeysThatTheGrantTypeDoesNotUse() {
    for (GrantType client : List.of(GrantType.CLIENT_CREDENTIALS, GrantType.APP_TOKEN)) {
      assertThat(order(client, API, keys("user")).specHash())
          .isEqualTo(order(client, API, keys(null)).specHash());
    }
    assertThat(order(GrantType.PASSWORD, API, keys("user")).specHash())
        .isNotEqualTo(order(GrantType.PASSWORD, API, keys(null)).specHash());
  }

  private static CredentialsSecretKeys keys(@Nullable String username) {
    return new CredentialsSecretKeys(username, null, null, null);
  }

  private static EffectiveSpec order(
      @Nullable GrantType grantType, @Nullable List<String> scopes, CredentialsSecretKeys keys) {
    IrisCredential credential = new IrisCredential();
    credential.setMetadata(
        new ObjectMetaBuilder().withNamespace("team-a").withName("fleet").withUid("uid-1").build());
    credential.setSpec(
        new IrisCredentialSpec(
            new CredentialsSecretRef("login", keys), grantType, scopes, null, null, null, null));
    return EffectiveSpec.of(credential);
  }
}
