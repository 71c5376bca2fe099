package com.trackunit.iris.operator.oauth;

import static com.trackunit.iris.operator.oauth.Exchanges.askRaw;
import static com.trackunit.iris.operator.oauth.Exchanges.grantWith;
import static com.trackunit.iris.operator.oauth.Exchanges.http;
import static com.trackunit.iris.operator.oauth.Exchanges.refused;
import static com.trackunit.iris.operator.oauth.Refusal.ACCESS_RESTRICTED;
import static com.trackunit.iris.operator.oauth.Refusal.CREDENTIALS_REJECTED;
import static com.trackunit.iris.operator.oauth.Refusal.ENDPOINT_MISCONFIGURED;
import static com.trackunit.iris.operator.oauth.Refusal.ENDPOINT_UNAVAILABLE;
import static com.trackunit.iris.operator.oauth.Refusal.MALFORMED_RESPONSE;
import static com.trackunit.iris.operator.oauth.Refusal.RATE_LIMITED;
import static com.trackunit.iris.operator.oauth.Refusal.REQUEST_REJECTED;
import static com.trackunit.iris.operator.oauth.Refusal.SCOPE_REJECTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole answers that are no token, and what each is taken for. */
class RefusedAnswersTest {
  private static final String TOKEN = "{\"access_token\":\"mark-token\",\"expires_in\":3600}";
  private static final String REJECTED_LOGIN = "{\"error\":\"invalid_grant\"}";
  private static final String NOT_JSON = "the answer is not one JSON object";
  private static final String NO_LIFETIME = "expires_in is not a positive number";

  @ParameterizedTest
  @MethodSource({"statuses", "errors", "bodies", "tokens", "members", "lifetimes"})
  void refuses(String answer, Refusal refusal, String cause) throws IOException {
    assertThat(askRaw(answer)).isEqualTo(refused(refusal, cause));
  }

  static Stream<Arguments> statuses() {
    return Stream.of(
            other(MALFORMED_RESPONSE, 201, 202, 203, 204, 206, 226, 299),
            other(ENDPOINT_MISCONFIGURED, 300, 301, 302, 303, 304, 307, 308),
            other(CREDENTIALS_REJECTED, 401),
            other(ACCESS_RESTRICTED, 402, 403, 451),
            other(ENDPOINT_MISCONFIGURED, 404, 405, 407, 410, 421, 426),
            other(REQUEST_REJECTED, 406, 409, 411, 413, 414, 415, 418, 422, 431, 499),
            other(ENDPOINT_UNAVAILABLE, 408, 425),
            other(RATE_LIMITED, 429),
            other(ENDPOINT_UNAVAILABLE, 500, 501, 502, 503, 504, 511, 599),
            other(MALFORMED_RESPONSE, 600, 999))
        .flatMap(rows -> rows);
  }

  /** Each with a token and with a rejected login in the body: neither counts. */
  private static Stream<Arguments> other(Refusal refusal, int... statuses) {
    return IntStream.of(statuses)
        .boxed()
        .flatMap(
            status ->
                Stream.of(TOKEN, REJECTED_LOGIN)
                    .map(body -> status == 204 || status == 304 ? "" : body)
                    .map(body -> http(status, body, "Location: http://mark.test/"))
                    .map(
                        answer ->
                            argumentSet("HTTP " + status, answer, refusal, "HTTP " + status)));
  }

