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

/** What is sent, to the byte. */
class TokenRequestTest {
  @Test
  void sendsExactlyThis() throws IOException {
    PasswordGrant grant =
        new PasswordGrant(
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
    ClientCredentialsGrant grant =
        new ClientCredentialsGrant("client:1", "s3cr&t", List.of("fleet:read", "api"));
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
      endpoint.ask(new RefreshGrant(Exchanges.OFFLINE, "re fresh+1"));

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
    PasswordGrant grant =
        new PasswordGrant("<<client_id>>", "<<client_secret>>", "", "", List.of());
    assertThat(grant.authorization())
        .contains("Basic PDxjbGllbnRfaWQ+Pjo8PGNsaWVudF9zZWNyZXQ+Pg==");
  }

  @Test
  void authenticatesInUtf8WithAColonInTheSecret() {
    PasswordGrant grant = new PasswordGrant("ü", "a:b", "", "", List.of());
    assertThat(grant.authorization()).contains("Basic w7w6YTpi");
  }

  @Test
  void encodesTheExampleOfRfc6749AppendixB() {
    PasswordGrant grant = new PasswordGrant("", "", "u", " %&+£€", List.of("api"));
    assertThat(grant.form())
        .isEqualTo("grant_type=password&username=u&password=+%25%26%2B%C2%A3%E2%82%AC&scope=api");
  }

  @Test
  void asksForNoScopeBySayingNothing() {
    PasswordGrant grant = new PasswordGrant("", "", "u", "p", List.of());
    assertThat(grant.form()).isEqualTo("grant_type=password&username=u&password=p");
  }

  @Test
  void refusesAColonInTheClientIdWithoutShowingIt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PasswordGrant("mark:id", "mark", "mark", "mark", List.of()))
        .withMessage("A client id must not contain a colon.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PasswordGrant(":id", "mark", "mark", "mark", List.of()));
  }

  @Test
  void showsNothingOfALogin() {
    assertThat(Exchanges.LOGIN).hasToString("PasswordGrant[withheld]");
    assertThat(Exchanges.CLIENT).hasToString("ClientCredentialsGrant[withheld]");
    assertThat(Exchanges.REFRESH).hasToString("RefreshGrant[withheld]");
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
