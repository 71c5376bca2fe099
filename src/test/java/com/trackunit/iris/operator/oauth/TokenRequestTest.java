package com.trackunit.iris.operator.oauth;

import static com.trackunit.iris.operator.oauth.Exchanges.http;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.trackunit.iris.operator.net.HttpsProxy;
import com.trackunit.iris.operator.net.TrustStore;
import com.trackunit.iris.operator.support.RawServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent, to the byte. */
class TokenRequestTest {
  @Test
  void sendsExactlyThis() throws IOException {
    Grant grant =
        Grant.password(
            "<<client_id>>",
            "<<client_secret>>",
            "fleet@example.com",
            "p&ss wörd",
            List.of("api", "fleet"));
    try (RawServer server = RawServer.answering(http(200, ""));
        TokenClient endpoint =
            new TokenClient(
                server.url(), Duration.ofSeconds(15), TrustStore::ofTheJvm, HttpsProxy.NONE)) {
      endpoint.ask(grant);

      assertThat(server.conversations().getFirst().heard())
          .isEqualTo(
              """
              POST /token HTTP/1.1\r
              Content-Length: 90\r
              Host: 127.0.0.1:%d\r
              Accept: application/json\r
              Authorization: Basic PDxjbGllbnRfaWQ+Pjo8PGNsaWVudF9zZWNyZXQ+Pg==\r
              Content-Type: application/x-www-form-urlencoded\r
              User-Agent: iris-credential-operator\r
              \r
              grant_type=password&username=fleet%%40example.com&password=p%%26ss+w%%C3%%B6rd&scope=api+fleet"""
                  .formatted(server.url().getPort()));
    }
  }

  @Test
  void sendsAClientInTheFormAndNoHeader() throws IOException {
    Grant grant = Grant.clientCredentials("client:1", "s3cr&t", List.of("fleet:read", "api"));
    try (RawServer server = RawServer.answering(http(200, ""));
        TokenClient endpoint =
            new TokenClient(
                server.url(), Duration.ofSeconds(15), TrustStore::ofTheJvm, HttpsProxy.NONE)) {
      endpoint.ask(grant);

      assertThat(server.conversations().getFirst().heard())
          .isEqualTo(
              """
              POST /token HTTP/1.1\r
              Content-Length: 96\r
              Host: 127.0.0.1:%d\r
              Accept: application/json\r
              Content-Type: application/x-www-form-urlencoded\r
              User-Agent: iris-credential-operator\r
              \r
              grant_type=client_credentials&client_id=client%%3A1&client_secret=s3cr%%26t&scope=fleet%%3Aread+api"""
                  .formatted(server.url().getPort()));
    }
  }

  @Test
  void sendsARefreshTokenWithTheClientAndNothingElseOfTheLogin() throws IOException {
    try (RawServer server = RawServer.answering(http(200, ""));
        TokenClient endpoint =
            new TokenClient(
                server.url(), Duration.ofSeconds(15), TrustStore::ofTheJvm, HttpsProxy.NONE)) {
      endpoint.ask(Exchanges.OFFLINE.refresh("re fresh+1"));

      assertThat(server.conversations().getFirst().heard())
          .contains(
              "\r\nAuthorization: " + Exchanges.OFFLINE.authorization().orElseThrow() + "\r\n")
          .endsWith("\r\n\r\ngrant_type=refresh_token&refresh_token=re+fresh%2B1");
    }
  }

  @Test
  void asksOnceOnAConnectionOfItsOwn() throws IOException {
    try (RawServer server =
            RawServer.answering(http(200, "", "Connection: keep-alive", "Set-Cookie: mark=1"));
        TokenClient endpoint =
            new TokenClient(
                server.url(), Duration.ofSeconds(15), TrustStore::ofTheJvm, HttpsProxy.NONE)) {
      endpoint.ask(Exchanges.LOGIN);
      endpoint.ask(Exchanges.LOGIN);

      assertThat(server.conversations()).hasSize(2);
      assertThat(server.conversations())
          .allMatch(client -> client.heard().split("POST", -1).length == 2);
      assertThat(server.conversations()).noneMatch(client -> client.heard().contains("Cookie"));
    }
  }

  @Test
  void authenticatesAsTrackunitsExampleDoes() {
    Grant grant = Grant.password("<<client_id>>", "<<client_secret>>", "", "", List.of());
    assertThat(grant.authorization())
        .contains("Basic PDxjbGllbnRfaWQ+Pjo8PGNsaWVudF9zZWNyZXQ+Pg==");
  }

  @Test
  void authenticatesInUtf8WithAColonInTheSecret() {
    Grant grant = Grant.password("ü", "a:b", "", "", List.of());
    assertThat(grant.authorization()).contains("Basic w7w6YTpi");
  }

  @Test
  void encodesTheExampleOfRfc6749AppendixB() {
    Grant grant = Grant.password("", "", "u", " %&+£€", List.of("api"));
    assertThat(grant.form())
        .isEqualTo("grant_type=password&username=u&password=+%25%26%2B%C2%A3%E2%82%AC&scope=api");
  }

  @Test
  void asksForNoScopeBySayingNothing() {
    Grant grant = Grant.password("", "", "u", "p", List.of());
    assertThat(grant.form()).isEqualTo("grant_type=password&username=u&password=p");
  }

  @Test
  void refusesAColonInTheClientIdWithoutShowingIt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Grant.password("mark:id", "mark", "mark", "mark", List.of()))
        .withMessage("A client id must not contain a colon.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Grant.password(":id", "mark", "mark", "mark", List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Fleet@Example.com",
        " fleet@example.com ",
        "\uFF46leet@example.com",
        "FLEET@EXAMPLE.COM"
      })
  void isTheSameUserInAnySpellingAndAnotherTry(String spelling) {
    Grant plain = Grant.password("a", "b", "fleet@example.com", "p", List.of());
    Grant spelled = Grant.password("a", "b", spelling, "p", List.of());

    assertThat(spelled.identity()).isEqualTo(plain.identity());
    assertThat(spelled.proof()).isNotEqualTo(plain.proof());
    assertThat(Grant.password("a", "b", "other@example.com", "p", List.of()).identity())
        .isNotEqualTo(plain.identity());
  }

  @Test
  void isJudgedByItsUserOrItsClientAndARefreshTokenByNeither() {
    Grant user = Grant.password("client", "secret", "user", "password", List.of());
    Grant client = Grant.clientCredentials("client", "secret", List.of());
    Grant refresh = user.refresh("token");

    assertThat(user.identity()).containsExactly("user");
    assertThat(user.proof()).containsExactly("client", "secret", "user", "password");
    assertThat(client.identity()).containsExactly("client");
    assertThat(client.proof()).containsExactly("secret");
    assertThat(List.of(user.isLogin(), client.isLogin(), refresh.isLogin()))
        .containsExactly(true, true, false);
    assertThat(List.of(user.isRefreshable(), client.isRefreshable(), refresh.isRefreshable()))
        .containsExactly(true, false, false);
  }

  @Test
  void showsNothingOfALogin() {
    assertThat(Exchanges.LOGIN).hasToString("Grant[password, withheld]");
    assertThat(Exchanges.CLIENT).hasToString("Grant[client_credentials, withheld]");
    assertThat(Exchanges.REFRESH).hasToString("Grant[refresh_token, withheld]");
  }

  @Test
  void refusesAUrlThatIsNotHttpFromTheStart() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new TokenClient(
                        URI.create("ftp://a.test/"),
                        Duration.ofSeconds(1),
                        TrustStore::ofTheJvm,
                        HttpsProxy.NONE)
                    .close());
  }
}
