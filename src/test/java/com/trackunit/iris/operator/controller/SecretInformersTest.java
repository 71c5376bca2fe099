package com.trackunit.iris.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.api.IrisCredential;
import com.trackunit.iris.operator.api.IrisCredentialStatus;
import com.trackunit.iris.operator.support.Specs;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which changes of a credential are worth a look. */
class SecretInformersTest {

  static Stream<Arguments> changes() {
    return Stream.of(
        argumentSet("nothing", change(meta -> {}), false),
        argumentSet("another version alone", change(meta -> meta.setResourceVersion("2")), false),
        argumentSet("its spec", change(meta -> meta.setGeneration(2L)), true),
        argumentSet(
            "its deletion begins",
            change(meta -> meta.setDeletionTimestamp("2026-11-02T08:00:00Z")),
            true),
        argumentSet("a renewal is asked for", change(meta -> annotate(meta, "again")), true),
        argumentSet("the request is taken back", change(meta -> meta.setAnnotations(null)), true),
        argumentSet(
            "an annotation that means nothing",
            change(meta -> meta.getAnnotations().put("note", "to whom it may concern")),
            false),
        argumentSet("deleted and made again at once", change(meta -> meta.setUid("two")), true));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void needsReconcile(Consumer<ObjectMeta> change, boolean expected) {
    IrisCredential now = credential();
    change.accept(now.getMetadata());

    assertThat(SecretInformers.needsReconcile(now, credential())).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("statuses")
  void isNotWorthALookForItsStatus(IrisCredentialStatus status) {
    IrisCredential now = credential();
    now.setStatus(status);

    assertThat(SecretInformers.needsReconcile(now, credential())).isFalse();
  }

  static Stream<Arguments> statuses() {
    return Stream.of(
        argumentSet("an empty one", IrisCredentialStatus.NONE),
        argumentSet(
            "one that acts on the request",
            new IrisCredentialStatus(1L, null, null, null, null, "now")));
  }

  private static Consumer<ObjectMeta> change(Consumer<ObjectMeta> change) {
    return change;
  }

  private static void annotate(ObjectMeta meta, String value) {
    meta.getAnnotations().put(IrisCredential.RENEW_REQUESTED_AT, value);
  }

  private static IrisCredential credential() {
    IrisCredential credential = Specs.credential("team-a", "fleet", "one");
    ObjectMeta metadata = credential.getMetadata();
    metadata.setResourceVersion("1");
    metadata.setAnnotations(new HashMap<>(Map.of(IrisCredential.RENEW_REQUESTED_AT, "now")));
    return credential;
  }
}
