package com.trackunit.iris.operator.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What we send, read by the library most Java authorization servers read it with. */
class SecondImplementationTest {
  private static final URI ENDPOINT = URI.create("https://auth.test/token");

  @Property
  void readsTheFormAsItWas(@ForAll("texts") String username, @ForAll("texts") String password) {
    String form = new PasswordGrant("", "", username, password, List.of("a", "b")).form();

    assertThat(URLUtils.parseParameters(form))
        .isEqualTo(
            Map.of(
                "grant_type", List.of("password"),
                "username", List.of(username),
                "password", List.of(password),
                "scope", List.of("a b")));
  }

  @Property(tries = 2000)
  void writesTheSameFormAndTheSameHeader(
      @ForAll("unreserved") String clientId,
      @ForAll("unreserved") String secret,
      @ForAll("texts") String username,
      @ForAll("texts") String password) {
    PasswordGrant ours = new PasswordGrant(clientId, secret, username, password, List.of("a"));
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

  @Property(tries = 2000)
  void writesTheSameFormForAClientAndNoHeader(
      @ForAll("unreserved") String clientId, @ForAll("texts") String secret) {
    ClientCredentialsGrant ours = new ClientCredentialsGrant(clientId, secret, List.of("a", "b"));
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

  @Property(tries = 2000)
  void writesTheSameFormAndTheSameHeaderForARefreshToken(
      @ForAll("unreserved") String clientId,
      @ForAll("unreserved") String secret,
      @ForAll("unreserved") String refreshToken) {
    RefreshGrant ours =
        new RefreshGrant(
            new PasswordGrant(clientId, secret, "user", "password", List.of()), refreshToken);
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

  @Example
  void readsTheWholeRequest() throws ParseException {
    PasswordGrant ours =
        new PasswordGrant("fleet-client", "s3cret", "fleet@example.com", " %&+£€", List.of("api"));
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

  @Example
  void differsInTheHeaderWhereTrackunitDocumentsTheRawFormAndRfc6749TheEncodedOne() {
    PasswordGrant ours =
        new PasswordGrant("<<client_id>>", "<<client_secret>>", "u", "p", List.of());

    assertThat(ours.authorization()).contains("Basic PDxjbGllbnRfaWQ+Pjo8PGNsaWVudF9zZWNyZXQ+Pg==");
    assertThat(basic("<<client_id>>", "<<client_secret>>").toHTTPAuthorizationHeader())
        .isEqualTo(
            new PasswordGrant(
                    "%3C%3Cclient_id%3E%3E", "%3C%3Cclient_secret%3E%3E", "u", "p", List.of())
                .authorization()
                .orElseThrow());
  }

  @Example
  void cannotBeReadByRfc6749WhenTheRawFormHoldsAPercentSign() {
    PasswordGrant ours = new PasswordGrant("100%", "s3cret", "u", "p", List.of());
    assertThatExceptionOfType(ParseException.class)
        .isThrownBy(() -> ClientSecretBasic.parse(ours.authorization().orElseThrow()));
  }

  @Provide
  Arbitrary<String> texts() {
    return FormPropertyTest.anyText();
  }

  /** What neither form changes. */
  @Provide
  Arbitrary<String> unreserved() {
    return Arbitraries.strings().alpha().numeric().withChars("-._*").ofMinLength(1);
  }

  private static ClientSecretBasic basic(String clientId, String secret) {
    return new ClientSecretBasic(new ClientID(clientId), new Secret(secret));
  }
}
