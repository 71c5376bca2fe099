package com.trackunit.iris.operator.oauth;

import static com.trackunit.iris.operator.oauth.Exchanges.MARK;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.oauth.TokenAnswer.Granted;
import com.trackunit.iris.operator.oauth.TokenAnswer.Refused;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Whatever a server says, it is a token valid in every part or a refusal in our own words, at once,
 * and never an exception.
 *
 * <p>More than 100 000 bodies each time, more than a million with {@code -Pfuzz}.
 */
class AnswerPropertyTest {
  private static final String DOCUMENTED =
      "{\"token_type\": \"Bearer\", \"expires_in\": 3600, \"access_token\": \"mark\", \"scope\": \"mark\"}";

  private static final Duration ENOUGH = Duration.ofMillis(50);

  private static final String CAUSE =
      "HTTP [0-9]+|an unknown error|invalid_(grant|client|scope|request)|unauthorized_client|unsupported_grant_type"
          + "|the answer('s content type)? is [a-zA-Z0-9 ,]+|(access_token|token_type|expires_in) is [a-zA-Z0-9 ]+";

  @Property
  void bytes(
      @ForAll @IntRange(min = 100, max = 999) int status,
      @ForAll byte[] body,
      @ForAll boolean bounded) {
    check(read(bounded ? 200 : status, Map.of(), body));
  }

  @Property
  void headers(
      @ForAll @IntRange(min = 200, max = 599) int status, @ForAll("headerValues") String value) {
    List<String> values = List.of(value);
    Map<String, List<String>> headers =
        Map.of(
            "Content-Type",
            values,
            "Retry-After",
            values,
            "Date",
            values,
            "Content-Encoding",
            values);
    check(read(status, headers, DOCUMENTED.getBytes(UTF_8)));
  }

  @Property
  void aDocumentedAnswerWithOneByteChanged(@ForAll @IntRange(max = 93) int at, @ForAll byte other) {
    byte[] body = DOCUMENTED.getBytes(UTF_8);
    body[at % body.length] = other;
    check(read(200, Map.of(), body));
  }

  @Property
  void aDocumentedAnswerMangled(@ForAll @Size(min = 1, max = 8) List<@From("edits") Edit> edits) {
    byte[] body = DOCUMENTED.getBytes(UTF_8);
    for (Edit edit : edits) {
      body = edit.of(body);
    }
    check(read(200, Map.of(), body));
  }

  @Property
  void aDocumentedAnswerCutOffIsRefused(@ForAll @IntRange(max = 90) int length) {
    TokenAnswer answer =
        read(
            200,
            Map.of(),
            DOCUMENTED.substring(0, Math.min(length, DOCUMENTED.length() - 1)).getBytes(UTF_8));
    assertThat(answer).isInstanceOf(Refused.class);
  }

  @Property
  void objectsOfLikelyMembers(@ForAll("objects") String object, @ForAll boolean success) {
    check(read(success ? 200 : 400, Map.of(), object.getBytes(UTF_8)));
  }

  @Property
  void lifetimes(@ForAll("numbers") String number) {
    String object = "{\"access_token\":\"mark\",\"expires_in\":" + number + "}";
    check(read(200, Map.of(), object.getBytes(UTF_8)));
  }

  /** Some bytes taken out at a place, and others put there; both counted round the end. */
  record Edit(int at, int out, byte[] in) {
    byte[] of(byte[] body) {
      int begin = at % (body.length + 1);
      int end = Math.min(body.length, begin + out);
      return ByteBuffer.allocate(body.length - (end - begin) + in.length)
          .put(body, 0, begin)
          .put(in)
          .put(body, end, body.length - end)
          .array();
    }
  }

  @Provide
  Arbitrary<Edit> edits() {
    Arbitrary<byte[]> meaningful =
        Arbitraries.of("{", "}", "[", "]", "\"", ",", ":", "\\", "\\u0000", "1e9", "null", "\n")
            .map(text -> text.getBytes(UTF_8));
    Arbitrary<byte[]> anything = Arbitraries.bytes().array(byte[].class).ofMaxSize(3);
    return Combinators.combine(
            Arbitraries.integers().between(0, 120),
            Arbitraries.integers().between(0, 12),
            Arbitraries.oneOf(meaningful, anything))
        .as(Edit::new);
  }

  @Provide
  Arbitrary<String> headerValues() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ascii().ofMaxLength(40),
        Arbitraries.strings().numeric().ofMaxLength(30),
        Arbitraries.of("application/json", "Mon, 23 Nov 2026 12:00:00 GMT", "gzip"));
  }

  @Provide
  Arbitrary<String> objects() {
    Arbitrary<String> names =
        Arbitraries.of(
            "access_token",
            "token_type",
            "expires_in",
            "scope",
            "refresh_token",
            "error",
            "mark",
            "");
    return Combinators.combine(names, values())
        .as((name, value) -> "\"" + name + "\":" + value)
        .list()
        .ofMaxSize(6)
        .map(members -> "{" + String.join(",", members) + "}");
  }

  @Provide
  Arbitrary<String> numbers() {
    Arbitrary<String> digits = Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(30);
    return Combinators.combine(
            Arbitraries.of("", "-"),
            digits,
            Arbitraries.of("", ".", ".0"),
            digits,
            Arbitraries.of("", "e", "E-", "e+"),
            digits)
        .as(
            (sign, whole, point, fraction, letter, exponent) ->
                sign + whole + point + fraction + letter + exponent)
        .flatMap(number -> Arbitraries.of(number, "\"" + number + "\""));
  }

  private static Arbitrary<String> values() {
    Arbitrary<String> strings =
        Arbitraries.strings()
            .withChars("abM/+=.~ \u00e9\u202e")
            .ofMaxLength(12)
            .map(text -> "\"" + text + "\"");
    return Arbitraries.oneOf(
        strings,
        Arbitraries.of(
            "\"Bearer\"", "\"bearer\"", "\"invalid_grant\"", "3600", "\"3600\"", "1e400"),
        Arbitraries.of(
            "null", "true", "[]", "{\"mark\":[1]}", "\"mark", "\"\\ud800\"", "-0", "01"));
  }

  private static TokenAnswer read(int status, Map<String, List<String>> headers, byte[] body) {
    HttpHeaders all = HttpHeaders.of(headers, (name, value) -> true);
    // A slow one is read again: the machine may have been busy elsewhere, or not yet warm.
    for (int slow = 0; slow < 5; slow++) {
      long begin = System.nanoTime();
      TokenAnswer answer = AnswerReader.read(status, all, new AnswerBody(body, false));
      if (Duration.ofNanos(System.nanoTime() - begin).compareTo(ENOUGH) < 0) {
        return answer;
      }
    }
    throw new AssertionError("Five times, reading took more than " + ENOUGH);
  }

  private static void check(TokenAnswer answer) {
    assertThat(answer.toString()).doesNotContain(MARK);
    switch (answer) {
      case Granted(GrantedToken token) -> checkToken(token);
      case Refused refused -> checkRefusal(refused);
    }
  }

  private static void checkToken(GrantedToken token) {
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
