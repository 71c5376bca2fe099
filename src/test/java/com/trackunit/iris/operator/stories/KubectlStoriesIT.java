package com.trackunit.iris.operator.stories;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.support.CommandResult;
import com.trackunit.iris.operator.support.Docs;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person sees who has kubectl and nothing else. */
class KubectlStoriesIT {
  @RegisterExtension private final Story story = new Story();

  @Test
  void listsWhatMattersMost() {
    story.issued();

    CommandResult list = story.kubectl("get", "iriscred");

    String expiresAt = story.status(Story.FLEET).token().expiresAt().toString();
    String renewAt = story.status(Story.FLEET).token().renewAt().toString();
    assertThat(words(list, 0))
        .containsExactly("NAME", "READY", "REASON", "RENEWAL", "EXPIRES", "RENEWS", "AGE");
    assertThat(words(list, 1))
        .startsWith("fleet", "True", "TokenValid", "Succeeded", expiresAt, renewAt)
        .hasSize(7);
  }

  /** What it prints is in {@code target/kubectl-get.txt}, to be pasted. */
  @Test
  void saysWhyAsTheDocumentationShows() {
    everyCase();

    assertThat(List.of(shown(Docs.command("kubectl get iriscred -o wide"))))
        .isEqualTo(
            Docs.blocks(Docs.section("### What `kubectl get` tells"))
                .map(Docs.Block::text)
                .map(KubectlStoriesIT::masked)
                .toList());
  }

  private void everyCase() {
    story.login("secret");
    story.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: wrong}
        stringData: {username: nobody, password: secret, client_id: app, client_secret: hush}
        """);
    story.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: conflict-token}
        """);
    story
        .server()
        .answer(
            question ->
                question.field("username").orElse("").equals("nobody")
                    ? Answer.error(400, "invalid_grant")
                    : story.server().grant(Duration.ofHours(1)));
    createCredential(
        "refused", "{credentialsSecretRef: {name: wrong}}", "False CredentialsRejected");
    createCredential(
        "missing-login",
        "{credentialsSecretRef: {name: missing}}",
        "False CredentialsSecretNotFound");
    createCredential(
        "suspended", "{credentialsSecretRef: {name: login}, suspend: true}", "False Suspended");
    createCredential("conflict", Story.SPEC, "False TargetSecretConflict");
    createCredential("valid", Story.SPEC, "True Succeeded");
    story.replaceOperator(story.server().url(), Map.of("IRIS_MAX_REQUESTS_PER_SECOND", "0.001"));
    // A new operator has one request to make, and whoever comes first may have it.
    story.createCredential("first", Story.SPEC);
    await().until(() -> !story.condition("first", "Renewed").isEmpty());
    createCredential("waiting", Story.SPEC, "False WaitingForSlot");
    story.credential("first").delete();
  }

  private void createCredential(String name, String spec, String renewed) {
    story.createCredential(name, spec);
    await(name).until(() -> story.condition(name, "Renewed"), renewed::equals);
  }

  private String shown(String command) {
    String[] arguments = command.substring("kubectl ".length()).split(" ");
    String output = "$ " + command + "\n" + story.kubectl(arguments).stdout();
    try {
      Files.writeString(Path.of("target", "kubectl-get.txt"), output, CREATE, APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return masked(output);
  }

  private static String masked(String block) {
    return block
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ", "TIME")
        .replaceAll("(?m)\\b\\d+[smh](\\d+s)?$", "AGE")
        .replaceAll(" +", " ")
        .strip();
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
    story.createCredential();

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
