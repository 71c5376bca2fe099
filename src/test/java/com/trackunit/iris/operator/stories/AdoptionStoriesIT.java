package com.trackunit.iris.operator.stories;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.credential.EffectiveSpec;
import com.trackunit.iris.operator.renewal.Fingerprint;
import com.trackunit.iris.operator.renewal.Lifetime;
import com.trackunit.iris.operator.renewal.StoredToken;
import com.trackunit.iris.operator.secret.DesiredSecret;
import com.trackunit.iris.operator.support.ControlPlane;
import com.trackunit.iris.operator.support.FaultyApiServer;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A target Secret whose owner is gone: after a restore, or after a deletion that orphaned it. */
class AdoptionStoriesIT {
  private static final Duration COLLECTION = Duration.ofSeconds(40);
  private static final String PATCH = "patch secrets/fleet-token";

  @RegisterExtension private final Story story = new Story();

  @Test
  void adoptsARestoredSecretWithoutAnOwnerInOneWrite() {
    Secret backup = issuedAndLost(story);
    story.deleteSecret(Story.LOGIN);
    long mark = story.mark();

    restore(story, withoutOwner(backup));
    story.labelledLogin();
    story.createCredential();
    story.restartOperator();

    assertAdopted(story);
    assertThat(story.calls(mark)).containsOnlyOnce(PATCH);
    story.awaitEvent("TargetSecretRestored");
  }

  @Test
  void adoptsARestoredSecretWithItsOwnerOnceTheCollectorHadItsTime() {
    try (ControlPlane plane = ControlPlane.another();
        FaultyApiServer faulty = FaultyApiServer.before(plane);
        Story lone = new Story(faulty)) {
      Secret backup = issuedAndLost(lone);
      restore(lone, backup);
      lone.createCredential();
      lone.restartOperator();
      await().until(() -> lone.condition("Ready").equals("False NoToken"));
      await().during(Story.A_WHILE).until(() -> !isOwned(lone));

      lone.pass(Duration.ofSeconds(61));

      assertAdopted(lone);
    }
  }

  @Test
  void leavesARestoredSecretWithItsOwnerToTheCollectorFirst() {
    story.collectGarbage();
    Secret backup = issuedAndLost(story);

    restore(story, backup);
    story.createCredential();
    story.restartOperator();

    await().atMost(COLLECTION).until(() -> story.condition("Ready").equals("True TokenValid"));
    assertThat(story.token(Story.TARGET)).isEqualTo("token-2");
    assertThat(isOwned(story)).isTrue();
    assertThat(story.requests()).isEqualTo(2);
  }

  @Test
  void adoptsWhatAnOrphaningDeletionLeft() {
    story.collectGarbage();
    story.issued();
    story.kubectl("delete", "iriscred", "fleet", "--cascade=orphan", "--timeout=60s");
    assertThat(story.credential(Story.FLEET).get()).isNull();
    assertThat(story.secret(Story.TARGET).getMetadata().getOwnerReferences()).isEmpty();

    story.createCredential();

    assertAdopted(story);
    await().during(Story.A_WHILE).until(() -> story.secret(Story.TARGET) != null);
  }

  @Test
  void takesItsSecretBackOnceItsOwnerWasStripped() {
    story.issued();
    long mark = story.mark();

    story.patchSecret(Story.TARGET, "{metadata: {ownerReferences: null}}");

    assertAdopted(story);
    assertThat(story.calls(mark)).containsOnlyOnce(PATCH);
  }

  @Test
  void renewsAnAdoptedTokenThatDoesNotFitTheSpec() {
    Secret backup = issuedAndLost(story);

    restore(story, withoutOwner(backup));
    story.createCredential(Story.FLEET, "{credentialsSecretRef: {name: login}, scopes: [other]}");
    story.restartOperator();
    story.pass(Duration.ofSeconds(11));

    await().until(() -> story.condition("Ready").equals("True TokenValid"));
    assertThat(story.token(Story.TARGET)).isEqualTo("token-2");
    assertThat(isOwned(story)).isTrue();
  }

