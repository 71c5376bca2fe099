package com.trackunit.iris.operator.oauth;

import static com.trackunit.iris.operator.oauth.Exchanges.ask;
import static com.trackunit.iris.operator.oauth.Exchanges.http;
import static com.trackunit.iris.operator.oauth.Exchanges.refused;
import static com.trackunit.iris.operator.oauth.Exchanges.withoutVerdict;
import static com.trackunit.iris.operator.oauth.TokenError.ENDPOINT_UNAVAILABLE;
import static com.trackunit.iris.operator.oauth.TokenError.MALFORMED_RESPONSE;
import static com.trackunit.iris.operator.support.Scripts.doing;
import static com.trackunit.iris.operator.support.Scripts.endlessly;
import static com.trackunit.iris.operator.support.Scripts.saidThenStalls;
import static com.trackunit.iris.operator.support.Scripts.trickle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.support.Conversation;
import com.trackunit.iris.operator.support.RawServer;
import com.trackunit.iris.operator.support.RawServer.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Exchanges that would not end by themselves: we end them, and the connection with them. */
@ParameterizedClass
@MethodSource("com.trackunit.iris.operator.oauth.Exchanges#grants")
class EndlessExchangesTest {
  private static final Duration LONG = Duration.ofSeconds(15);
  private static final Duration SHORT = Duration.ofMillis(400);

  /** What a busy machine may add to a bound. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 29\r\n\r\n";

  @Parameter Grant grant;

  @ParameterizedTest
  @MethodSource
  void endsAtTheBoundAndHangsUp(Script script) throws IOException {
    try (RawServer server = RawServer.plain(script)) {
      long begin = System.nanoTime();
      TokenResponse answer = ask(grant, server.url(), SHORT);
      Duration took = Duration.ofNanos(System.nanoTime() - begin);

      assertThat(answer).isEqualTo(withoutVerdict("no answer within 400 ms"));
      assertThat(took).isBetween(SHORT, SHORT.plus(GRACE));
      awaitHangUp(server);
    }
  }

  static Stream<Arguments> endsAtTheBoundAndHangsUp() {
    return Stream.of(
        argumentSet("a stall before the request was read", doing(Conversation::stall)),
        argumentSet("a stall before the headers", saidThenStalls("")),
        argumentSet("a stall within the status line", saidThenStalls("HTTP/1.1 2")),
        argumentSet("a stall within the headers", saidThenStalls("HTTP/1.1 200 OK\r\nConte")),
        argumentSet("a stall before the body", saidThenStalls(HEAD)),
        argumentSet("a stall within the body", saidThenStalls(HEAD + "{\"acc")),
        argumentSet(
            "a stall within a chunk",
            saidThenStalls("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1d\r\n{\"")),
        argumentSet(
            "a stall in an answer that ends with the connection",
            saidThenStalls("HTTP/1.1 200 OK\r\n\r\n{}")),
        argumentSet(
            "a stall within a bad request's body",
            saidThenStalls(http(400, "{}").replace("Length: 2", "Length: 3"))),
        argumentSet("a trickle of headers", trickle("HTTP/1.1 200 OK\r\n", "a: mark\r\n")),
        argumentSet("a trickle of body", trickle(HEAD.replace("29", "100000"), " ")));
  }

  @ParameterizedTest
  @MethodSource
  void hangsUpOnAnEndlessBody(String head, TokenResponse expected) throws IOException {
    try (RawServer server = RawServer.plain(endlessly(head, " ".repeat(1000)))) {
      assertThat(ask(grant, server.url(), LONG)).isEqualTo(expected);
      awaitHangUp(server);
    }
  }

  static Stream<Arguments> hangsUpOnAnEndlessBody() {
    TokenResponse tooLarge = refused(MALFORMED_RESPONSE, "the answer is larger than 128 KiB");
    return Stream.of(
        argumentSet("of a success without length", "HTTP/1.1 200 OK\r\n\r\n", tooLarge),
        argumentSet("of a success with a great length", HEAD.replace("29", "9999999999"), tooLarge),
        argumentSet(
            "of a bad request",
            "HTTP/1.1 400 Bad\r\n\r\n",
            refused(TokenError.REQUEST_REJECTED, "HTTP 400")),
        argumentSet(
            "of a rejected login",
            "HTTP/1.1 401 No\r\n\r\n",
            refused(TokenError.CREDENTIALS_REJECTED, "HTTP 401")),
        argumentSet(
            "of an outage", "HTTP/1.1 503 No\r\n\r\n", refused(ENDPOINT_UNAVAILABLE, "HTTP 503")));
  }

  @Test
  void countsARejectedLoginWhoseBodyStalls() throws IOException {
    try (RawServer server =
        RawServer.plain(saidThenStalls(http(401, "x").replace("\r\n\r\nx", "\r\n\r\n")))) {
      assertThat(ask(grant, server.url(), LONG))
          .isEqualTo(refused(TokenError.CREDENTIALS_REJECTED, "HTTP 401"));
      awaitHangUp(server);
    }
  }

  private static void awaitHangUp(RawServer server) {
    await()
        .atMost(Duration.ofSeconds(5))
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(
            () ->
                assertThat(server.conversations())
                    .isNotEmpty()
                    .allMatch(Conversation::clientHungUp));
  }
}