  static Stream<Arguments> errors() {
    String strange = "mark\\n\\u0007\\ud800 <b>\\u202e";
    String half = TOKEN.substring(0, TOKEN.length() - 1);
    return Stream.of(
        error("invalid_grant", CREDENTIALS_REJECTED),
        error("invalid_client", CREDENTIALS_REJECTED),
        error("unauthorized_client", CREDENTIALS_REJECTED),
        error("invalid_scope", SCOPE_REJECTED),
        error("invalid_request", REQUEST_REJECTED),
        error("unsupported_grant_type", REQUEST_REJECTED),
        row(
            "400 with an unknown error",
            http(400, "{\"error\":\"mark\"}"),
            REQUEST_REJECTED,
            "HTTP 400"),
        row(
            "400 with a strange error",
            http(400, "{\"error\":\"" + strange + "\"}"),
            REQUEST_REJECTED,
            "HTTP 400"),
        row(
            "400 with an error of 10 KiB",
            http(400, "{\"error\":\"" + "mark".repeat(2560) + "\"}"),
            REQUEST_REJECTED,
            "HTTP 400"),
        row(
            "400 with an error that is a number",
            http(400, "{\"error\":42}"),
            REQUEST_REJECTED,
            "HTTP 400"),
        row("400 with nothing", http(400, ""), REQUEST_REJECTED, "HTTP 400"),
        row(
            "400 with HTML",
            http(400, "<html>mark</html>", "Content-Type: text/html"),
            REQUEST_REJECTED,
            "HTTP 400"),
        row(
            "400 in the shape of Trackunit's REST errors",
            http(400, "{\"status\":400,\"code\":\"mark\",\"message\":\"mark\"}"),
            REQUEST_REJECTED,
            "HTTP 400"),
        row(
            "400 with half an object",
            http(400, "{\"error\":\"invalid_grant\""),
            REQUEST_REJECTED,
            "HTTP 400"),
        row(
            "400 with two errors",
            http(400, "{\"error\":\"invalid_grant\",\"error\":\"invalid_scope\"}"),
            REQUEST_REJECTED,
            "HTTP 400"),
        row(
            "400 with more than we read",
            http(400, "mark".repeat(50_000)),
            REQUEST_REJECTED,
            "HTTP 400"),
        row(
            "400 with an error of another type of content",
            http(400, REJECTED_LOGIN, "Content-Type: text/plain"),
            CREDENTIALS_REJECTED,
            "invalid_grant"),
        row(
            "200 with an error",
            http(200, "{\"error\":\"invalid_scope\"}"),
            SCOPE_REJECTED,
            "invalid_scope"),
        row(
            "200 with an error beside a token",
            http(200, half + ",\"error\":\"invalid_grant\"}"),
            CREDENTIALS_REJECTED,
            "invalid_grant"),
        row(
            "200 with an unknown error beside a token",
            http(200, half + ",\"error\":\"mark\"}"),
            REQUEST_REJECTED,
            "an unknown error"),
        row(
            "200 with an error that is no string",
            http(200, half + ",\"error\":{\"mark\":1}}"),
            REQUEST_REJECTED,
            "an unknown error"),
        row("401 with a token", http(401, TOKEN), CREDENTIALS_REJECTED, "HTTP 401"),
        row("401 with nothing", http(401, ""), CREDENTIALS_REJECTED, "HTTP 401"),
        row(
            "401 with more than we read",
            http(401, "mark".repeat(50_000)),
            CREDENTIALS_REJECTED,
            "HTTP 401"),
        row(
            "401 that asks for a login",
            http(401, "", "WWW-Authenticate: Basic realm=\"mark\""),
            CREDENTIALS_REJECTED,
            "HTTP 401"),
        row(
            "503 with a rejected login",
            http(503, REJECTED_LOGIN),
            ENDPOINT_UNAVAILABLE,
            "HTTP 503"));
  }

  private static Arguments error(String error, Refusal refusal) {
    String body = "{\"error\":\"" + error + "\",\"error_description\":\"mark\"}";
    return row("400 with " + error, http(400, body), refusal, error);
  }

