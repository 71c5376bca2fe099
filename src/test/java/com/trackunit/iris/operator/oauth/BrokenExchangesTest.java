package com.trackunit.iris.operator.oauth;

import static com.trackunit.iris.operator.oauth.Exchanges.ask;
import static com.trackunit.iris.operator.oauth.Exchanges.http;
import static com.trackunit.iris.operator.oauth.Exchanges.refused;
import static com.trackunit.iris.operator.oauth.Refusal.ENDPOINT_UNAVAILABLE;
import static com.trackunit.iris.operator.oauth.Refusal.MALFORMED_RESPONSE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.support.Conversation;
import com.trackunit.iris.operator.support.RawServer;
import com.trackunit.iris.operator.support.RawServer.Script;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Exchanges that end before a whole answer came. */
class BrokenExchangesTest {
  private static final Duration LONG = Duration.ofSeconds(15);
  private static final Duration SHORT = Duration.ofMillis(400);

  /** What a busy machine may add to a bound. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private static final String BROKEN_OFF = "the connection was broken off";
  private static final String TOKEN = http(200, "{\"access_token\":\"mark-token\"}");
  private static final String HEAD = TOKEN.substring(0, TOKEN.indexOf('{'));

  @ParameterizedTest
  @MethodSource
  void endsWithTheConnection(Script script, String cause) throws IOException {
    try (RawServer server = RawServer.plain(script)) {
      assertThat(ask(server.url(), LONG)).isEqualTo(refused(ENDPOINT_UNAVAILABLE, cause));
      assertThat(server.conversations()).hasSize(1);
    }
  }

  static Stream<Arguments> endsWithTheConnection() {
    return Stream.of(
        argumentSet("closed at once", doing(Conversation::close), BROKEN_OFF),
        argumentSet(
            "reset within the request",
            doing(BrokenExchangesTest::resetWithinTheRequest),
            BROKEN_OFF),
        argumentSet("closed after the request", said(""), BROKEN_OFF),
        argumentSet("reset after the request", saidThenReset(""), BROKEN_OFF),
        argumentSet("closed within the status line", said("HTTP/1.1 20"), BROKEN_OFF),
        argumentSet("reset within the status line", saidThenReset("HTTP/1.1 20"), BROKEN_OFF),
        argumentSet("closed within the headers", said("HTTP/1.1 200 OK\r\nConte"), BROKEN_OFF),
        argumentSet(
            "reset within the headers", saidThenReset("HTTP/1.1 200 OK\r\nConte"), BROKEN_OFF),
        argumentSet("closed after the headers", said(HEAD), BROKEN_OFF),
        argumentSet("reset after the headers", saidThenReset(HEAD), BROKEN_OFF),
        argumentSet(
            "closed within the body: a length too long",
            said(TOKEN.replace("29", "30")),
            BROKEN_OFF),
        argumentSet("reset within the body", saidThenReset(HEAD + "{\"acc"), BROKEN_OFF),
        argumentSet(
            "closed within a chunk",
            said("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1d\r\n{\"ac"),
            BROKEN_OFF),
        argumentSet(
            "closed before the last chunk",
            said("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
            BROKEN_OFF),
        argumentSet(
            "a chunk of no size",
            said("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nmark\r\n"),
            BROKEN_OFF),
        argumentSet("a length that is no number", said(TOKEN.replace("29", "mark")), BROKEN_OFF),
        argumentSet("a negative length", said(TOKEN.replace("29", "-5")), BROKEN_OFF),
        argumentSet("no HTTP at all", said("220 mark ESMTP\r\n\r\n"), "the answer is not HTTP"),
        argumentSet(
            "endless interim answers",
            endlessly("", "HTTP/1.1 103 mark\r\n\r\n"),
            "the answer is not HTTP"),
        argumentSet(
            "endless headers",
            endlessly("HTTP/1.1 200 OK\r\n", "mark: mark\r\n"),
            "the answer is not HTTP"));
  }

  @Test
  void survivesAResetAtOnce() throws IOException {
    try (RawServer server = RawServer.plain(Conversation::reset)) {
      // Whether the reset comes before or after the connection counts as made is a matter of luck.
      assertThat(ask(server.url(), LONG))
          .isIn(
              refused(ENDPOINT_UNAVAILABLE, BROKEN_OFF),
              refused(ENDPOINT_UNAVAILABLE, "no connection could be made"));
    }
  }

  @Test
  void takesALengthTooShortForHalfAnAnswer() throws IOException {
    try (RawServer server = RawServer.plain(said(TOKEN.replace("29", "28")))) {
      assertThat(ask(server.url(), LONG))
          .isEqualTo(refused(MALFORMED_RESPONSE, "the answer is not one JSON object"));
    }
  }

  @ParameterizedTest
  @MethodSource
  void endsAtTheBoundAndHangsUp(Script script) throws IOException {
    try (RawServer server = RawServer.plain(script)) {
      long begin = System.nanoTime();
      TokenAnswer answer = ask(server.url(), SHORT);
      Duration took = Duration.ofNanos(System.nanoTime() - begin);

      assertThat(answer).isEqualTo(refused(ENDPOINT_UNAVAILABLE, "no answer within 400 ms"));
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
  void hangsUpOnAnEndlessBody(String head, TokenAnswer expected) throws IOException {
    try (RawServer server = RawServer.plain(endlessly(head, " ".repeat(1000)))) {
      assertThat(ask(server.url(), LONG)).isEqualTo(expected);
      awaitHangUp(server);
    }
  }

  static Stream<Arguments> hangsUpOnAnEndlessBody() {
    TokenAnswer tooLarge = refused(MALFORMED_RESPONSE, "the answer is larger than 128 KiB");
    return Stream.of(
        argumentSet("of a success without length", "HTTP/1.1 200 OK\r\n\r\n", tooLarge),
        argumentSet("of a success with a great length", HEAD.replace("29", "9999999999"), tooLarge),
        argumentSet(
            "of a bad request",
            "HTTP/1.1 400 Bad\r\n\r\n",
            refused(Refusal.REQUEST_REJECTED, "HTTP 400")),
        argumentSet(
            "of a rejected login",
            "HTTP/1.1 401 No\r\n\r\n",
            refused(Refusal.CREDENTIALS_REJECTED, "HTTP 401")),
        argumentSet(
            "of an outage", "HTTP/1.1 503 No\r\n\r\n", refused(ENDPOINT_UNAVAILABLE, "HTTP 503")));
  }

  @Test
  void countsARejectedLoginWhoseBodyStalls() throws IOException {
    try (RawServer server =
        RawServer.plain(saidThenStalls(http(401, "x").replace("\r\n\r\nx", "\r\n\r\n")))) {
      assertThat(ask(server.url(), LONG))
          .isEqualTo(refused(Refusal.CREDENTIALS_REJECTED, "HTTP 401"));
      awaitHangUp(server);
    }
  }

  @Test
  void doesNotFollowARedirect() throws IOException {
    try (RawServer elsewhere = RawServer.answering(TOKEN);
        RawServer server = RawServer.answering(http(307, "", "Location: " + elsewhere.url()))) {
      assertThat(ask(server.url(), LONG))
          .isEqualTo(refused(Refusal.ENDPOINT_MISCONFIGURED, "HTTP 307"));
      assertThat(elsewhere.conversations()).isEmpty();
    }
  }

  @Test
  void saysThatNobodyListens() throws IOException {
    assertThat(ask(RawServer.nobody(), LONG))
        .isEqualTo(refused(ENDPOINT_UNAVAILABLE, "connection refused"));
  }

  @Test
  void saysThatTheNameIsUnknown() {
    assertThat(ask(URI.create("http://mark.invalid/token"), LONG))
        .isEqualTo(refused(ENDPOINT_UNAVAILABLE, "the host name is not known"));
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

  /** Names a method as a script where Java cannot tell. */
  private static Script doing(Script script) {
    return script;
  }

  private static void resetWithinTheRequest(Conversation client) throws IOException {
    client.hearByte();
    client.reset();
  }

  private static Script said(String bytes) {
    return client -> {
      client.hear();
      client.say(bytes);
    };
  }

  private static Script saidThenReset(String bytes) {
    return client -> {
      client.hear();
      client.say(bytes);
      client.pause(Duration.ofMillis(50));
      client.reset();
    };
  }

  private static Script saidThenStalls(String bytes) {
    return client -> {
      client.hear();
      client.say(bytes);
      client.stall();
    };
  }

  private static Script trickle(String head, String drop) {
    return client -> {
      client.hear();
      client.say(head);
      while (true) {
        client.say(drop);
        client.pause(Duration.ofMillis(20));
      }
    };
  }

  private static Script endlessly(String head, String bytes) {
    return client -> {
      client.hear();
      client.say(head);
      while (true) {
        client.say(bytes);
      }
    };
  }
}
