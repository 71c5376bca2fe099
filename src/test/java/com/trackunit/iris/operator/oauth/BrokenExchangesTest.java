package com.trackunit.iris.operator.oauth;

import static com.trackunit.iris.operator.oauth.Exchanges.ask;
import static com.trackunit.iris.operator.oauth.Exchanges.http;
import static com.trackunit.iris.operator.oauth.Exchanges.refused;
import static com.trackunit.iris.operator.oauth.Exchanges.unsent;
import static com.trackunit.iris.operator.oauth.Exchanges.withoutVerdict;
import static com.trackunit.iris.operator.oauth.TokenError.ENDPOINT_UNAVAILABLE;
import static com.trackunit.iris.operator.oauth.TokenError.MALFORMED_RESPONSE;
import static com.trackunit.iris.operator.support.Scripts.doing;
import static com.trackunit.iris.operator.support.Scripts.endlessly;
import static com.trackunit.iris.operator.support.Scripts.said;
import static com.trackunit.iris.operator.support.Scripts.saidThenReset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.support.Conversation;
import com.trackunit.iris.operator.support.RawServer;
import com.trackunit.iris.operator.support.RawServer.Script;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Exchanges that end before a whole answer came. */
@ParameterizedClass
@MethodSource("com.trackunit.iris.operator.oauth.Exchanges#grants")
class BrokenExchangesTest {
  private static final Duration LONG = Duration.ofSeconds(15);
  private static final String BROKEN_OFF = "the connection was broken off";
  private static final String TOKEN = http(200, "{\"access_token\":\"mark-token\"}");
  private static final String HEAD = TOKEN.substring(0, TOKEN.indexOf('{'));

  @Parameter Grant grant;

  @ParameterizedTest
  @MethodSource
  void endsWithTheConnection(Script script, String cause) throws IOException {
    try (RawServer server = RawServer.plain(script)) {
      assertThat(ask(grant, server.url(), LONG)).isEqualTo(withoutVerdict(cause));
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
      assertThat(ask(grant, server.url(), LONG))
          .isIn(
              withoutVerdict(BROKEN_OFF),
              unsent(ENDPOINT_UNAVAILABLE, "no connection could be made"));
    }
  }

  @Test
  void takesALengthTooShortForHalfAnAnswer() throws IOException {
    try (RawServer server = RawServer.plain(said(TOKEN.replace("29", "28")))) {
      assertThat(ask(grant, server.url(), LONG))
          .isEqualTo(refused(MALFORMED_RESPONSE, "the answer is not one JSON object"));
    }
  }

  @Test
  void doesNotFollowARedirect() throws IOException {
    try (RawServer elsewhere = RawServer.answering(TOKEN);
        RawServer server = RawServer.answering(http(307, "", "Location: " + elsewhere.url()))) {
      assertThat(ask(grant, server.url(), LONG))
          .isEqualTo(refused(TokenError.ENDPOINT_MISCONFIGURED, "HTTP 307"));
      assertThat(elsewhere.conversations()).isEmpty();
    }
  }

  @Test
  void saysThatNobodyListens() {
    assertThat(ask(grant, RawServer.nobody(), LONG))
        .isEqualTo(unsent(ENDPOINT_UNAVAILABLE, "connection refused"));
  }

  @Test
  void saysThatTheNameIsUnknown() {
    assertThat(ask(grant, URI.create("http://mark.invalid/token"), LONG))
        .isEqualTo(unsent(ENDPOINT_UNAVAILABLE, "the host name is not known"));
  }

  private static void resetWithinTheRequest(Conversation client) throws IOException {
    client.hearByte();
    client.reset();
  }
}
