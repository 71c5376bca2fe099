package com.trackunit.iris.operator.controller;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.secret.RedactedSecret;
import com.trackunit.iris.operator.startup.KubernetesClients;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the cache of a watch keeps of a Secret. */
class CompactStoreTest {
  private final CompactStore store =
      new CompactStore(
          RedactedSecret::of,
          new CompressedJson<>(KubernetesClients.serialization(), Secret.class));

  @Test
  void givesBackWhatWasPutWithFingerprintsInsteadOfValues() {
    for (Secret secret : new Secret[] {secret("a", "one"), secret("b", "zwö"), bare()}) {
      Secret redacted = RedactedSecret.of(secret);
      assertThat(store.put(store.getKey(secret), secret)).isNull();
      assertThat(store.get(store.getKey(secret))).isEqualTo(redacted);
    }
    assertThat(store.size()).isEqualTo(3);
  }

  @Test
  void givesBackTheSecretThatIsRemoved() {
    store.put("fleet/a", secret("a", "one"));

    assertThat(store.remove("fleet/a")).isEqualTo(RedactedSecret.of(secret("a", "one")));
    assertThat(store.remove("fleet/a")).isNull();
    assertThat(store.get("fleet/a")).isNull();
  }

  @Test
  void tellsAWatchWhetherTheStoredSecretHasChanged() {
    store.put("fleet/a", secret("a", "one"));

    assertThat(version(store.put("fleet/a", secret("a", "one")))).isEqualTo("4711");
    assertThat(version(store.put("fleet/a", secret("a", "two")))).isEqualTo("0");
    assertThat(store.get("fleet/a")).isEqualTo(RedactedSecret.of(secret("a", "two")));
  }

  private static String version(Secret secret) {
    return secret.getMetadata().getResourceVersion();
  }

  @Test
  void leavesIdentityAndVersionInTheObjectThatTheWatchAnnounces() {
    Secret announced = secret("a", "one");
    store.put("fleet/a", announced);

    assertThat(announced.getData()).isNullOrEmpty();
    ObjectMeta given = secret("a", "one").getMetadata();
    assertThat(announced.getMetadata())
        .isEqualTo(
            new ObjectMetaBuilder()
                .withNamespace("fleet")
                .withName("a")
                .withUid(given.getUid())
                .withResourceVersion("4711")
                .build());
  }

  @Test
  void listsNamespacesAndNamesOnly() {
    store.put("fleet/a", secret("a", "one"));

    assertThat(store.keySet()).containsExactly("fleet/a");
    assertThat(store.values())
        .containsExactly(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace("fleet")
                .withName("a")
                .withResourceVersion("0")
                .endMetadata()
                .build());
  }

  @Test
  void keepsAFewHundredBytes() {
    CompressedJson<Secret> json =
        new CompressedJson<>(KubernetesClients.serialization(), Secret.class);
    json.pack(RedactedSecret.of(secret("a", "one")));

    byte[] packed = json.pack(RedactedSecret.of(secret("b", "two")));

    assertThat(packed).hasSizeLessThan(250);
  }

  private static Secret secret(String name, String value) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace("fleet")
        .withName(name)
        .withUid("0b9ec3b8-5b3d-4b0e-9d3c-1c1f6f0f1a" + Objects.hash(name, value) % 10)
        .withResourceVersion("4711")
        .withLabels(Map.of("app.kubernetes.io/managed-by", "iris-credential-operator"))
        .withAnnotations(
            Map.of(
                "iris.trackunit.com/expires-at",
                "2026-05-04T12:00:00Z",
                "iris.trackunit.com/managed",
                "key:access_token"))
        .withOwnerReferences(
            new OwnerReferenceBuilder().withKind("IrisCredential").withName(name).build())
        .endMetadata()
        .withType("Opaque")
        .addToStringData("ignored", "stringData is never read")
        .addToData("access_token", Base64.getEncoder().encodeToString(value.getBytes(UTF_8)))
        .build();
  }

  private static Secret bare() {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace("fleet")
        .withName("bare")
        .endMetadata()
        .build();
  }
}
