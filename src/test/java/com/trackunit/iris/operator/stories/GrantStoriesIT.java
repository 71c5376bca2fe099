package com.trackunit.iris.operator.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.trackunit.iris.operator.api.GrantType;
import com.trackunit.iris.operator.support.DocumentedServer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Question;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Refresh tokens, and the way from one grant to another. */
class GrantStoriesIT {
  private static final Map<GrantType, String> PATHS =
      Map.of(
          GrantType.PASSWORD, "/token",
          GrantType.CLIENT_CREDENTIALS, "/token/v2",
          GrantType.APP_TOKEN, "/apptoken");
  private static final String OFFLINE =
      "{credentialsSecretRef: {name: login}, scopes: [api, offline_access]}";

  @RegisterExtension private final Story story = new Story();
  private final DocumentedServer documented = new DocumentedServer();

  @BeforeEach
  void begin() {
    story.server().answer(documented);
  }

  @ParameterizedTest
  @CsvSource({
    "CLIENT_CREDENTIALS, PASSWORD",
    "PASSWORD, CLIENT_CREDENTIALS",
    "APP_TOKEN, PASSWORD",
    "PASSWORD, APP_TOKEN",
    "CLIENT_CREDENTIALS, APP_TOKEN",
    "APP_TOKEN, CLIENT_CREDENTIALS"
  })
  void changesTheGrantTypeWithOneRequestAndWithoutAGap(GrantType before, GrantType after) {
    story.labelledLogin();
    story.createCredential(
        Story.FLEET,
        "{credentialsSecretRef: {name: login}, grantType: %s, scopes: [api]}"
            .formatted(before.text()));
    story.awaitEvent("TokenIssued");
    List<String> tokens = new CopyOnWriteArrayList<>();
    try (Watch _ = watch(tokens)) {
      await().until(() -> tokens.equals(List.of("token-1")));

      // Within the floor, the request has to wait and the old token stays.
      story.patchCredential("{spec: {grantType: %s}}".formatted(after.text()));
      await().until(() -> story.condition("Ready"), "False TokenOutdated"::equals);
      story.pass(Story.MINIMUM_INTERVAL);

      awaitToken("token-2");
      await().until(() -> story.condition("Ready"), "True TokenValid"::equals);
      await().during(Story.A_WHILE).until(() -> story.requests() == 2);
      assertThat(story.server().questions())
          .extracting(Question::path)
          .containsExactly(PATHS.get(before), PATHS.get(after));
      assertThat(tokens).containsOnly("token-1", "token-2").endsWith("token-2");
      assertThat(story.events(Story.FLEET)).containsExactly("TokenIssued");
    }
  }

  @Test
  void renewsWithEachRefreshTokenOnceAndSendsNoPassword() {
    offline();

    story.pass(Story.UNTIL_DUE);
    awaitToken("token-2");
    story.pass(Story.UNTIL_DUE);
    awaitToken("token-3");

    assertThat(asked()).containsExactly("password", "refresh_token", "refresh_token");
    assertThat(story.server().questions())
        .extracting(question -> question.field("refresh_token").orElse("none"))
        .containsExactly("none", "refresh-1", "refresh-2");
    assertThat(story.metrics())
        .contains("iris_token_requests_total{grant_type=\"refresh_token\",outcome=\"granted\"} 2");
  }

  @ParameterizedTest
  @CsvSource({
    "400, invalid_grant",
    "401, invalid_client",
    "400, unsupported_grant_type",
    "400, invalid_scope"
  })
  void sendsThePasswordAtOnceWhenARefreshTokenIsRefused(int status, String error) {
    offline();
    refuseRefreshTokens(Answer.error(status, error));

    story.pass(Story.UNTIL_DUE);

    awaitToken("token-2");
    assertThat(asked()).containsExactly("password", "refresh_token", "password");
    assertThat(story.condition("Renewed")).isEqualTo("True Succeeded");
    assertThat(story.status(Story.FLEET).failures()).isNull();
    assertThat(story.events(Story.FLEET)).containsExactly("TokenIssued");
  }

  @Test
  void countsTheRefusedPasswordAndNotTheRefusedRefreshToken() {
    offline();
    documented.revokeRefreshTokens();
    documented.changePassword("another");

    story.pass(Story.UNTIL_DUE);

    story.awaitRenewed("False CredentialsRejected");
    assertThat(asked()).containsExactly("password", "refresh_token", "password");
    assertThat(story.status(Story.FLEET).failures().rejections().count()).isEqualTo(1);
    assertThat(story.token(Story.TARGET)).isEqualTo("token-1");
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
  }

  @Test
  void doesNotRepeatARefreshTokenWhoseAnswerWasLost() {
    offline();
    refuseRefreshTokens(Answer.json(503, ""));
    story.pass(Story.UNTIL_DUE);
    story.awaitRenewed("False EndpointUnavailable");

    story.pass(Duration.ofSeconds(3));

    awaitToken("token-2");
    assertThat(asked()).containsExactly("password", "refresh_token", "password");
    assertThat(story.condition("Ready")).isEqualTo("True TokenValid");
  }

  @Test
  void sendsThePasswordAfterARestart() {
    offline();
    story.restartOperator();

    story.pass(Story.UNTIL_DUE);

    awaitToken("token-2");
    assertThat(asked()).containsExactly("password", "password");
  }

  @Test
  void sendsThePasswordOfALoginThatChanged() {
    offline();
    documented.changePassword("rotated");
    story.moveClock(Story.MINIMUM_INTERVAL);

    story.changesPasswordTo("rotated");

    awaitToken("token-2");
    assertThat(asked()).containsExactly("password", "password");
  }

  @Test
  void sendsThePasswordForOtherScopes() {
    offline();
    story.moveClock(Story.MINIMUM_INTERVAL);

    story.changesScopesTo("api", "fleet", "offline_access");

    awaitToken("token-2");
    assertThat(asked()).containsExactly("password", "password");
  }

  @Test
  void sendsNoRefreshTokenForALoginThatIsGone() {
    offline();
    story.deleteSecret(Story.LOGIN);

    story.pass(Story.UNTIL_DUE);

    story.awaitRenewed("False CredentialsSecretNotFound");
    assertThat(asked()).containsExactly("password");
  }

  /** A token that came with a refresh token. */
  private void offline() {
    story.labelledLogin();
    story.createCredential(Story.FLEET, OFFLINE);
    story.awaitEvent("TokenIssued");
  }

  private void refuseRefreshTokens(Answer answer) {
    story
        .server()
        .answer(
            question ->
                question.field("refresh_token").isPresent() ? answer : documented.apply(question));
  }

  private void awaitToken(String token) {
    await().atMost(Story.SOON).until(() -> story.token(Story.TARGET), token::equals);
  }

  private List<String> asked() {
    return story.server().questions().stream().map(GrantStoriesIT::grantType).toList();
  }

  private static String grantType(Question question) {
    return question.field("grant_type").orElseThrow();
  }

  /** Every token that is ever to be read in the target Secret; {@code gone} when it is deleted. */
  private Watch watch(List<String> tokens) {
    return story
        .admin()
        .secrets()
        .inNamespace(story.namespace())
        .withName(Story.TARGET)
        .watch(
            new Watcher<>() {
              @Override
              public void eventReceived(Action action, Secret secret) {
                tokens.add(action == Action.DELETED ? "gone" : Story.token(secret));
              }

              @Override
              public void onClose(WatcherException cause) {
                tokens.add("no longer seen");
              }
            });
  }
}
