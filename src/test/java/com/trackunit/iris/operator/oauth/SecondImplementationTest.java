package com.trackunit.iris.operator.oauth;

import static com.trackunit.iris.operator.oauth.GrantPropertyTest.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.Generate.pick;
import static org.quicktheories.generators.SourceDSL.lists;

import com.nimbusds.common.contenttype.ContentType;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResourceOwnerPasswordCredentialsGrant;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.oauth2.sdk.util.URLUtils;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

/** What we send, read by the library most Java authorization servers read it with. */
class SecondImplementationTest {
  private static final URI ENDPOINT = URI.create("https://auth.test/token");

  @Test
  void readsTheFormAsItWas() {
    qt().forAll(texts(), texts()).checkAssert(SecondImplementationTest::readsTheFormAsItWas);
  }

  private static void readsTheFormAsItWas(String username, String password) {
    String form = Grant.password("", "", username, password, List.of("a", "b")).form();

    assertThat(URLUtils.parseParameters(form))
        .isEqualTo(
            Map.of(
                "grant_type", List.of("password"),
                "username", List.of(username),
                "password", List.of(password),
                "scope", List.of("a b")));
  }

  @Test
  void writesTheSameFormAndTheSameHeader() {
    qt().withExamples(2000)
        .forAll(unreserved(), unreserved(), texts(), texts())
        .checkAssert(SecondImplementationTest::writesTheSameFormAndTheSameHeader);
  }

  private static void writesTheSameFormAndTheSameHeader(
      String clientId, String secret, String username, String password) {
    Grant ours = Grant.password(clientId, secret, username, password, List.of("a"));
    HTTPRequest theirs =
        new TokenRequest(
                ENDPOINT,
                basic(clientId, secret),
                new ResourceOwnerPasswordCredentialsGrant(username, new Secret(password)),
                new Scope("a"))
            .toHTTPRequest();

    assertThat(ours.authorization().orElseThrow()).isEqualTo(theirs.getAuthorization());
    assertThat(ours.form().split("&")).containsExactlyInAnyOrder(theirs.getBody().split("&"));
  }

  @Test
  void writesTheSameFormForAClientAndNoHeader() {
    qt().withExamples(2000)
        .forAll(unreserved(), texts())
        .checkAssert(SecondImplementationTest::writesTheSameFormForAClientAndNoHeader);
  }

  private static void writesTheSameFormForAClientAndNoHeader(String clientId, String secret) {
    Grant ours = Grant.clientCredentials(clientId, secret, List.of("a", "b"));
    HTTPRequest theirs =
        new TokenRequest(
                ENDPOINT,
                new ClientSecretPost(new ClientID(clientId), new Secret(secret)),
                new com.nimbusds.oauth2.sdk.ClientCredentialsGrant(),
                new Scope("a", "b"))
            .toHTTPRequest();

    assertThat(theirs.getAuthorization()).isNull();
    assertThat(ours.authorization()).isEmpty();
    assertThat(ours.form().split("&")).containsExactlyInAnyOrder(theirs.getBody().split("&"));
  }

  @Test
  void writesTheSameFormAndTheSameHeaderForARefreshToken() {
    qt().withExamples(2000)
        .forAll(unreserved(), unreserved(), unreserved())
        .checkAssert(SecondImplementationTest::writesTheSameFormAndTheSameHeaderForARefreshToken);
  }

  private static void writesTheSameFormAndTheSameHeaderForARefreshToken(
      String clientId, String secret, String refreshToken) {
    Grant ours =
        Grant.password(clientId, secret, "user", "password", List.of()).refresh(refreshToken);
    HTTPRequest theirs =
        new TokenRequest(
                ENDPOINT,
                basic(clientId, secret),
                new RefreshTokenGrant(new RefreshToken(refreshToken)),
                null)
            .toHTTPRequest();

    assertThat(ours.authorization()).contains(theirs.getAuthorization());
    assertThat(ours.form().split("&")).containsExactlyInAnyOrder(theirs.getBody().split("&"));
  }

  @Test
  void readsTheWholeRequest() throws ParseException {
    Grant ours =
        Grant.password("fleet-client", "s3cret", "fleet@example.com", " %&+£€", List.of("api"));
    HTTPRequest request = new HTTPRequest(HTTPRequest.Method.POST, ENDPOINT);
    request.setEntityContentType(ContentType.APPLICATION_URLENCODED);
    request.setAuthorization(ours.authorization().orElseThrow());
    request.setBody(ours.form());

    TokenRequest read = TokenRequest.parse(request);
    ResourceOwnerPasswordCredentialsGrant grant =
        (ResourceOwnerPasswordCredentialsGrant) read.getAuthorizationGrant();
    ClientSecretBasic client = (ClientSecretBasic) read.getClientAuthentication();
    assertThat(grant.getUsername()).isEqualTo("fleet@example.com");
    assertThat(grant.getPassword().getValue()).isEqualTo(" %&+£€");
    assertThat(read.getScope()).hasToString("api");
    assertThat(client.getClientID().getValue()).isEqualTo("fleet-client");
    assertThat(client.getClientSecret().getValue()).isEqualTo("s3cret");
  }

  @Test
  void differsInTheHeaderWhereTrackunitDocumentsTheRawFormAndRfc6749TheEncodedOne() {
    Grant ours = Grant.password("<<client_id>>", "<<client_secret>>", "u", "p", List.of());

    assertThat(ours.authorization()).contains("Basic PDxjbGllbnRfaWQ+Pjo8PGNsaWVudF9zZWNyZXQ+Pg==");
    assertThat(basic("<<client_id>>", "<<client_secret>>").toHTTPAuthorizationHeader())
        .isEqualTo(
            Grant.password(
                    "%3C%3Cclient_id%3E%3E", "%3C%3Cclient_secret%3E%3E", "u", "p", List.of())
                .authorization()
                .orElseThrow());
  }

  @Test
  void cannotBeReadByRfc6749WhenTheRawFormHoldsAPercentSign() {
    Grant ours = Grant.password("100%", "s3cret", "u", "p", List.of());
    assertThatExceptionOfType(ParseException.class)
        .isThrownBy(() -> ClientSecretBasic.parse(ours.authorization().orElseThrow()));
  }

  /** What neither form changes. */
  private static Gen<String> unreserved() {
    String characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._*";
    return lists()
        .of(pick(characters.chars().mapToObj(Character::toString).toList()))
        .ofSizeBetween(1, 80)
        .map(all -> String.join("", all));
  }

  private static ClientSecretBasic basic(String clientId, String secret) {
    return new ClientSecretBasic(new ClientID(clientId), new Secret(secret));
  }
}
