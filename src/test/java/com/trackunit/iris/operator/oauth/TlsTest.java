package com.trackunit.iris.operator.oauth;

import static com.trackunit.iris.operator.oauth.Exchanges.http;
import static com.trackunit.iris.operator.oauth.Exchanges.unsent;
import static com.trackunit.iris.operator.oauth.TokenError.ENDPOINT_UNAVAILABLE;
import static com.trackunit.iris.operator.oauth.TokenError.ENDPOINT_UNTRUSTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.trackunit.iris.operator.net.HttpsProxy;
import com.trackunit.iris.operator.oauth.TokenResponse.Granted;
import com.trackunit.iris.operator.support.Conversation;
import com.trackunit.iris.operator.support.RawServer;
import com.trackunit.iris.operator.support.RawServer.Script;
import com.trackunit.iris.operator.support.TestCertificates;
import com.trackunit.iris.operator.support.TestCertificates.Holder;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** To whom a login is sent, and to whom not a byte of it. */
@ParameterizedClass
@MethodSource("com.trackunit.iris.operator.oauth.Exchanges#grants")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {
  private static final Duration LONG = Duration.ofSeconds(15);
  private static final Script GRANT =
      client -> {
        client.hear();
        client.say(http(200, "{\"access_token\":\"mark-token\"}"));
      };

  @Parameter Grant grant;
  private final TestCertificates certificates = TestCertificates.ours();

  @Test
  void asksAServerThatIsTrusted() throws Exception {
    try (RawServer server = RawServer.tls(certificates.of(Holder.GOOD), GRANT)) {
      assertThat(ask(server.url(), certificates.trust(), LONG)).isInstanceOf(Granted.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "STRANGER, the server's certificate is not trusted",
    "ELSEWHERE, the server's certificate is for another host",
    "EXPIRED, the server's certificate has expired",
    "EARLY, the server's certificate is not valid yet",
  })
  void sendsNothingToAServerThatIsNot(Holder holder, String cause) throws Exception {
    try (RawServer server = RawServer.tls(certificates.of(holder), GRANT)) {
      assertThat(ask(server.url(), certificates.trust(), LONG))
          .isEqualTo(unsent(ENDPOINT_UNTRUSTED, cause));
      assertThat(server.conversations()).extracting(Conversation::heard).containsOnly("");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ELSEWHERE", "NAMELESS"})
  void sendsNothingToAServerOfAnotherName(Holder holder) throws Exception {
    try (RawServer server = RawServer.tls(certificates.of(holder), GRANT)) {
      URI byName = URI.create("https://localhost:" + server.url().getPort() + "/token");
      assertThat(ask(byName, certificates.trust(), LONG))
          .isEqualTo(unsent(ENDPOINT_UNTRUSTED, "the server's certificate is for another host"));
      assertThat(server.conversations()).extracting(Conversation::heard).containsOnly("");
    }
  }

  @Test
  void doesNotTrustTheAuthorityUnlessToldTo() throws Exception {
    try (RawServer server = RawServer.tls(certificates.of(Holder.GOOD), GRANT)) {
      assertThat(Exchanges.ask(grant, server.url(), LONG))
          .isEqualTo(unsent(ENDPOINT_UNTRUSTED, "the server's certificate is not trusted"));
    }
  }

  @ParameterizedTest
  @MethodSource
  void takesABrokenHandshakeForAnOutage(Script script) throws Exception {
    try (RawServer server = RawServer.plain(script)) {
      assertThat(ask(server.url("https"), certificates.trust(), LONG))
          .isInstanceOfSatisfying(
              TokenResponse.Refused.class,
              refused -> assertThat(refused.refusal()).isEqualTo(ENDPOINT_UNAVAILABLE));
      assertThat(server.conversations().getFirst().heard()).doesNotContain("POST");
    }
  }

  static Stream<Arguments> takesABrokenHandshakeForAnOutage() {
    return Stream.of(
        argumentSet("closed at once", script(Conversation::close)),
        argumentSet("closed within the greeting", script(Conversation::hearByte)),
        argumentSet("reset within the greeting", script(TlsTest::resetWithinTheGreeting)),
        argumentSet("no TLS at all", script(client -> client.say(http(400, "mark")))));
  }

  @Test
  void boundsAHandshakeThatStalls() throws Exception {
    try (RawServer server = RawServer.plain(Conversation::stall)) {
      assertThat(ask(server.url("https"), certificates.trust(), Duration.ofMillis(400)))
          .isEqualTo(unsent(ENDPOINT_UNAVAILABLE, "no answer within 400 ms"));
    }
  }

  /** The extension "supported_versions" of the greeting: TLS 1.3 and 1.2, and nothing older. */
  @Test
  void offersTls13And12AndNothingOlder() throws Exception {
    try (RawServer server = RawServer.plain(Conversation::stall)) {
      ask(server.url("https"), certificates.trust(), Duration.ofMillis(400));

      assertThat(server.conversations().getFirst().heard()).contains("\0\u002b\0\5\4\3\4\3\3");
    }
  }

  private TokenResponse ask(URI url, SSLContext trust, Duration timeout) {
    try (TokenClient endpoint = new TokenClient(url, timeout, () -> trust, HttpsProxy.NONE)) {
      return endpoint.ask(grant);
    }
  }

  private static Script script(Script script) {
    return script;
  }

  private static void resetWithinTheGreeting(Conversation client) throws IOException {
    client.hearByte();
    client.reset();
  }
}
