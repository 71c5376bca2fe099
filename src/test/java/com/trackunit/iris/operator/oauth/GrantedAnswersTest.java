package com.trackunit.iris.operator.oauth;

import static com.trackunit.iris.operator.oauth.Exchanges.askRaw;
import static com.trackunit.iris.operator.oauth.Exchanges.grantWith;
import static com.trackunit.iris.operator.oauth.Exchanges.gzip;
import static com.trackunit.iris.operator.oauth.Exchanges.http;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.oauth.TokenResponse.Granted;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are taken, and what is taken of them. */
class GrantedAnswersTest {
  private static final String TOKEN = "{\"access_token\":\"mark-token\"}";

  @Test
  void takesTheAnswerTrackunitDocuments() throws IOException {
    String answer =
        http(
            200,
            "{\"token_type\": \"Bearer\", \"expires_in\": 3600, \"access_token\": \"mark\", \"scope\": \"api\"}");
    assertThat(askRaw(answer)).isEqualTo(granted("mark", 3600, "api"));
  }

  @ParameterizedTest
  @MethodSource
  void takesTheTokenFrom(String answer) throws IOException {
    assertThat(token(askRaw(answer)).accessToken()).isEqualTo("mark-token");
  }

  static Stream<Arguments> takesTheTokenFrom() {
    return Stream.of(
        argumentSet("a token alone", http(200, TOKEN)),
        argumentSet("white space around it", http(200, " \r\n\t" + TOKEN + "\n")),
        argumentSet("bearer in small letters", grantWith("\"token_type\":\"bearer\"")),
        argumentSet("BEARER in capitals", grantWith("\"token_type\":\"BEARER\"")),
        argumentSet(
            "unknown members of every kind",
            grantWith("\"a\":{\"b\":[1,null]},\"c\":true,\"\":1e999999999999")),
        argumentSet(
            "a refresh token nobody asked for", grantWith("\"refresh_token\":\"mark-refresh\"")),
        argumentSet("an error that is null", grantWith("\"error\":null")),
        argumentSet("an object 60 deep", grantWith("\"a\":" + "[".repeat(60) + "]".repeat(60))),
        argumentSet("exactly 128 KiB", http(200, TOKEN + " ".repeat(131_072 - TOKEN.length()))),
        argumentSet(
            "a type with a charset",
            http(200, TOKEN, "Content-Type: Application/JSON ; charset=utf-8")),
        argumentSet(
            "a type that ends in json",
            http(200, TOKEN, "Content-Type: application/vnd.trackunit.v1+json")),
        argumentSet("no content type", "HTTP/1.1 200 OK\r\nContent-Length: 29\r\n\r\n" + TOKEN),
        argumentSet("an encoding that is none", http(200, TOKEN, "Content-Encoding: identity")),
        argumentSet("gzip", http(200, gzip(TOKEN), "Content-Encoding: gzip")),
        argumentSet("gzip by its old name", http(200, gzip(TOKEN), "Content-Encoding: X-GZIP")),
        argumentSet(
            "gzip of exactly 128 KiB",
            http(
                200, gzip(TOKEN + " ".repeat(131_072 - TOKEN.length())), "Content-Encoding: gzip")),
        argumentSet("a byte order mark before it", http(200, "\u00ef\u00bb\u00bf" + TOKEN)),
        argumentSet("a token type that is null", grantWith("\"token_type\":null")),
        argumentSet("a scope that is an array", grantWith("\"scope\":[\"api\"]")),
        argumentSet(
            "chunks",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1d\r\n"
                + TOKEN
                + "\r\n0\r\n\r\n"),
        argumentSet("an answer that ends with the connection", "HTTP/1.1 200 OK\r\n\r\n" + TOKEN),
        argumentSet("more after the announced length", http(200, TOKEN) + http(200, "mark")),
        argumentSet("early hints before it", "HTTP/1.1 103 Early Hints\r\n\r\n" + http(200, TOKEN)),
        argumentSet("HTTP/1.0", http(200, TOKEN).replace("HTTP/1.1", "HTTP/1.0")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a.b-c_d~e+f/g0==", "eyJ.eyJ.sig"})
  void takesEveryTokenThatFitsAHeader(String value) throws IOException {
    TokenResponse answer = askRaw(http(200, "{\"access_token\":\"" + value + "\"}"));
    assertThat(token(answer).accessToken()).isEqualTo(value);
  }

  @Test
  void takesATokenOf64KiB() throws IOException {
    String value = "x".repeat(65_536);
    TokenResponse answer = askRaw(http(200, "{\"access_token\":\"" + value + "\"}"));
    assertThat(token(answer).accessToken()).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "3600, 3600",
    "\"3600\", 3600",
    "3600.0, 3600",
    "3.6e3, 3600",
    "36E+2, 3600",
    "36000e-1, 3600",
    "3600.9, 3600",
    "\"3600.9\", 3600",
    "1, 1",
    "1.999, 1",
    "86400, 86400",
    "86401, 86400",
    "2147483648, 86400",
    "9223372036854775808, 86400",
    "\"9223372036854775808\", 86400",
    "1e400, 86400",
    "1e999999999, 86400",
    "1e99999999999999999999, 86400",
    "\"1e999999999\", 86400",
  })
  void readsTheLifetime(String expiresIn, long seconds) throws IOException {
    IssuedToken token = token(askRaw(grantWith("\"expires_in\":" + expiresIn)));
    assertThat(token.lifetime()).isEqualTo(Duration.ofSeconds(seconds));
    assertThat(token.lifetimeAssumed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a\":1", "\"expires_in\":null"})
  void assumesALifetimeWhereNoneIsNamed(String members) throws IOException {
    IssuedToken token = token(askRaw(grantWith(members)));
    assertThat(token.lifetime()).isEqualTo(Duration.ofMinutes(20));
    assertThat(token.lifetimeAssumed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"api", "api fleet:read", "!#[]~"})
  void readsTheScope(String scope) throws IOException {
    IssuedToken token = token(askRaw(grantWith("\"scope\":\"" + scope + "\"")));
    assertThat(token.scope()).contains(scope);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "42",
        "[\"api\"]",
        "{\"api\":1}",
        "\"\"",
        "\" api\"",
        "\"api \"",
        "\"a  b\"",
        "\"a\\nb\"",
        "\"\\\"\"",
        "\"\\\\\"",
        "\"\\u00e9\""
      })
  void ignoresAScopeThatIsNone(String scope) throws IOException {
    assertThat(token(askRaw(grantWith("\"scope\":" + scope))).scope()).isEmpty();
  }

  @Test
  void ignoresAScopeOfMoreThan16KiB() throws IOException {
    String longest = "a".repeat(16_384);
    assertThat(token(askRaw(grantWith("\"scope\":\"" + longest + "\""))).scope()).contains(longest);
    assertThat(token(askRaw(grantWith("\"scope\":\"a" + longest + "\""))).scope()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("offline")
  void takesARefreshTokenThatWasAskedFor(Grant grant) throws IOException {
    for (String value : List.of("a", "mark refresh !~", "x".repeat(65_536))) {
      String answer = grantWith("\"refresh_token\":\"" + value + "\"");
      assertThat(token(askRaw(grant, answer)).refreshToken()).contains(value);
    }
  }

  @ParameterizedTest
  @MethodSource("offline")
  void takesTheTokenAloneFromAnAnswerWithARefreshTokenThatIsNone(Grant grant) throws IOException {
    for (String value :
        List.of(
            "null",
            "42",
            "[\"mark\"]",
            "\"\"",
            "\"a\\nb\"",
            "\"a\\u0000\"",
            "\"a\\u007f\"",
            "\"\\u00e9\"",
            "\"" + "x".repeat(65_537) + "\"")) {
      IssuedToken token = token(askRaw(grant, grantWith("\"refresh_token\":" + value)));
      assertThat(token.accessToken()).isEqualTo("mark-token");
      assertThat(token.refreshToken()).isEmpty();
    }
  }

  static Stream<Grant> offline() {
    return Stream.of(Exchanges.OFFLINE, Exchanges.REFRESH);
  }

  @ParameterizedTest
  @MethodSource("others")
  void dropsARefreshTokenThatNobodyAskedFor(Grant grant) throws IOException {
    String answer = grantWith("\"refresh_token\":\"mark-refresh\"");
    assertThat(token(askRaw(grant, answer)).refreshToken()).isEmpty();
  }

  static Stream<Grant> others() {
    return Stream.of(
        Exchanges.LOGIN,
        Grant.clientCredentials("mark-id", "mark-secret", List.of("offline_access")));
  }

  private static TokenResponse granted(String token, long seconds, String scope) {
    return new Granted(
        new IssuedToken(
            token, Duration.ofSeconds(seconds), Optional.of(scope), false, Optional.empty()));
  }

  private static IssuedToken token(TokenResponse answer) {
    assertThat(answer).isInstanceOf(Granted.class);
    return ((Granted) answer).token();
  }
}
