package com.trackunit.iris.operator.oauth;

import static com.trackunit.iris.operator.oauth.Exchanges.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.trackunit.iris.operator.net.HttpsProxy;
import com.trackunit.iris.operator.net.TrustStore;
import com.trackunit.iris.operator.oauth.TokenResponse.Granted;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Exception;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An authorization server of other people's, which reads the request with a library of its own. */
class OtherServerIT {
  private static final String USER = "flöte &=+% user";
  private static final Grant LOGIN =
      Grant.password("fleet-client", "s3cret", USER, "p&ss wörd", List.of("api", "fleet"));

  private final MockOAuth2Server server = new MockOAuth2Server();

  @BeforeEach
  void start() {
    server.start(InetAddress.getLoopbackAddress(), 0);
  }

  @AfterEach
  void stop() {
    server.shutdown();
  }

  @Test
  void grantsATokenThatLastsAnHourToTheUserThatWasSent() throws Exception {
    IssuedToken token = granted(ask(LOGIN));

    assertThat(token.lifetime()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
    assertThat(token.lifetimeAssumed()).isFalse();
    assertThat(token.scope()).contains("api fleet");
    assertThat(SignedJWT.parse(token.accessToken()).getJWTClaimsSet().getSubject()).isEqualTo(USER);
  }

  @Test
  void readsTheClientFromTheBasicHeader() throws Exception {
    granted(ask(LOGIN));

    ClientSecretBasic client =
        ClientSecretBasic.parse(server.takeRequest().getHeaders().get("Authorization"));
    assertThat(client.getClientID().getValue()).isEqualTo("fleet-client");
    assertThat(client.getClientSecret().getValue()).isEqualTo("s3cret");
  }

  @Test
  void grantsATokenToAClientOfTheForm() throws Exception {
    IssuedToken token =
        granted(ask(Grant.clientCredentials("fleet:client", "s3cr&t", List.of("fleet:read"))));

    assertThat(token.scope()).contains("fleet:read");
    assertThat(SignedJWT.parse(token.accessToken()).getJWTClaimsSet().getSubject())
        .isEqualTo("fleet:client");
  }

  @Test
  void readsARefreshTokenAndItsClient() throws Exception {
    granted(ask(LOGIN.refresh("made up")));

    ClientSecretBasic client =
        ClientSecretBasic.parse(server.takeRequest().getHeaders().get("Authorization"));
    assertThat(client.getClientID().getValue()).isEqualTo("fleet-client");
  }

  @Test
  void namesNoScopeWhenNoneIsAskedFor() {
    assertThat(granted(ask(Grant.password("id", "secret", "user", "password", List.of()))).scope())
        .isEmpty();
  }

  @Test
  void grantsForAsLongAsItIsTold() {
    server.enqueueCallback(
        new DefaultOAuth2TokenCallback("iris", "user", "JWT", List.of(), Map.of(), 300));
    assertThat(granted(ask(LOGIN)).lifetime())
        .isBetween(Duration.ofSeconds(240), Duration.ofSeconds(300));
  }

  @Test
  void refusesALogin() {
    server.enqueueCallback(refusing(OAuth2Error.INVALID_GRANT));
    assertThat(ask(LOGIN)).isEqualTo(refused(TokenError.CREDENTIALS_REJECTED, "invalid_grant"));
  }

  @Test
  void refusesAClient() {
    server.enqueueCallback(refusing(OAuth2Error.INVALID_CLIENT));
    assertThat(ask(LOGIN))
        .isInstanceOfSatisfying(
            TokenResponse.Refused.class,
            answer -> assertThat(answer.refusal()).isEqualTo(TokenError.CREDENTIALS_REJECTED));
  }

  @Test
  void refusesAScope() {
    server.enqueueCallback(refusing(OAuth2Error.INVALID_SCOPE));
    assertThat(ask(LOGIN)).isEqualTo(refused(TokenError.SCOPE_REJECTED, "invalid_scope"));
  }

  @Test
  void refusesALoginWithoutAUser() {
    assertThat(ask(Grant.password("id", "secret", "", "password", List.of("api"))))
        .isEqualTo(refused(TokenError.REQUEST_REJECTED, "invalid_request"));
  }

  @Test
  void refusesAPercentSignInTheClientIdAsItReadsTheHeaderByRfc6749() {
    assertThat(ask(Grant.password("100%", "secret", "user", "password", List.of("api"))))
        .isEqualTo(refused(TokenError.REQUEST_REJECTED, "invalid_request"));
  }

  @ParameterizedTest
  @CsvSource({
    "/iris/userinfo, ENDPOINT_MISCONFIGURED, HTTP 405",
    "/no/such/place, ENDPOINT_MISCONFIGURED, HTTP 405",
    "/iris/authorize, REQUEST_REJECTED, invalid_request",
  })
  void refusesAtItsOtherPlaces(String path, TokenError refusal, String cause) {
    assertThat(ask(server.baseUrl().uri().resolve(path), LOGIN)).isEqualTo(refused(refusal, cause));
  }

  private static DefaultOAuth2TokenCallback refusing(ErrorObject error) {
    return new DefaultOAuth2TokenCallback("iris") {
      @Override
      public List<String> audience(TokenRequest request) {
        throw new OAuth2Exception(error, "refused by the test");
      }
    };
  }

  private TokenResponse ask(Grant grant) {
    return ask(server.tokenEndpointUrl("iris").uri(), grant);
  }

  private static TokenResponse ask(URI url, Grant grant) {
    try (TokenClient endpoint =
        new TokenClient(url, Duration.ofSeconds(15), TrustStore::ofTheJvm, HttpsProxy.NONE)) {
      return endpoint.ask(grant);
    }
  }

  private static IssuedToken granted(TokenResponse answer) {
    assertThat(answer).isInstanceOf(Granted.class);
    return ((Granted) answer).token();
  }
}
