package com.trackunit.iris.operator.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is kept of a Secret to which somebody added as much as the API server lets in. */
class ReducedMetadataTest {
  private static final int MANY = 20_000;

  @Test
  void keepsTheControllerAndWhatTheOperatorManages() {
    Secret reduced = RedactedSecret.of(large());

    assertThat(reduced.getMetadata().getOwnerReferences())
        .singleElement()
        .returns("IrisCredential", OwnerReference::getKind)
        .returns("uid-1", OwnerReference::getUid);
    assertThat(reduced.getMetadata().getLabels()).containsExactly(entry("team", "a"));
    assertThat(reduced.getMetadata().getAnnotations())
        .containsOnlyKeys("note", SecretMetadata.MANAGED);
    assertThat(reduced.getData()).containsOnlyKeys("access_token", RedactedSecret.TOKEN);
    assertThat(reduced.getMetadata().getFinalizers()).isEmpty();
  }

  @Test
  void keepsAFewHundredBytesOfALargeSecret() {
    KubernetesSerialization json = new KubernetesSerialization();

    assertThat(json.asJson(RedactedSecret.of(large()))).hasSizeLessThan(1000);
    assertThat(json.asJson(RedactedSecret.salted(large()))).hasSizeLessThan(400);
  }

  @Test
  void dropsAFactThatIsLongerThanAny() {
    Secret secret = large();
    secret.getMetadata().getAnnotations().put(SecretMetadata.SPEC_HASH, "x".repeat(100_000));
    secret.getMetadata().getAnnotations().put(SecretMetadata.SCOPE, "x".repeat(16 * 1024));

    assertThat(RedactedSecret.of(secret).getMetadata().getAnnotations())
        .containsOnlyKeys("note", SecretMetadata.MANAGED, SecretMetadata.SCOPE);
  }

  @Test
  void comparesALoginOfManyKeysAsAWhole() {
    Secret before = large();
    Secret after = large();
    after.getData().put("key-7", "eQ==");

    String same = RedactedSecret.of(RedactedSecret.salted(before), "password");

    assertThat(RedactedSecret.of(RedactedSecret.salted(large()), "password")).isEqualTo(same);
    assertThat(RedactedSecret.of(RedactedSecret.salted(after), "password")).isNotEqualTo(same);
  }

  private static Secret large() {
    Map<String, String> many =
        IntStream.range(0, MANY)
            .boxed()
            .collect(Collectors.toMap(i -> "key-" + i, i -> "eA==", (a, _) -> a, HashMap::new));
    Map<String, String> annotations = new HashMap<>(many);
    annotations.put("note", "of the spec");
    annotations.put(SecretMetadata.MANAGED, "annotation:note key:access_token label:team");
    Map<String, String> labels = new HashMap<>(many);
    labels.put("team", "a");
    Map<String, String> data = new HashMap<>(many);
    data.put("access_token", Base64.getEncoder().encodeToString("token".getBytes(UTF_8)));
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace("fleet")
        .withName("fleet-token")
        .withUid("uid-2")
        .withResourceVersion("1")
        .withLabels(labels)
        .withAnnotations(annotations)
        .withFinalizers("example.com/a")
        .withOwnerReferences(IntStream.range(0, MANY).mapToObj(ReducedMetadataTest::owner).toList())
        .addNewOwnerReference()
        .withApiVersion("iris.trackunit.com/v1")
        .withKind("IrisCredential")
        .withName("fleet")
        .withUid("uid-1")
        .withController(true)
        .endOwnerReference()
        .endMetadata()
        .withData(data)
        .build();
  }

  private static OwnerReference owner(int i) {
    return new OwnerReferenceBuilder()
        .withApiVersion("v1")
        .withKind("ConfigMap")
        .withName("c" + i)
        .withUid("u" + i)
        .build();
  }
}