  static Stream<Arguments> forgeries() {
    return Stream.of(
        forgery("our labels alone", "{metadata: {annotations: null}}"),
        forgery("another checksum", annotation("checksum")),
        forgery("another origin", annotation("origin")),
        forgery("another fingerprint of the token", annotation("token-sha256")),
        forgery("another token", "{data: {access_token: 'b3RoZXI='}}"),
        forgery("no labels", "{metadata: {labels: {app.kubernetes.io/name: null}}}"));
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  void leavesAForgedSecretAlone(String edit) {
    Secret backup = issuedAndLost(story);
    restore(story, withoutOwner(backup));
    story.patchSecret(Story.TARGET, edit);
    Secret forged = story.secret(Story.TARGET);

    story.createCredential();
    story.restartOperator();

    assertLeftAlone(forged);
    // Without our labels it is not in the cache: the write of a token finds it.
    boolean hidden = !forged.getMetadata().getLabels().containsKey("app.kubernetes.io/name");
    assertThat(story.requests()).isBetween(1, hidden ? 2 : 1);
  }

  @Test
  void leavesACopyFromAnotherNamespaceAlone() {
    Secret copied;
    try (Story another = new Story()) {
      another.issued();
      copied = withoutOwner(cleaned(another.secret(Story.TARGET)));
    }
    story.labelledLogin();
    restore(story, copied);
    Secret copy = story.secret(Story.TARGET);

    story.createCredential();

    assertLeftAlone(copy);
    assertThat(story.requests()).isZero();
  }

  @Test
  void leavesASecretOfAnotherCredentialAlone() {
    Secret backup = issuedAndLost(story);
    restore(story, withoutOwner(backup));
    Secret before = story.secret(Story.TARGET);

    story.createCredential(
        "other", "{credentialsSecretRef: {name: login}, targetSecret: {name: fleet-token}}");
    story.restartOperator();

    await().until(() -> story.condition("other", "Renewed").equals("False TargetSecretConflict"));
    assertThat(story.secret(Story.TARGET)).isEqualTo(before);
    assertThat(story.requests()).isEqualTo(1);
  }

  @Test
  void aForgedSecretIsWorthNoMoreThanAnEditedOne() {
    story.issued();
    EffectiveSpec spec = EffectiveSpec.of(story.credential(Story.FLEET).require());
    SecretBuilder forged =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(story.namespace())
            .withName(Story.TARGET)
            .endMetadata();
    DesiredSecret content = forgedContent(spec);
    forged.editMetadata().withLabels(content.labels()).endMetadata();
    forged.editMetadata().withAnnotations(content.annotations()).endMetadata();
    forged.withData(encoded(content.data()));

    // Of a Secret that is owned, by whoever may write it.
    story.admin().resource(forged.build()).patch();
    await().during(Story.A_WHILE).until(() -> story.token(Story.TARGET).equals("forged"));
    story.stopOperator();
    story.deleteSecret(Story.TARGET);
    story.admin().resource(forged.build()).create();
    story.restartOperator();

    await().until(() -> isOwned(story));
    assertThat(story.token(Story.TARGET)).isEqualTo("forged");
    assertThat(story.requests()).isEqualTo(1);
  }

  private DesiredSecret forgedContent(EffectiveSpec spec) {
    Lifetime life = Lifetime.of(story.now(), Duration.ofHours(1));
    StoredToken token =
        new StoredToken(
            life,
            spec.renewalOf(life).at(),
            "api",
            spec.specHash(),
            Fingerprint.of("forged"),
            null,
            null);
    return DesiredSecret.render(spec, token, "forged");
  }

  private static Map<String, String> encoded(Map<String, String> data) {
    Map<String, String> encoded = new HashMap<>(data);
    encoded.replaceAll((key, value) -> Base64.getEncoder().encodeToString(value.getBytes(UTF_8)));
    return encoded;
  }

  private static Arguments forgery(String sentence, String edit) {
    return argumentSet(sentence, edit);
  }

  private static String annotation(String name) {
    return "{metadata: {annotations: {'iris.trackunit.com/%s': '%s'}}}"
        .formatted(name, Fingerprint.of("forged"));
  }

  /** A credential and its Secret that are lost but for a copy of the Secret; no operator runs. */
  private static Secret issuedAndLost(Story story) {
    story.issued();
    story.stopOperator();
    Secret backup = cleaned(story.secret(Story.TARGET));
    story.credential(Story.FLEET).delete();
    story.deleteSecret(Story.TARGET);
    return backup;
  }

  private static Secret cleaned(Secret secret) {
    return new SecretBuilder(secret)
        .editMetadata()
        .withUid(null)
        .withResourceVersion(null)
        .withCreationTimestamp(null)
        .withManagedFields()
        .endMetadata()
        .build();
  }

  private static Secret withoutOwner(Secret secret) {
    return new SecretBuilder(secret).editMetadata().withOwnerReferences().endMetadata().build();
  }

  private static void restore(Story story, Secret backup) {
    Secret restored =
        new SecretBuilder(backup)
            .editMetadata()
            .withNamespace(story.namespace())
            .endMetadata()
            .build();
    await().until(() -> story.secret(Story.TARGET) == null);
    story.admin().resource(restored).create();
  }

  private static boolean isOwned(Story story) {
    String uid = story.credential(Story.FLEET).require().getMetadata().getUid();
    return story.secret(Story.TARGET).getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> owner.getUid().equals(uid) && owner.getController());
  }

  private static void assertAdopted(Story story) {
    await().until(() -> isOwned(story));
    await().until(() -> story.condition("Ready").equals("True TokenValid"));
    await().during(Story.A_WHILE).until(() -> story.requests() == 1);
    assertThat(story.token(Story.TARGET)).isEqualTo("token-1");
    assertThat(story.condition("Renewed")).isEqualTo("True Succeeded");
    assertThat(story.condition("Stalled")).isEmpty();
    assertThat(story.secret(Story.TARGET).getMetadata().getOwnerReferences()).hasSize(1);
  }

  private void assertLeftAlone(Secret before) {
    story.awaitRenewed("False TargetSecretConflict");
    assertThat(story.message("Renewed"))
        .startsWith(
            "Secret %s/fleet-token belongs to no IrisCredential.".formatted(story.namespace()));
    assertThat(story.secret(Story.TARGET)).isEqualTo(before);
  }
}
