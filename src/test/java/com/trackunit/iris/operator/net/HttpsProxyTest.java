package com.trackunit.iris.operator.net;

import static com.trackunit.iris.operator.oauth.Exchanges.LOGIN;
import static com.trackunit.iris.operator.oauth.Exchanges.http;
import static com.trackunit.iris.operator.oauth.Exchanges.refused;
import static com.trackunit.iris.operator.oauth.Exchanges.unsent;
import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.oauth.TokenClient;
import com.trackunit.iris.operator.oauth.TokenError;
import com.trackunit.iris.operator.oauth.TokenResponse;
import com.trackunit.iris.operator.oauth.TokenResponse.Granted;
import com.trackunit.iris.operator.support.FakeAuthorizationServer;
import com.trackunit.iris.operator.support.FakeAuthorizationServer.Answer;
import com.trackunit.iris.operator.support.RawServer;
import com.trackunit.iris.operator.support.TestCertificates;
import com.trackunit.iris.operator.support.TestCertificates.Holder;
import com.trackunit.iris.operator.support.TunnelProxy;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes through a proxy, what does not, and what the proxy sees of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpsProxyTest {
  /** Nobody knows this name: who asks it did not look it up. */
  private static final URI ELSEWHERE = URI.create("https://elsewhere.test/token");

  private static final Duration LONG = Duration.ofSeconds(15);

  private SSLContext server;
  private SSLContext trust;

  @BeforeAll
  void makeCertificates() throws Exception {
    TestCertificates certificates = TestCertificates.ours();
    server = certificates.of(Holder.ELSEWHERE);
    trust = certificates.trust();
  }

  @ParameterizedTest
  @CsvSource({
    "https://auth.test/token, '', true",
    "https://AUTH.test/token, other.test, true",
    "http://auth.test/token, '', false",
    "https://localhost/token, '', false",
    "https://127.0.0.1:8443/token, '', false",
    "https://[::1]/token, '', false",
    "https://127.0.0.1.test/token, '', true",
    "https://auth.test/token, auth.test, false",
    "https://Auth.test/token, 'other.test , AUTH.TEST', false",
    "https://a.auth.test/token, auth.test, false",
    "https://myauth.test/token, auth.test, true",
    "https://auth.test/token, .test, false",
    "https://auth.test/token, .auth.test, true",
    "https://a.auth.test/token, .auth.test, false",
    "https://a.auth.test/token, *.auth.test, false",
    "https://auth.test/token, *.auth.test, true",
    "https://auth.test/token, auth.test:443, false",
    "https://auth.test/token, auth.test:8443, true",
    "https://auth.test:8443/token, auth.test:8443, false",
    "https://auth.test:8443/token, .test:8443, false",
    "https://auth.test/token, *, false",
    "https://auth.test/token, 10.0.0.0/8, true",
    "https://10.1.2.3/token, 10.1.2.3, false",
    "https://10.1.2.3/token, 10.0.0.0/8, false",
    "https://10.1.2.3/token, 10.1.2.0/23, false",
    "https://10.1.4.3/token, 10.1.2.0/23, true",
    "https://10.1.2.3/token, 10.0.0.0/33, true",
    "https://10.1.2.3/token, 10.0.0.0/8:443, false",
    "https://10.1.2.3/token, 0.0.0.0/0, false",
    "https://[fd00::1]/token, 0.0.0.0/0, true",
    "https://[fd00::1]/token, fd00::/8, false",
    "https://[fd00::1]:6443/token, [fd00::1]:6443, false",
    "https://[fd00::1]:6443/token, [fd00:0:0::1], false",
    "https://[fd00::1]:6443/token, fd00::1, false",
    "https://[fd00::1]/token, [fd00::1]:6443, true",
    "https://auth.test/token, auth.test., false",
    "https://auth.test/token, *:443, false",
    "https://auth.test/token, <local>, true",
    "https://auth.test/token, auth.test:99999, true",
    "https://auth.test/token, ', ,', true",
  })
  void isForSome(URI url, String noProxy, boolean through) {
    HttpsProxy proxy =
        HttpsProxy.at("http://proxy.test:3128").orElseThrow().except(NoProxy.of(noProxy));
    assertThat(proxy.towards(url).select(url))
        .singleElement()
        .satisfies(way -> assertThat(way.type() == Proxy.Type.HTTP).isEqualTo(through));
  }

  @Test
  void getsATokenThroughATunnelThatSeesNoLogin() throws Exception {
    try (FakeAuthorizationServer hidden = FakeAuthorizationServer.start(server);
        TunnelProxy proxy = TunnelProxy.to(hidden.url())) {
      assertThat(ask(ELSEWHERE, proxy)).isInstanceOf(Granted.class);

      assertThat(hidden.questions())
          .singleElement()
          .satisfies(asked -> assertThat(asked.field("password")).contains("mark-password"));
      assertThat(proxy.requests())
          .singleElement()
          .asString()
          .startsWith("CONNECT elsewhere.test:443 HTTP/1.1\r\n")
          .doesNotContainIgnoringCase("authorization")
          .doesNotContain("mark");
    }
  }

  @Test
  void followsNoRedirectBehindATunnelEither() throws Exception {
    try (RawServer elsewhere = RawServer.answering(http(200, "{}"));
        FakeAuthorizationServer hidden = FakeAuthorizationServer.start(server);
        TunnelProxy proxy = TunnelProxy.to(hidden.url())) {
      Map<String, String> location = Map.of("Location", elsewhere.url().toString());
      hidden.answer(asked -> new Answer(302, location, ""));

      assertThat(ask(ELSEWHERE, proxy))
          .isEqualTo(refused(TokenError.ENDPOINT_MISCONFIGURED, "HTTP 302"));
      assertThat(elsewhere.conversations()).isEmpty();
      assertThat(proxy.requests()).hasSize(1);
    }
  }

  @Test
  void sendsNothingThroughATunnelToSomebodyElse() throws Exception {
    try (FakeAuthorizationServer hidden = FakeAuthorizationServer.start(server);
        TunnelProxy proxy = TunnelProxy.to(hidden.url())) {
      assertThat(ask(URI.create("https://auth.test/token"), proxy))
          .isEqualTo(
              unsent(
                  TokenError.ENDPOINT_UNTRUSTED, "the server's certificate is for another host"));
      assertThat(hidden.questions()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "407, ENDPOINT_MISCONFIGURED, HTTP 407, ANSWERED",
    "403, ENDPOINT_UNAVAILABLE, the proxy opened no way to the server, NOT_SENT",
    "502, ENDPOINT_UNAVAILABLE, the proxy opened no way to the server, NOT_SENT",
    "302, ENDPOINT_UNAVAILABLE, the proxy opened no way to the server, NOT_SENT",
  })
  void takesARefusalOfTheProxys(
      int status, TokenError refusal, String cause, TokenResponse.Delivery delivery)
      throws Exception {
    String answer =
        http(status, "mark", "Proxy-Authenticate: Basic realm=\"mark\"", "Location: /mark");
    try (TunnelProxy proxy = TunnelProxy.refusing(answer)) {
      assertThat(ask(ELSEWHERE, proxy))
          .isEqualTo(new TokenResponse.Refused(refusal, cause, Optional.empty(), delivery));
      assertThat(proxy.requests()).hasSize(1);
    }
  }

  @Test
  void saysThatTheProxyIsNotThere() throws Exception {
    String nobody = "http://127.0.0.1:" + RawServer.nobody().getPort();
    assertThat(ask(ELSEWHERE, nobody))
        .isEqualTo(unsent(TokenError.ENDPOINT_UNAVAILABLE, "connection refused"));
  }

  @Test
  void givesUpOnAProxyThatHangsUpOrStalls() throws Exception {
    try (TunnelProxy proxy = TunnelProxy.refusing("");
        RawServer stalling = RawServer.plain(client -> client.stall())) {
      assertThat(ask(ELSEWHERE, proxy))
          .isEqualTo(unsent(TokenError.ENDPOINT_UNAVAILABLE, "the connection was broken off"));
      String stalled = "http://127.0.0.1:" + stalling.url().getPort();
      assertThat(ask(ELSEWHERE, stalled, Duration.ofMillis(400)))
          .isEqualTo(unsent(TokenError.ENDPOINT_UNAVAILABLE, "no answer within 400 ms"));
    }
  }

  private TokenResponse ask(URI url, TunnelProxy proxy) {
    return ask(url, proxy.url());
  }

  private TokenResponse ask(URI url, String proxy) {
    return ask(url, proxy, LONG);
  }

  private TokenResponse ask(URI url, String proxy, Duration timeout) {
    HttpsProxy https = HttpsProxy.at(proxy).orElseThrow();
    try (TokenClient endpoint = new TokenClient(url, timeout, () -> trust, https.towards(url))) {
      return endpoint.ask(LOGIN);
    }
  }
}
