package com.trackunit.iris.operator.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.oauth.TokenResponse.Granted;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** However an answer is made, reading it takes no time to speak of. */
class AnswerCostTest {
  private static final Duration ENOUGH = Duration.ofMillis(50);

  @ParameterizedTest
  @MethodSource
  void isReadAtOnce(String members, boolean accepted) {
    byte[] body = ("{\"access_token\":\"mark\"," + members + "}").getBytes(UTF_8);

    // The fastest of several: the others measure what else the machine was doing.
    long nanos = LongStream.range(0, 5).map(_ -> timeToRead(body)).min().orElseThrow();

    assertThat(Duration.ofNanos(nanos)).isLessThan(ENOUGH);
    assertThat(read(body)).isInstanceOf(accepted ? Granted.class : TokenResponse.Refused.class);
  }

  static Stream<Arguments> isReadAtOnce() {
    String unknown =
        IntStream.range(0, 10_000)
            .mapToObj(i -> "\"" + i + "\":1")
            .collect(Collectors.joining(","));
    return Stream.of(
        argumentSet("10 000 unknown members", unknown, true),
        argumentSet("arrays 5 000 deep", "\"a\":" + "[".repeat(5000) + "]".repeat(5000), false),
        argumentSet(
            "objects 5 000 deep",
            "\"a\":" + "{\"a\":".repeat(5000) + "1" + "}".repeat(5000),
            false),
        argumentSet("an exponent of 400", "\"expires_in\":1e400", true),
        argumentSet("an exponent of a billion", "\"expires_in\":1e999999999", true),
        argumentSet("a number of 100 000 digits", "\"expires_in\":" + "9".repeat(100_000), false),
        argumentSet(
            "a string of 100 000 digits", "\"expires_in\":\"" + "9".repeat(100_000) + "\"", false),
        argumentSet(
            "a scope of 100 000 characters", "\"scope\":\"" + "a ".repeat(50_000) + "\"", true));
  }

  private static long timeToRead(byte[] body) {
    long begin = System.nanoTime();
    read(body);
    return System.nanoTime() - begin;
  }

  private static TokenResponse read(byte[] body) {
    HttpHeaders none = HttpHeaders.of(Map.of(), (name, value) -> true);
    return TokenResponseParser.read(200, none, new BoundedBody(body, false));
  }
}
