package com.trackunit.iris.operator.oauth;

import static com.trackunit.iris.operator.oauth.Exchanges.MARK;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.Generate.booleans;
import static org.quicktheories.generators.Generate.byteArrays;
import static org.quicktheories.generators.Generate.pick;
import static org.quicktheories.generators.Generate.range;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.strings;

import com.trackunit.iris.operator.oauth.TokenResponse.Granted;
import com.trackunit.iris.operator.oauth.TokenResponse.Refused;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

/**
 * Whatever a server says, it is a token valid in every part or a refusal in our own words, at once,
 * and never an exception.
 *
 * <p>More than 10 000 bodies each time, more than a million with {@code -Pfuzz}.
 */
class AnswerPropertyTest {
  private static final String DOCUMENTED =
      "{\"token_type\": \"Bearer\", \"expires_in\": 3600, \"access_token\": \"mark\", \"scope\":"
          + " \"mark\"}";

  private static final Duration ENOUGH = Duration.ofMillis(50);

  private static final String CAUSE =
      "HTTP [0-9]+(, [a-z_]{1,40})?|[a-z_]{1,40}|an unknown error|the"
          + " answer('s content type)? is [a-zA-Z0-9 ,]+|(access_token|token_type|expires_in) is"
          + " [a-zA-Z0-9 ]+";

  @Test
  void bytes() {
    Gen<byte[]> bodies =
        byteArrays(range(0, 255), range(-128, 127).map(Integer::byteValue))
            .describedAs(Arrays::toString);
    qt().forAll(range(100, 999), bodies, booleans())
        .checkAssert((status, body, granted) -> check(read(granted ? 200 : status, body)));
  }

  @Test
  void headers() {
    qt().forAll(range(200, 599), headerValues())
        .checkAssert(
            (status, value) -> check(read(status, everywhere(value), DOCUMENTED.getBytes(UTF_8))));
  }

  @Test
  void aDocumentedAnswerWithOneByteChanged() {
    qt().forAll(range(0, DOCUMENTED.length() - 1), range(0, 255))
        .checkAssert(
            (at, other) -> {
              byte[] body = DOCUMENTED.getBytes(UTF_8);
              body[at] = other.byteValue();
              check(read(200, body));
            });
  }

  @Test
  void aDocumentedAnswerMangled() {
    qt().forAll(lists().of(edits()).ofSizeBetween(1, 8))
        .checkAssert(
            edits -> {
              byte[] body = DOCUMENTED.getBytes(UTF_8);
              for (Edit edit : edits) {
                body = edit.of(body);
              }
              check(read(200, body));
            });
  }

  @Test
  void aDocumentedAnswerCutOffIsRefused() {
    for (int length = 0; length < DOCUMENTED.length(); length++) {
      assertThat(read(200, DOCUMENTED.substring(0, length).getBytes(UTF_8)))
          .as("%d characters", length)
          .isInstanceOf(Refused.class);
    }
  }

  @Test
  void objectsOfLikelyMembers() {
    qt().forAll(objects(), pick(List.of(200, 400)))
        .checkAssert((object, status) -> check(read(status, object.getBytes(UTF_8))));
  }

  @Test
  void lifetimes() {
    qt().forAll(numbers())
        .checkAssert(
            number -> {
              String object = "{\"access_token\":\"mark\",\"expires_in\":" + number + "}";
              check(read(200, object.getBytes(UTF_8)));
            });
  }

  /** Bytes replaced at a position; position and end are limited to the body. */
  record Edit(int at, int out, String in) {
    byte[] of(byte[] body) {
      int begin = at % (body.length + 1);
      int end = Math.min(body.length, begin + out);
      byte[] put = in.getBytes(ISO_8859_1);
      return ByteBuffer.allocate(body.length - (end - begin) + put.length)
          .put(body, 0, begin)
          .put(put)
          .put(body, end, body.length - end)
          .array();
    }
  }

  private static Gen<Edit> edits() {
    Gen<String> meaningful =
        pick(List.of("{", "}", "[", "]", "\"", ",", ":", "\\", "\\u0000", "1e9", "null", "\n"));
    Gen<String> anything = strings().betweenCodePoints(0, 255).ofLengthBetween(0, 3);
    return range(0, 120).zip(range(0, 12), meaningful.mix(anything), Edit::new);
  }

