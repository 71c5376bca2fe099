package com.trackunit.iris.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.docs.RecipesPages.Block;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Logins that a vault's operator writes, and tokens that a replicator copies; both are played. */
class RecipesLoginsIT {
  private static final String TARGET = "fleet-sync-token";

  private final RecipesCluster cluster = new RecipesCluster();

  @AfterEach
  void stop() {
    cluster.close();
  }

  static Stream<Block> vaults() {
    return RecipesPages.page("login-from-a-vault.md").blocks();
  }

  @ParameterizedTest
  @MethodSource("vaults")
  void aPasswordThatTheVaultChangesIsTriedAtOnce(Block vault) {
    cluster.write(login(vault, "first"));
    cluster.apply(credential("reloader.md"));
    cluster.awaitPasswords("first");

    cluster.passTheFloor();
    cluster.write(login(vault, "second"));
    cluster.awaitPasswords("first", "second");
  }

  @Test
  void aCopyOfTheTokenIsLeftToTheReplicator() {
    Block vault = vaults().findFirst().orElseThrow();
    cluster.write(login(vault, "first"));
    cluster.apply(credential("several-namespaces.md"));
    cluster.awaitToken(TARGET, "token-1");
    Secret target = cluster.secret(cluster.namespace(), TARGET).orElseThrow();
    assertThat(target.getMetadata().getAnnotations())
        .containsEntry("replicator.v1.mittwald.de/replicate-to", "reporting,billing")
        .containsEntry("replicator.v1.mittwald.de/strip-labels", "true");
    Secret copied = cluster.client().resource(copyOf(target)).create();

    cluster.passTheFloor();
    cluster.write(login(vault, "second"));
    cluster.awaitToken(TARGET, "token-2");

    assertThat(cluster.secret(cluster.otherNamespace(), TARGET)).contains(copied);
  }

  /** As the replicator makes it without {@code strip-labels}. */
  private Secret copyOf(Secret source) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(source.getMetadata().getName())
        .withNamespace(cluster.otherNamespace())
        .withLabels(source.getMetadata().getLabels())
        .endMetadata()
        .withData(source.getData())
        .build();
  }

  /** What the vault's operator makes of its source: name, labels and keys are the page's. */
  private Secret login(Block vault, String password) {
    GenericKubernetesResource source =
        Serialization.unmarshal(vault.text(), GenericKubernetesResource.class);
    boolean external = source.getKind().equals("ExternalSecret");
    String name =
        external ? source.get("spec", "target", "name") : source.get("spec", "destination", "name");
    Map<String, String> labels =
        external
            ? source.get("spec", "target", "template", "metadata", "labels")
            : source.get("spec", "destination", "labels");
    SecretBuilder login =
        new SecretBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(cluster.namespace())
            .withLabels(labels)
            .endMetadata();
    keys(source)
        .forEach(key -> login.addToStringData(key, key.equals("password") ? password : "value"));
    return login.build();
  }

  /** External Secrets writes the keys that it is told; the other one what the vault has. */
  private static Stream<String> keys(GenericKubernetesResource source) {
    List<Map<String, Object>> told = source.get("spec", "data");
    return told == null
        ? Stream.of("username", "password", "client_id", "client_secret", "_raw")
        : told.stream().map(key -> key.get("secretKey").toString());
  }

  private static String credential(String page) {
    return RecipesPages.page(page)
        .blocks()
        .map(Block::text)
        .filter(text -> text.contains("kind: IrisCredential"))
        .findFirst()
        .orElseThrow();
  }
}