  static Stream<Arguments> bodies() {
    return Stream.of(
        malformed("an empty body", http(200, ""), NOT_JSON),
        malformed("null", http(200, "null"), NOT_JSON),
        malformed("an array", http(200, "[" + TOKEN + "]"), NOT_JSON),
        malformed("a string", http(200, "\"mark\""), NOT_JSON),
        malformed("a number", http(200, "17"), NOT_JSON),
        malformed("half an object", http(200, TOKEN.substring(0, 40)), NOT_JSON),
        malformed("garbage after the object", http(200, TOKEN + "mark"), NOT_JSON),
        malformed("a bracket after the object", http(200, TOKEN + "}"), NOT_JSON),
        malformed("two documents", http(200, TOKEN + TOKEN), NOT_JSON),
        malformed("a token given twice", grantWith("\"access_token\":\"mark\""), NOT_JSON),
        malformed("an unknown member given twice", grantWith("\"a\":1,\"a\":1"), NOT_JSON),
        malformed("a comment", http(200, "/* mark */" + TOKEN), NOT_JSON),
        malformed("single quotes", http(200, TOKEN.replace('"', '\'')), NOT_JSON),
        malformed("a number that is none", grantWith("\"expires_in\":NaN"), NOT_JSON),
        malformed("invalid UTF-8", grantWith("\"mark\":\"\u00c3(\""), NOT_JSON),
        malformed("overlong UTF-8", grantWith("\"mark\":\"\u00c0\u00af\""), NOT_JSON),
        malformed("UTF-16", http(200, TOKEN.replaceAll("(?s)(.)", "\0$1")), NOT_JSON),
        malformed(
            "arrays 5 000 deep",
            grantWith("\"a\":" + "[".repeat(5000) + "]".repeat(5000)),
            NOT_JSON),
        malformed(
            "more than 128 KiB",
            grantWith("\"mark\":\"" + "x".repeat(131_072) + "\""),
            "the answer is larger than 128 KiB"),
        malformed(
            "a byte more than 128 KiB",
            http(200, TOKEN + " ".repeat(131_073 - TOKEN.length())),
            "the answer is larger than 128 KiB"),
        malformed(
            "gzip",
            http(200, "\u001f\u008b\b\0mark", "Content-Encoding: gzip"),
            "the answer is compressed, which was not asked for"),
        malformed("HTML", http(200, "<html>mark</html>", "Content-Type: text/html"), NOT_JSON),
        malformed(
            "JSON that is called HTML",
            http(200, TOKEN, "Content-Type: text/html"),
            "the answer's content type is not JSON"),
        malformed(
            "JSON that is called text with json in it",
            http(200, TOKEN, "Content-Type: text/plain; a=application/json"),
            "the answer's content type is not JSON"));
  }

  static Stream<Arguments> tokens() {
    String none = "access_token is not a string";
    String unfit = "access_token is not a bearer token";
    return Stream.of(
        malformed("no token", http(200, "{\"expires_in\":3600}"), "access_token is missing"),
        token("null", none),
        token("12345", none),
        token("true", none),
        token("[\"mark\"]", none),
        token("{\"mark\":1}", none),
        token("\"\"", unfit),
        token("\"mark token\"", unfit),
        token("\"mark\\n\"", unfit),
        token("\"mark\\u0000\"", unfit),
        token("\"mark\\u00e9\"", unfit),
        token("\"mark,token\"", unfit),
        token("\"=mark\"", unfit),
        token("\"ma=rk\"", unfit),
        token("\"" + "x".repeat(65_537) + "\"", "access_token is larger than 64 KiB"));
  }

  static Stream<Arguments> members() {
    return Stream.of(
        row(
            "another token type",
            grantWith("\"token_type\":\"mac\""),
            ENDPOINT_MISCONFIGURED,
            "token_type is not Bearer"),
        row(
            "an empty token type",
            grantWith("\"token_type\":\"\""),
            ENDPOINT_MISCONFIGURED,
            "token_type is not Bearer"),
        malformed(
            "a token type that is a number",
            grantWith("\"token_type\":7"),
            "token_type is not a string"),
        malformed(
            "a token type that is null",
            grantWith("\"token_type\":null"),
            "token_type is not a string"));
  }

  static Stream<Arguments> lifetimes() {
    return Stream.of(
            "0",
            "-1",
            "-3600",
            "0.9",
            "0e400",
            "1e-1",
            "1e-999999999",
            "1e-99999999999999999999",
            "true",
            "false",
            "[3600]",
            "{\"mark\":3600}",
            "\"\"",
            "\"abc\"",
            "\"-1\"",
            "\"0\"",
            "\" 3600\"",
            "\"3600s\"",
            "\"0x10\"",
            "\"\\u0663\"",
            "\"" + "9".repeat(5000) + "\"")
        .map(
            value ->
                malformed(
                    "expires_in " + head(value),
                    grantWith("\"expires_in\":" + value),
                    NO_LIFETIME));
  }

  private static Arguments token(String value, String cause) {
    return malformed(
        "access_token " + head(value), http(200, "{\"access_token\":" + value + "}"), cause);
  }

  private static String head(String value) {
    return value.substring(0, Math.min(value.length(), 30));
  }

  private static Arguments malformed(String sentence, String answer, String cause) {
    return row(sentence, answer, MALFORMED_RESPONSE, cause);
  }

  private static Arguments row(String sentence, String answer, Refusal refusal, String cause) {
    return argumentSet(sentence, answer, refusal, cause);
  }
}
