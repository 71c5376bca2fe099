package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Question;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LoginStoriesIT {
  @RegisterExtension private final Story story = new Story();

  @Test
  void waitsForALabelledLogin() {
    story.createCredential();
    story.awaitRenewed("False CredentialsSecretNotFound");

    story.labelledLogin();

    await().atMost(Story.SOON).until(() -> story.token(Story.TARGET).equals("token-1"));
    assertThat(story.requests()).isEqualTo(1);
  }

  @Test
  void waitsForALoginWithoutALabel() {
    story.createCredential();
    story.awaitRenewed("False CredentialsSecretNotFound");

    story.login("secret");

    // Looks go on after 1 s, 2 s, 4 s, 8 s.
    await().atMost(Story.SOON).until(() -> story.token(Story.TARGET).equals("token-1"));
    assertThat(story.requests()).isEqualTo(1);
  }

  @Test
  void takesNoLoginFromAnotherNamespace() {
    try (Story elsewhere = new Story()) {
      elsewhere.labelledLogin();

      story.createCredential();
      story.createCredential(
          "reaching",
          "{credentialsSecretRef: {name: login, namespace: %s}}".formatted(elsewhere.namespace()));

      await()
          .until(
              () -> story.condition("reaching", "Renewed"),
              "False CredentialsSecretNotFound"::equals);
      story.awaitRenewed("False CredentialsSecretNotFound");
      assertThat(story.requests()).isZero();
    }
  }

  @Test
  void takesNoTargetSecretForALogin() {
    story.issued();
    story.createCredential("reaching", "{credentialsSecretRef: {name: forged-token}}");

    story.createCredential(
        "forged",
        """
        {credentialsSecretRef: {name: login}, targetSecret: {name: forged-token, data: {
          username: chosen, password: chosen, client_id: chosen, client_secret: chosen,
          token: "{{access_token}}"}}}
        """);

    await()
        .atMost(Story.SOON)
        .until(
            () -> story.condition("reaching", "Renewed"), "False CredentialsSecretInvalid"::equals);
    assertThat(story.status("reaching").condition("Renewed").orElseThrow().message())
        .startsWith(
            "Secret %s/forged-token is the target Secret of a credential, and such a Secret is never a login."
                .formatted(story.namespace()));
    assertThat(story.requests()).isEqualTo(2);
    assertThat(story.condition("forged", "Ready")).isEqualTo("True TokenValid");
  }

  @Test
  void readsOnlyLabelledLoginsWhereTheLabelIsRequired() {
    try (Story strict = new Story(Map.of("IRIS_REQUIRE_LOGIN_LABEL", "true"))) {
      strict.login("secret");
      strict.createCredential();
      strict.awaitRenewed("False CredentialsSecretInvalid");
      assertThat(strict.message("Renewed"))
          .contains("has no label iris.trackunit.com/credentials: \"true\"");

      strict.kubectl(
          Docs.command("kubectl label secret fleet-api-user")
              .replaceFirst("kubectl ", "")
              .replace("fleet-api-user", Story.LOGIN)
              .split(" "));

      await().atMost(Story.SOON).until(() -> strict.condition("Ready"), "True TokenValid"::equals);
      assertThat(strict.requests()).isEqualTo(1);
    }
  }

  @Test
  void saysWhichLoginIsMissing() {
    story.createCredential();

    story.awaitRenewed("False CredentialsSecretNotFound");
    assertThat(story.message("Renewed"))
        .isEqualTo(
            "Secret %s/login does not exist. Create it with the keys username, password, client_id and client_secret.",
            story.namespace());
    assertThat(story.condition("Ready")).isEqualTo("False NoToken");
    assertThat(story.condition("Stalled")).isEmpty();
    assertThat(story.requests()).isZero();
  }

  @Test
  void saysAfterHalfAMinuteThatAnotherAsksWithTheSameLogin() {
    try (Story slow = new Story(Map.of("IRIS_REQUEST_TIMEOUT", "60s"))) {
      Runnable release = slow.requestIsHeld();
      slow.createCredential("second", Story.SPEC);
      await().during(Duration.ofSeconds(3)).until(() -> renewedOf(slow, "second").isEmpty());

      slow.moveClock(Duration.ofSeconds(30));

      await().until(() -> renewedOf(slow, "second"), "False WaitingForSlot"::equals);
      assertThat(slow.status("second").condition("Renewed").orElseThrow().message())
          .startsWith("Other resources ask with the same login now.");
      release.run();
      await().until(() -> renewedOf(slow, "second"), "True Succeeded"::equals);
      assertThat(slow.requests()).isEqualTo(2);
    }
  }

  private static String renewedOf(Story story, String name) {
    return story.condition(name, "Renewed");
  }

  @ParameterizedTest
  @MethodSource("badValues")
  void sendsNoLoginThatCannotBeMeant(String key, String encoded) {
    story.labelledLogin();
    story.patchSecret(Story.LOGIN, "{data: {'%s': %s}}".formatted(key, encoded));

    story.createCredential();

    story.awaitRenewed("False CredentialsSecretInvalid");
    assertThat(story.condition("Stalled")).isEqualTo("True CredentialsSecretInvalid");
    assertThat(story.message("Renewed")).contains("\"" + key + "\"").doesNotContain("shibboleth");
    assertThat(story.requests()).isZero();
  }

  static Stream<Arguments> badValues() {
    return Stream.of(
        argumentSet("no user name", "username", "null"),
        argumentSet("no password", "password", "null"),
        argumentSet("no client id", "client_id", "null"),
        argumentSet("no client secret", "client_secret", "null"),
        argumentSet("an empty password", "password", "\"\""),
        argumentSet("a newline behind the password", "password", encoded("shibboleth\n")),
        argumentSet("a password that is not UTF-8", "password", "\"/w==\""),
        argumentSet("more than 4 KiB", "client_secret", encoded("shibboleth".repeat(410))),
        argumentSet("a colon in the client id", "client_id", encoded("shib:boleth")));
  }

  @Test
  void takesALoginThatWasMended() {
    story.labelledLogin();
    story.patchSecret(Story.LOGIN, "{data: {password: null}}");
    story.createCredential();
    story.awaitRenewed("False CredentialsSecretInvalid");

    story.patchSecret(Story.LOGIN, "{data: {password: %s}}".formatted(encoded("secret")));

    await().atMost(Story.SOON).until(() -> story.condition("Ready").equals("True TokenValid"));
    assertThat(story.condition("Stalled")).isEmpty();
    assertThat(story.status(Story.FLEET).failures()).isNull();
    assertThat(story.requests()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "401, invalid_client, client_id and client_secret",
    "400, invalid_grant, the password"
  })
  void asksOnceWithALoginThatIsRefused(int status, String error, String blamed) {
    story.server().answer(question -> Answer.error(status, error));
    story.labelledLogin();
    story.createCredential();
    story.awaitEvent("CredentialsRejected");

    story.patchCredential("{metadata: {annotations: {their: note}}}");
    story.poke();
    story.restartOperator();
    story.poke();

    await().during(Story.A_WHILE).until(() -> story.requests() == 1);
    assertThat(story.condition("Renewed")).isEqualTo("False CredentialsRejected");
    assertThat(story.condition("Stalled")).isEqualTo("True CredentialsRejected");
    assertThat(story.message("Renewed"))
        .contains("(" + error + ")")
        .contains("Check " + blamed + " in Secret " + story.namespace() + "/login.")
        .contains("Next try at ");
    assertThat(story.events(Story.FLEET)).containsExactly("CredentialsRejected");
  }

  @Test
  void takesAPasswordThatWasCorrected() {
    story.server().answer(this::unlessWrong);
    story.labelledLogin();
    story.patchSecret(Story.LOGIN, "{data: {password: %s}}".formatted(encoded("wrong")));
    story.createCredential();
    story.awaitRenewed("False CredentialsRejected");

    story.patchSecret(Story.LOGIN, "{data: {password: %s}}".formatted(encoded("secret")));

    await().atMost(Story.SOON).until(() -> story.condition("Ready").equals("True TokenValid"));
    assertThat(story.requests()).isEqualTo(2);
    assertThat(story.condition("Stalled")).isEmpty();
  }

  @Test
  void takesAPasswordThatWasCorrectedInALoginWithoutALabel() {
    story.server().answer(this::unlessWrong);
    story.login("wrong");
    story.createCredential();
    story.awaitRenewed("False CredentialsRejected");

    story.patchSecret(Story.LOGIN, "{data: {password: %s}}".formatted(encoded("secret")));

    await().atMost(Story.SOON).until(() -> story.condition("Ready").equals("True TokenValid"));
    assertThat(story.requests()).isEqualTo(2);
  }

  @Test
  void doesNotRepeatARefusedLoginWithoutALabel() {
    story.server().answer(this::unlessWrong);
    story.login("wrong");
    story.createCredential();
    story.awaitRenewed("False CredentialsRejected");

    story.restartOperator();
    story.poke();

    await().during(Duration.ofSeconds(4)).until(() -> story.requests() == 1);
  }

  @Test
  void keepsTheTokenWhenTheLoginIsDeleted() {
    story.issued();
    story.deleteSecret(Story.LOGIN);

    story.pass(Story.UNTIL_DUE);

    story.awaitRenewed("False CredentialsSecretNotFound");
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
    assertThat(story.token(Story.TARGET)).isEqualTo("token-1");
    assertThat(story.requests()).isEqualTo(1);
  }

  @Test
  void renewsAtOnceWithALoginThatWasRotated() {
    story.issued();
    story.pass(Duration.ofSeconds(11));

    story.patchSecret(Story.LOGIN, "{data: {password: %s}}".formatted(encoded("rotated")));

    await().atMost(Story.SOON).until(() -> story.token(Story.TARGET).equals("token-2"));
    await().during(Story.A_WHILE).until(() -> story.requests() == 2);
  }

  private Answer unlessWrong(Question question) {
    return question.field("password").filter("secret"::equals).isPresent()
        ? story.server().grant(Duration.ofHours(1))
        : Answer.error(400, "invalid_grant");
  }

  private static String encoded(String text) {
    return "\"%s\""
        .formatted(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
  }
}
