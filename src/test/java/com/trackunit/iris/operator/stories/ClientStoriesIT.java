package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.TokenStatus;
import com.trackunit.iris.operator.support.DocumentedServer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Question;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** The grants of a client alone: keys of API Tokens v2, and marketplace apps. */
@ParameterizedClass
@CsvSource({
  "ClientCredentials, /token/v2, client_credentials, 1200, API key",
  "AppToken, /apptoken, app_token, 3600, app"
})
class ClientStoriesIT {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String REJECTED = "False CredentialsRejected";
  private static final String READY = "True TokenValid";
  private static final int FAILURES_THAT_OPEN_THE_BREAKER = 5;

  @Parameter(0)
  String grantType;

  @Parameter(1)
  String path;

  @Parameter(2)
  String label;

  @Parameter(3)
  long seconds;

  @Parameter(4)
  String holder;

  @RegisterExtension private final Story story = new Story();
  private final DocumentedServer documented = new DocumentedServer();

  @BeforeEach
  void begin() {
    story.server().answer(documented);
  }

  @Test
  void renewsATokenOfTheDocumentedLife() {
    client("hush");
    createCredential(Story.FLEET);
    story.awaitEvent("TokenIssued");
    TokenStatus token = story.status(Story.FLEET).token();
    assertThat(token.expiresAt()).isEqualTo(token.issuedAt().plusSeconds(seconds));
    assertThat(token.renewAt())
        .isBetween(
            token.issuedAt().plusSeconds(seconds / 2),
            token.issuedAt().plusSeconds(seconds * 67 / 100));

    story.pass(Duration.ofSeconds(seconds * 67 / 100 + 1));

    awaitToken("token-2");
    assertThat(paths()).containsExactly(path, path);
    assertThat(story.server().questions())
        .allMatch(question -> question.field("client_id").equals(Optional.of("app:1")))
        .allMatch(question -> question.field("scope").equals(Optional.of("asset.view")));
    assertThat(story.metrics())
        .contains(
            "iris_token_requests_total{grant_type=\"%s\",outcome=\"granted\"} 2".formatted(label));
  }

  @Test
  void namesTheTwoKeysOfAMissingClient() {
    createCredential(Story.FLEET);

    story.awaitRenewed("False CredentialsSecretNotFound");
    assertThat(story.message("Renewed"))
        .isEqualTo(
            "Secret %s/login does not exist. Create it with the keys client_id and client_secret.",
            story.namespace());
  }

  @Test
  void namesTheKeyThatAClientLacks() {
    client("hush");
    story.patchSecret(Story.LOGIN, "{data: {client_secret: null}}");

    createCredential(Story.FLEET);

    story.awaitRenewed("False CredentialsSecretInvalid");
    assertThat(story.message("Renewed")).contains("has no key \"client_secret\"");
    assertThat(story.requests()).isZero();
  }

  @Test
  void triesARefusedClientOnceForAllItsCredentialsAndThePasswordBesideIt() {
    answerHere(question -> Answer.error(401, "invalid_client"));
    story.labelledLogin();
    createCredential(Story.FLEET);
    story.awaitRenewed(REJECTED);
    assertThat(story.message("Renewed"))
        .contains("Check client_id and client_secret in Secret " + story.namespace() + "/login.");

    createCredential("second");
    await().until(() -> story.condition("second", "Renewed"), REJECTED::equals);
    story.restartOperator();
    story.createCredential("third", Story.SPEC);

    await().until(() -> story.condition("third", "Ready"), READY::equals);
    assertThat(paths()).containsExactly(path, "/token");
  }

  @Test
  void asksOnceMoreWhenTheClientSecretIsCorrected() {
    answerHere(
        question ->
            question.field("client_secret").equals(Optional.of("right"))
                ? documented.apply(question)
                : Answer.error(401, "invalid_client"));
    client("wrong");
    createCredential(Story.FLEET);
    story.awaitRenewed(REJECTED);
    story.moveClock(Story.MINIMUM_INTERVAL);

    story.patchSecret(Story.LOGIN, "{stringData: {client_secret: right}}");

    awaitToken("token-1");
    await().until(() -> story.condition("Ready"), READY::equals);
    assertThat(story.status(Story.FLEET).failures()).isNull();
    assertThat(paths()).containsExactly(path, path);
  }

  @Test
  void tellsWhoLacksARefusedScope() {
    answerHere(question -> Answer.error(400, "invalid_scope"));
    client("hush");

    createCredential(Story.FLEET);

    story.awaitRenewed("False ScopeRejected");
    assertThat(story.message("Renewed"))
        .contains("\"asset.view\"", "Correct spec.scopes, or have them granted to the " + holder);
  }

  @Test
  void anEndpointThatIsOutHoldsBackItsOwnGrantAlone() {
    answerHere(question -> Answer.json(503, ""));
    story.labelledLogin();
    createCredential(Story.FLEET);
    for (int request = 1; request < FAILURES_THAT_OPEN_THE_BREAKER; request++) {
      int sent = request;
      await().until(() -> failures() == sent);
      story.pass(MINUTE);
    }
    await().until(() -> failures() == FAILURES_THAT_OPEN_THE_BREAKER);

    story.createCredential("second", Story.SPEC);

    await().until(() -> story.condition("second", "Ready"), READY::equals);
    for (String other : List.of("password", "client_credentials", "app_token")) {
      assertThat(story.metrics())
          .contains(
              "iris_endpoint_circuit_open{grant_type=\"%s\"} %s"
                  .formatted(other, other.equals(label) ? "1.0" : "0.0"));
    }
  }

  @Test
  void takes64ScopesOfTheLargestSize() {
    String scopes =
        IntStream.range(100, 164)
            .mapToObj(number -> number + "x".repeat(125))
            .collect(Collectors.joining(", "));
    client("hush");

    story.createCredential(Story.FLEET, spec("['%s']".formatted(scopes.replace(", ", "', '"))));

    await().until(() -> story.condition("Ready"), READY::equals);
    assertThat(story.status(Story.FLEET).token().scope()).isEqualTo(scopes.replace(",", ""));
    assertThat(story.value("scope")).isEqualTo(scopes.replace(",", ""));
  }

  private void createCredential(String name) {
    story.createCredential(name, spec("[asset.view]"));
  }

  private String spec(String scopes) {
    return "{credentialsSecretRef: {name: login}, grantType: %s, scopes: %s}"
        .formatted(grantType, scopes);
  }

  /** A login of two keys that is watched. */
  private void client(String secret) {
    story.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: login, labels: {iris.trackunit.com/credentials: "true"}}
        stringData: {client_id: "app:1", client_secret: %s}
        """
            .formatted(secret));
  }

  /** The grant's endpoint answers so, the others as documented. */
  private void answerHere(Function<Question, Answer> script) {
    story
        .server()
        .answer(question -> (question.path().equals(path) ? script : documented).apply(question));
  }

  private int failures() {
    return Optional.ofNullable(story.status(Story.FLEET).failures())
        .map(failures -> failures.count())
        .orElse(0);
  }

  private void awaitToken(String token) {
    await().atMost(Story.SOON).until(() -> story.token(Story.TARGET), token::equals);
  }

  private List<String> paths() {
    return story.server().questions().stream().map(Question::path).toList();
  }
}
