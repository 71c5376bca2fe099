package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.fabric8.kubernetes.api.model.Secret;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What users make of a token by templates, and what becomes of it when they change their mind. */
class TemplateStoriesIT {
  private static final String NPMRC =
      "{.npmrc: '//npm.example.com/:_authToken={{access_token}}', kind: '{{token_type}}'}";

  @RegisterExtension private final Story story = new Story();

  @Test
  void writesWhatTheTemplatesSayAndNothingElse() {
    issuedWith(
        """
        {.npmrc: '//npm.example.com/:_authToken={{access_token}}',
        .env: "TOKEN={{access_token}}\\nEXPIRES={{expires_at}}\\n",
        token.json: '{"auth":{"token":"{{access_token}}","scope":"{{scope}}","from":"{{issued_at}}"}}'}
        """);

    Secret secret = story.secret(Story.TARGET);
    var annotations = secret.getMetadata().getAnnotations();
    assertThat(secret.getData()).containsOnlyKeys(".npmrc", ".env", "token.json");
    assertThat(story.value(".npmrc")).isEqualTo("//npm.example.com/:_authToken=token-1");
    assertThat(story.value(".env"))
        .isEqualTo(
            "TOKEN=token-1\nEXPIRES=" + annotations.get("iris.trackunit.com/expires-at") + "\n");
    assertThat(story.value("token.json"))
        .isEqualTo(
            "{\"auth\":{\"token\":\"token-1\",\"scope\":\"api\",\"from\":\""
                + annotations.get("iris.trackunit.com/issued-at")
                + "\"}}");
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        argumentSet("from a file to another", NPMRC, "{t: 'x{{access_token}}y'}", "t", "xtoken-1y"),
        argumentSet(
            "the key of that name goes",
            "{a: '{{access_token}}'}",
            "{b: '{{access_token}}'}",
            "b",
            "token-1"),
        argumentSet(
            "from templates to the default", NPMRC, "null", "authorization", "Bearer token-1"),
        argumentSet(
            "from the default to templates",
            "null",
            NPMRC,
            ".npmrc",
            "//npm.example.com/:_authToken=token-1"));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void writesAChangedTemplateFromTheStoredToken(
      String before, String after, String key, String value) {
    issuedWith(before);
    story.patchSecret(Story.TARGET, "{data: {strange: 'eA=='}}");
    var old = story.secret(Story.TARGET).getData().keySet();
    long mark = story.mark();

    change(after);

    await().atMost(Story.SOON).until(() -> story.value(key).equals(value));
    assertThat(story.secret(Story.TARGET).getData())
        .containsKey("strange")
        .doesNotContainKeys(
            old.stream().filter(name -> !name.equals("strange")).toArray(String[]::new));
    await().until(() -> story.status(Story.FLEET).observedGeneration() == 2);
    assertThat(story.calls(mark)).filteredOn(call -> call.startsWith("patch secrets")).hasSize(1);
    assertThat(story.requests()).isEqualTo(1);
    assertThat(story.events(Story.FLEET)).containsExactly("TokenIssued");
  }

  @Test
  void writesAnotherTextUnderTheSameKeyFromTheStoredToken() {
    issuedWith("{a: 'x{{access_token}}'}");

    change("{a: '{{access_token}}y'}");

    await().atMost(Story.SOON).until(() -> story.value("a").equals("token-1y"));
    assertThat(story.requests()).isEqualTo(1);
  }

  @Test
  void doesNothingAfterARestart() {
    issuedWith(NPMRC);
    long mark = story.mark();

    story.restartOperator();

    await()
        .during(Story.A_WHILE)
        .untilAsserted(
            () ->
                assertThat(story.calls(mark))
                    .noneMatch(call -> call.startsWith("patch") || call.startsWith("get")));
    assertThat(story.requests()).isEqualTo(1);
  }

  @Test
  void mendsWhatSomebodyEditedFromTheStoredToken() {
    issuedWith(NPMRC);

    story.patchSecret(Story.TARGET, "{data: {kind: 'eA=='}}");

    await().atMost(Story.SOON).until(() -> story.value("kind").equals("Bearer"));
    story.awaitEvent("TargetSecretRestored");
    assertThat(story.requests()).isEqualTo(1);
  }

  @Test
  void replacesATokenThatSomebodyEditedInATemplate() {
    issuedWith(NPMRC);
    story.pass(Story.MINIMUM_INTERVAL);

    story.patchSecret(Story.TARGET, "{data: {.npmrc: 'eA=='}}");

    await()
        .atMost(Story.SOON)
        .until(() -> story.value(".npmrc").equals("//npm.example.com/:_authToken=token-2"));
    await().during(Story.A_WHILE).until(() -> story.requests() == 2);
  }

  @Test
  void renewsIntoTheTemplates() {
    issuedWith(NPMRC);

    story.pass(Story.UNTIL_DUE);

    await().atMost(Story.SOON).until(() -> story.value(".npmrc").endsWith("=token-2"));
    assertThat(story.requests()).isEqualTo(2);
  }

  private void issuedWith(String data) {
    story.labelledLogin();
    change(data);
    story.awaitEvent("TokenIssued");
  }

  private void change(String data) {
    assertThat(story.kubectlApply(spec(data)).exitCode()).isZero();
  }

  private static String spec(String data) {
    return "{credentialsSecretRef: {name: login}, targetSecret: {data: %s}}"
        .formatted(data.replace("\n", " "));
  }
}
