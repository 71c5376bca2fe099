package com.trackunit.iris.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.support.CommandResult;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person sees who has kubectl and nothing else. */
class KubectlStoriesIT {
  private final Story story = new Story();

  @AfterEach
  void end() {
    story.close();
  }

  @Test
  void listsWhatMattersMost() {
    story.issued();

    CommandResult list = story.kubectl("get", "iriscred");

    String expiresAt = story.status(Story.FLEET).token().expiresAt().toString();
    String renewAt = story.status(Story.FLEET).token().renewAt().toString();
    assertThat(words(list, 0))
        .containsExactly("NAME", "READY", "REASON", "EXPIRES", "RENEWS", "AGE");
    assertThat(words(list, 1))
        .startsWith("fleet", "True", "TokenValid", expiresAt, renewAt)
        .hasSize(6);
  }

  @Test
  void namesTheSecretInTheWideList() {
    story.issued();

    CommandResult list = story.kubectl("get", "iriscred", "-o", "wide");

    assertThat(words(list, 0))
        .containsExactly("NAME", "READY", "REASON", "EXPIRES", "RENEWS", "SECRET", "AGE");
    assertThat(words(list, 1)).contains("fleet-token");
  }

  @Test
  void knowsTheCategory() {
    story.issued();

    CommandResult list = story.kubectl("get", "iris", "-o", "name");

    assertThat(list.stdout().strip()).isEqualTo("iriscredential.iris.trackunit.com/fleet");
  }

  @Test
  void waitsUntilACredentialIsReady() {
    story.labelledLogin();
    story.order();

    CommandResult wait =
        story.kubectl("wait", "--for=condition=Ready", "iriscred/fleet", "--timeout=10s");

    assertThat(wait.stdout()).contains("fleet condition met");
    assertThat(story.token(Story.TARGET)).isEqualTo("token-1");
  }

  @Test
  void describesConditionsAndEvents() {
    story.issued();

    CommandResult described = story.kubectl("describe", "iriscred", "fleet");

    assertThat(described.stdout())
        .containsPattern("Type: +Ready")
        .containsPattern("Type: +Renewed")
        .contains("Secret " + story.namespace() + "/fleet-token holds a token that expires at ")
        .containsPattern("Normal +TokenIssued .*iris.trackunit.com/operator")
        .doesNotContain("token-1", "hush");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spec",
        "spec.credentialsSecretRef",
        "spec.credentialsSecretRef.keys",
        "spec.targetSecret",
        "status",
        "status.conditions",
        "status.token",
        "status.binding",
        "status.failures"
      })
  void explainsEveryField(String path) {
    CommandResult explained = story.kubectl("explain", "iriscred." + path);

    assertThat(explained.exitCode()).isZero();
    assertThat(explained.stdout()).contains("FIELDS:").doesNotContain("<no description>");
  }

  @Test
  void showsTheWholeSpecAtOnce() {
    CommandResult explained = story.kubectl("explain", "iriscred.spec", "--recursive");

    assertThat(explained.stdout())
        .containsPattern("credentialsSecretRef\\s+<Object> -required-")
        .containsPattern("scopes\\s+<\\[\\]string>")
        .containsPattern("targetSecret\\s+<Object>")
        .containsPattern("renewBefore\\s+<string>")
        .containsPattern("renewBeforePercentage\\s+<integer>");
  }

  private static List<String> words(CommandResult result, int line) {
    return List.of(result.stdout().lines().toList().get(line).split(" +"));
  }
}
