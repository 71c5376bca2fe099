package com.trackunit.iris.operator.oauth;

import static com.trackunit.iris.operator.oauth.Exchanges.askRaw;
import static com.trackunit.iris.operator.oauth.Exchanges.grantWith;
import static com.trackunit.iris.operator.oauth.Exchanges.gzip;
import static com.trackunit.iris.operator.oauth.Exchanges.http;
import static com.trackunit.iris.operator.oauth.Exchanges.refused;
import static com.trackunit.iris.operator.oauth.TokenError.ENDPOINT_MISCONFIGURED;
import static com.trackunit.iris.operator.oauth.TokenError.MALFORMED_RESPONSE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that promise a token and hold none that is good in every part. */
class MalformedAnswersTest {
  private static final String TOKEN = "{\"access_token\":\"mark-token\",\"expires_in\":3600}";
  private static final String NOT_JSON = "the answer is not one JSON object";
  private static final String ENCODED = "the answer is encoded in a way that cannot be undone";

  @ParameterizedTest
  @MethodSource({"bodies", "tokens", "members", "lifetimes"})
  void refuses(String answer, TokenError refusal, String cause) throws IOException {
    assertThat(askRaw(answer)).isEqualTo(refused(refusal, cause));
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
        malformed("gzip that is none", http(200, TOKEN, "Content-Encoding: gzip"), ENCODED),
        malformed(
            "gzip that ends too early",
            http(200, gzip(TOKEN).substring(0, 20), "Content-Encoding: gzip"),
            ENCODED),
        malformed(
            "gzip of gzip", http(200, gzip(gzip(TOKEN)), "Content-Encoding: gzip, gzip"), ENCODED),
        malformed("brotli", http(200, TOKEN, "Content-Encoding: br"), ENCODED),
        malformed(
            "100 MB in a few KB of gzip",
            http(200, gzip(TOKEN + " ".repeat(100_000_000)), "Content-Encoding: gzip"),
            "the answer is larger than 128 KiB"),
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
                    "expires_in is not a positive number"));
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

  private static Arguments row(String sentence, String answer, TokenError refusal, String cause) {
    return argumentSet(sentence, answer, refusal, cause);
  }
}
