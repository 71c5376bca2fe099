package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepairStoriesIT {

  @RegisterExtension private final Story story = new Story();

  @Test
  void replacesADeletedSecretByOneRequest() {
    story.issued();
    story.pass(Story.MINIMUM_INTERVAL);

    story.deleteSecret(Story.TARGET);

    await().atMost(Story.SOON).until(() -> story.token(Story.TARGET).equals("token-2"));
    await().during(Story.A_WHILE).until(() -> story.requests() == 2);
    assertThat(story.events(Story.FLEET))
        .containsExactlyInAnyOrder("TokenIssued", "TargetSecretRestored");
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
  }

  @Test
  void replacesADeletedSecretOnlyAfterTheFloor() {
    story.issued();

    story.deleteSecret(Story.TARGET);

    await().atMost(Story.SOON).until(() -> story.condition("Ready").equals("False NoToken"));
    await().during(Story.A_WHILE).until(() -> story.requests() == 1);
    await().until(() -> story.token(Story.TARGET).equals("token-2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"access_token\": \"b3RoZXI=\"}", "{\"access_token\": null}"})
  void replacesAnEditedTokenByOneRequest(String edit) {
    story.issued();
    story.pass(Story.MINIMUM_INTERVAL);

    story.patchSecret(Story.TARGET, "{data: " + edit + "}");

    await().atMost(Story.SOON).until(() -> story.token(Story.TARGET).equals("token-2"));
    await().during(Story.A_WHILE).until(() -> story.requests() == 2);
    assertThat(story.events(Story.FLEET)).contains("TargetSecretRestored");
  }

  @ParameterizedTest
  @MethodSource("edits")
  void undoesAnEditWithoutARequest(String edit) {
    story.labelledLogin();
    story.createCredential(
        Story.FLEET,
        "{credentialsSecretRef: {name: login}, targetSecret: {labels: {team: t}, annotations: {note: n}}}");
    story.awaitEvent("TokenIssued");
    Secret issued = story.secret(Story.TARGET);

    story.patchSecret(Story.TARGET, edit);

    await()
        .atMost(Story.SOON)
        .untilAsserted(
            () -> assertThat(content(story.secret(Story.TARGET))).isEqualTo(content(issued)));
    assertThat(story.requests()).isEqualTo(1);
  }

  static Stream<Arguments> edits() {
    Stream<Arguments> data =
        Stream.of("token_type", "scope", "expires_at", "authorization")
            .flatMap(key -> edits(key, "{data: {'%s': %s}}", "\"b3RoZXI=\""));
    Stream<Arguments> labels =
        Stream.of("app.kubernetes.io/managed-by", "app.kubernetes.io/name", "team")
            .flatMap(name -> edits(name, "{metadata: {labels: {'%s': %s}}}", "\"other\""));
    Stream<Arguments> annotations =
        Stream.of(
                "note",
                "iris.trackunit.com/issued-at",
                "iris.trackunit.com/expires-at",
                "iris.trackunit.com/renew-at",
                "iris.trackunit.com/scope",
                "iris.trackunit.com/spec-hash",
                "iris.trackunit.com/token-sha256",
                "iris.trackunit.com/credentials-version",
                "iris.trackunit.com/managed",
                "iris.trackunit.com/checksum")
            .flatMap(name -> edits(name, "{metadata: {annotations: {'%s': %s}}}", "\"other\""));
    Stream<Arguments> several =
        Stream.of(
            argumentSet("all labels removed", "{metadata: {labels: null}}"),
            argumentSet("all annotations removed", "{metadata: {annotations: null}}"),
            argumentSet(
                "an end that seems later",
                "{metadata: {annotations: {iris.trackunit.com/expires-at: '2099-01-01T00:00:00Z'}}}"),
            argumentSet(
                "a renewal that seems due",
                "{metadata: {annotations: {iris.trackunit.com/renew-at: '2001-01-01T00:00:00Z'}}}"));
    return Stream.of(data, labels, annotations, several).flatMap(edits -> edits);
  }

  private static Stream<Arguments> edits(String name, String patch, String other) {
    return Stream.of(
        argumentSet(name + " edited", patch.formatted(name, other)),
        argumentSet(name + " removed", patch.formatted(name, "null")));
  }

  @Test
  void doesNotRaceWithWhoeverUndoesItsWorkEachTime() {
    String edit = "{metadata: {labels: {app.kubernetes.io/name: null}}}";
    story.issued();
    story.patchSecret(Story.TARGET, edit);
    await().atMost(Story.SOON).until(this::isLabelled);

    story.patchSecret(Story.TARGET, edit);

    await().during(Story.A_WHILE).until(() -> !isLabelled());
    story.pass(Story.MINIMUM_INTERVAL);
    await().until(this::isLabelled);
    assertThat(story.requests()).isEqualTo(1);
  }

  private boolean isLabelled() {
    return story
        .secret(Story.TARGET)
        .getMetadata()
        .getLabels()
        .containsKey("app.kubernetes.io/name");
  }

  @Test
  void leavesWhatStrangersAddedWhenItUndoesAnEdit() {
    story.issued();
    story.patchSecret(
        Story.TARGET,
        """
        {"metadata": {"labels": {"their": "label"}, "annotations": {"their": "annotation"}}, "data": {"their": "a2V5"}}""");

    story.patchSecret(Story.TARGET, "{data: {scope: null}}");

    await()
        .atMost(Story.SOON)
        .until(() -> story.secret(Story.TARGET).getData().containsKey("scope"));
    Secret cleared = story.secret(Story.TARGET);
    assertThat(cleared.getMetadata().getLabels()).containsEntry("their", "label");
    assertThat(cleared.getMetadata().getAnnotations()).containsEntry("their", "annotation");
    assertThat(cleared.getData()).containsEntry("their", "a2V5");
  }

  @Test
  void writesNothingForWhatStrangersAdd() {
    story.issued();
    long mark = story.mark();

    story.patchSecret(Story.TARGET, "{metadata: {labels: {their: label}}}");

    await().during(Story.A_WHILE).untilAsserted(() -> assertThat(story.calls(mark)).isEmpty());
  }

  private static List<Map<String, String>> content(Secret secret) {
    return List.of(
        secret.getData(), secret.getMetadata().getLabels(), secret.getMetadata().getAnnotations());
  }
}