  private static Gen<String> headerValues() {
    return strings()
        .ascii()
        .ofLengthBetween(0, 40)
        .mix(digits(0))
        .mix(pick(List.of("application/json", "Mon, 23 Nov 2026 12:00:00 GMT", "gzip")), 33);
  }

  private static Map<String, List<String>> everywhere(String value) {
    List<String> values = List.of(value);
    return Map.of(
        "Content-Type", values, "Retry-After", values, "Date", values, "Content-Encoding", values);
  }

  private static Gen<String> objects() {
    Gen<String> names =
        pick(
            List.of(
                "access_token",
                "token_type",
                "expires_in",
                "scope",
                "refresh_token",
                "error",
                "mark",
                ""));
    Gen<String> members = names.zip(values(), (name, value) -> "\"" + name + "\":" + value);
    return lists().of(members).ofSizeBetween(0, 6).map(all -> "{" + String.join(",", all) + "}");
  }

  private static Gen<String> numbers() {
    Gen<String> whole = pick(List.of("", "-")).zip(digits(1), String::concat);
    Gen<String> fraction = pick(List.of("", ".", ".0")).zip(digits(1), String::concat);
    Gen<String> exponent = pick(List.of("", "e", "E-", "e+")).zip(digits(1), String::concat);
    return whole
        .zip(fraction, exponent, (first, second, third) -> first + second + third)
        .zip(pick(List.of("", "\"")), (number, quote) -> quote + number + quote);
  }

  private static Gen<String> digits(int atLeast) {
    return strings().betweenCodePoints('0', '9').ofLengthBetween(atLeast, 30);
  }

  private static Gen<String> values() {
    Gen<String> texts =
        lists()
            .of(pick("abM/+=.~ \u00e9\u202e".chars().mapToObj(Character::toString).toList()))
            .ofSizeBetween(0, 12)
            .map(characters -> "\"" + String.join("", characters) + "\"");
    Gen<String> usual =
        pick(List.of("\"Bearer\"", "\"bearer\"", "\"invalid_grant\"", "3600", "\"3600\"", "1e400"));
    Gen<String> odd =
        pick(List.of("null", "true", "[]", "{\"mark\":[1]}", "\"mark", "\"\\ud800\"", "-0", "01"));
    return usual.mix(odd).mix(texts, 33);
  }

  private static TokenResponse read(int status, byte[] body) {
    return read(status, Map.of(), body);
  }

  private static TokenResponse read(int status, Map<String, List<String>> headers, byte[] body) {
    HttpHeaders all = HttpHeaders.of(headers, (name, value) -> true);
    // A slow one is read again: the machine may have been busy elsewhere, or not yet warm.
    for (int slow = 0; slow < 5; slow++) {
      long begin = System.nanoTime();
      TokenResponse answer = TokenResponseParser.read(status, all, new BoundedBody(body, false));
      if (Duration.ofNanos(System.nanoTime() - begin).compareTo(ENOUGH) < 0) {
        return answer;
      }
    }
    throw new AssertionError("Five times, reading took more than " + ENOUGH);
  }

  private static void check(TokenResponse answer) {
    assertThat(answer.toString()).doesNotContain(MARK);
    switch (answer) {
      case Granted(IssuedToken token) -> checkToken(token);
      case Refused refused -> checkRefusal(refused);
    }
  }

  private static void checkToken(IssuedToken token) {
    assertThat(token.accessToken())
        .matches("[A-Za-z0-9._~+/-]+=*")
        .hasSizeLessThanOrEqualTo(65_536);
    assertThat(token.lifetime()).isBetween(Duration.ofSeconds(1), Duration.ofDays(1));
    assertThat(token.lifetime().toNanosPart()).isZero();
    assertThat(token.scope().orElse("none").getBytes(ISO_8859_1))
        .hasSizeLessThanOrEqualTo(2048)
        .doesNotContain(0, '\n', '"', '\\');
    token.refreshToken().ifPresent(AnswerPropertyTest::checkRefreshToken);
  }

  private static void checkRefreshToken(String token) {
    assertThat(token).matches("[ -~]+").hasSizeLessThanOrEqualTo(65_536);
  }

  private static void checkRefusal(Refused refused) {
    assertThat(refused.cause()).matches(CAUSE);
    refused
        .retryAfter()
        .ifPresent(wait -> assertThat(wait).isBetween(Duration.ofSeconds(1), Duration.ofHours(1)));
  }
}
