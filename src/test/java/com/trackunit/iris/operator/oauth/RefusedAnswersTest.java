package com.trackunit.iris.operator.oauth;

import static com.trackunit.iris.operator.oauth.Exchanges.askRaw;
import static com.trackunit.iris.operator.oauth.Exchanges.gzip;
import static com.trackunit.iris.operator.oauth.Exchanges.http;
import static com.trackunit.iris.operator.oauth.Exchanges.refused;
import static com.trackunit.iris.operator.oauth.Exchanges.withoutVerdict;
import static com.trackunit.iris.operator.oauth.TokenError.ACCESS_RESTRICTED;
import static com.trackunit.iris.operator.oauth.TokenError.CREDENTIALS_REJECTED;
import static com.trackunit.iris.operator.oauth.TokenError.ENDPOINT_MISCONFIGURED;
import static com.trackunit.iris.operator.oauth.TokenError.ENDPOINT_UNAVAILABLE;
import static com.trackunit.iris.operator.oauth.TokenError.MALFORMED_RESPONSE;
import static com.trackunit.iris.operator.oauth.TokenError.RATE_LIMITED;
import static com.trackunit.iris.operator.oauth.TokenError.REQUEST_REJECTED;
import static com.trackunit.iris.operator.oauth.TokenError.SCOPE_REJECTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that say no, and what each is taken for. */
class RefusedAnswersTest {
  private static final String TOKEN = "{\"access_token\":\"mark-token\",\"expires_in\":3600}";
  private static final String REJECTED_LOGIN = "{\"error\":\"invalid_grant\"}";

  @ParameterizedTest
  @MethodSource({"statuses", "errors"})
  void refuses(String answer, TokenError refusal, String cause) throws IOException {
    assertThat(askRaw(answer))
        .isEqualTo(cause.equals("HTTP 504") ? withoutVerdict(cause) : refused(refusal, cause));
  }

  static Stream<Arguments> statuses() {
    return Stream.of(
            other(MALFORMED_RESPONSE, 201, 202, 203, 204, 206, 226, 299),
            other(ENDPOINT_MISCONFIGURED, 300, 301, 302, 303, 304, 307, 308),
            other(ENDPOINT_MISCONFIGURED, 404, 405, 407, 410, 421, 426),
            other(REQUEST_REJECTED, 406, 409, 411, 413, 414, 415, 418, 422, 431, 499),
            other(ENDPOINT_UNAVAILABLE, 408, 425),
            other(RATE_LIMITED, 429),
            other(ENDPOINT_UNAVAILABLE, 500, 501, 502, 503, 504, 511, 599),
            other(MALFORMED_RESPONSE, 600, 999))
        .flatMap(rows -> rows);
  }

  /** Each with a token and a rejected login in the body, which is ignored. */
  private static Stream<Arguments> other(TokenError refusal, int... statuses) {
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
        error("unauthorized_client", REQUEST_REJECTED),
        error("temporarily_unavailable", ENDPOINT_UNAVAILABLE),
        error("server_error", ENDPOINT_UNAVAILABLE),
        error("slow_down", ENDPOINT_UNAVAILABLE),
        error("not_allowed", REQUEST_REJECTED),
        error("x".repeat(40), REQUEST_REJECTED),
        row(
            "400 with a code that is too long",
            http(400, "{\"error\":\"" + "x".repeat(41) + "\"}"),
            REQUEST_REJECTED,
            "HTTP 400"),
        row(
            "400 with a code behind a byte order mark",
            http(400, "\u00ef\u00bb\u00bf" + REJECTED_LOGIN),
            CREDENTIALS_REJECTED,
            "invalid_grant"),
        error("invalid_scope", SCOPE_REJECTED),
        error("invalid_request", REQUEST_REJECTED),
        error("unsupported_grant_type", REQUEST_REJECTED),
        row(
            "400 with an error that is no code",
            http(400, "{\"error\":\"Mark\"}"),
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
        row(
            "400 with invalid_grant in gzip",
            http(400, gzip("{\"error\":\"invalid_grant\"}"), "Content-Encoding: gzip"),
            CREDENTIALS_REJECTED,
            "invalid_grant"),
        row(
            "400 with gzip that is none",
            http(400, "{\"error\":\"invalid_grant\"}", "Content-Encoding: gzip"),
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
            http(200, half + ",\"error\":\"not_allowed\"}"),
            REQUEST_REJECTED,
            "not_allowed"),
        row(
            "200 with an error that is no code beside a token",
            http(200, half + ",\"error\":\"Mark\"}"),
            REQUEST_REJECTED,
            "an unknown error"),
        row(
            "200 with an error that is no string",
            http(200, half + ",\"error\":{\"mark\":1}}"),
            REQUEST_REJECTED,
            "an unknown error"),
        refusal(401, "invalid_client", CREDENTIALS_REJECTED, "invalid_client"),
        refusal(401, "unauthorized_client", CREDENTIALS_REJECTED, "unauthorized_client"),
        refusal(401, "invalid_grant", CREDENTIALS_REJECTED, "invalid_grant"),
        refusal(401, "access_denied", CREDENTIALS_REJECTED, "access_denied"),
        refusal(401, "server_error", CREDENTIALS_REJECTED, "server_error"),
        refusal(401, "Mark", CREDENTIALS_REJECTED, "HTTP 401"),
        refusal(402, "access_denied", ACCESS_RESTRICTED, "HTTP 402, access_denied"),
        refusal(403, "access_denied", ACCESS_RESTRICTED, "HTTP 403, access_denied"),
        refusal(451, "invalid_grant", ACCESS_RESTRICTED, "HTTP 451, invalid_grant"),
        refusal(403, "There are too many sessions", ACCESS_RESTRICTED, "HTTP 403"),
        row(
            "401 with a code in gzip",
            http(401, gzip("{\"error\":\"invalid_client\"}"), "Content-Encoding: gzip"),
            CREDENTIALS_REJECTED,
            "invalid_client"),
        row(
            "401 with gzip that grows beyond the bound",
            http(401, gzip(" ".repeat(1 << 20)), "Content-Encoding: gzip"),
            CREDENTIALS_REJECTED,
            "HTTP 401"),
        row(
            "401 whose body ends too early",
            http(401, "{\"error\":\"invalid_client\"}").replace("Length: 26", "Length: 27"),
            CREDENTIALS_REJECTED,
            "HTTP 401"),
        row("403 with a token", http(403, TOKEN), ACCESS_RESTRICTED, "HTTP 403"),
        row("403 with nothing", http(403, ""), ACCESS_RESTRICTED, "HTTP 403"),
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

  private static Arguments error(String error, TokenError refusal) {
    String body = "{\"error\":\"" + error + "\",\"error_description\":\"mark\"}";
    return row("400 with " + error, http(400, body), refusal, error);
  }

  private static Arguments refusal(int status, String error, TokenError refusal, String cause) {
    String body = "{\"error\":\"" + error + "\",\"error_description\":\"mark\"}";
    return row(status + " with " + error, http(status, body), refusal, cause);
  }

  private static Arguments row(String sentence, String answer, TokenError refusal, String cause) {
    return argumentSet(sentence, answer, refusal, cause);
  }
}
