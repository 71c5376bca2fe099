package com.trackunit.iris.operator.stories;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.function.Consumer;

/** Work that an operator has with one credential: how it comes about, and what it ends with. */
enum Work {
  CREATE("token-1", Story::labelledLogin, Story::createCredential),
  RENEW("token-2", Story::issued, story -> story.pass(Story.UNTIL_DUE)),
  LOGIN_ROTATED(
      "token-2",
      Work::issuedLongAgo,
      story -> story.patchSecret(Story.LOGIN, "{\"stringData\": {\"password\": \"newer\"}}")),
  LABEL_TAMPERED(
      "token-1",
      Work::issuedLongAgo,
      story ->
          story.patchSecret(
              Story.TARGET,
              "{\"metadata\": {\"labels\": {\"app.kubernetes.io/managed-by\": null}}}")),
  TOKEN_TAMPERED(
      "token-2",
      Work::issuedLongAgo,
      story -> story.patchSecret(Story.TARGET, "{\"stringData\": {\"access_token\": \"edited\"}}")),
  RECREATED(
      "token-2",
      Story::issued,
      story -> {
        story.credential(Story.FLEET).delete();
        story.createCredential();
        await().until(() -> story.condition("Ready").equals("False NoToken"));
        story.deleteSecret(Story.TARGET);
      }),
  FREED(
      "token-1",
      story -> {
        story.labelledLogin();
        story.apply(
            """
            apiVersion: v1
            kind: Secret
            metadata:
              name: fleet-token
              labels: {app.kubernetes.io/managed-by: iris-credential-operator, app.kubernetes.io/name: iris-token}
            """);
        story.createCredential();
        story.awaitEvent("TargetSecretConflict");
      },
      story -> story.deleteSecret(Story.TARGET));

  private final String token;
  private final Consumer<Story> given;
  private final Consumer<Story> begin;

  Work(String token, Consumer<Story> given, Consumer<Story> begin) {
    this.token = token;
    this.given = given;
    this.begin = begin;
  }

  // Long enough for a request to follow at once.
  private static void issuedLongAgo(Story story) {
    story.issued();
    story.moveClock(Duration.ofSeconds(11));
  }

  /** Lets happen what comes before it. */
  void prepare(Story story) {
    given.accept(story);
  }

  /** Makes it necessary. */
  void begin(Story story) {
    begin.accept(story);
  }

  boolean isDone(Story story) {
    return story.token(Story.TARGET).equals(token)
        && story.secret(Story.TARGET).getMetadata().getLabels().size() == 2
        && story.condition("Ready").equals("True TokenValid")
        && story.condition("Renewed").equals("True Succeeded");
  }
}
