package com.trackunit.iris.operator.oauth;

import static com.trackunit.iris.operator.oauth.Exchanges.LOGIN;
import static com.trackunit.iris.operator.oauth.Exchanges.http;
import static org.assertj.core.api.Assertions.assertThat;

import com.trackunit.iris.operator.net.HttpsProxy;
import com.trackunit.iris.operator.oauth.TokenResponse.Granted;
import com.trackunit.iris.operator.oauth.TokenResponse.Refused;
import com.trackunit.iris.operator.support.Conversation;
import com.trackunit.iris.operator.support.HangUp;
import com.trackunit.iris.operator.support.RawServer;
import com.trackunit.iris.operator.support.StaticAddresses;
import com.trackunit.iris.operator.support.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A token endpoint whose name has several addresses, of which one answers. Each case has addresses
 * of its own, because a process remembers those that it did not reach.
 */
class AddressesTest {
  /** The name in the certificate, which is verified whatever address is tried. */
  private static final String HOST = "elsewhere.test";

  private final TestCertificates certificates = TestCertificates.ours();

  @ParameterizedTest
  @CsvSource({
    "127.1.0.1, 127.1.0.2 127.1.0.1",
    "127.2.0.1, 127.2.0.1 127.2.0.2",
    "127.3.0.1, 127.3.0.4 127.3.0.3 127.3.0.2 127.3.0.1",
    "::1, 127.4.0.1 ::1",
    "::1, ::1 127.5.0.1",
    "127.6.0.1, ::1 127.6.0.1",
    // No machine has a way to a group of hosts over TCP.
    "127.7.0.1, 224.0.0.1 127.7.0.1",
  })
  void findsTheOneThatAnswersInOneExchange(String alive, String addresses) throws Exception {
    try (RawServer server = server(alive);
        TokenClient endpoint = endpoint(server, addresses)) {
      assertThat(endpoint.ask(LOGIN)).isInstanceOf(Granted.class);
      assertThat(server.conversations()).hasSize(1);
    }
  }

  @Test
  void leavesAnAddressThatSwallowsEverythingAfterFiveSecondsAndRemembersIt() throws Exception {
    InetAddress swallowing = InetAddress.ofLiteral("127.8.0.2");
    try (RawServer server = server("127.8.0.1");
        ServerSocket full = new ServerSocket(server.url().getPort(), 1, swallowing);
        Socket _ = new Socket(swallowing, full.getLocalPort());
        Socket _ = new Socket(swallowing, full.getLocalPort());
        TokenClient endpoint = endpoint(server, "127.8.0.2 127.8.0.1")) {
      assertThat(seconds(endpoint)).isGreaterThan(5.0);
      assertThat(seconds(endpoint)).as("the second went there at once").isLessThan(4.5);
      assertThat(server.conversations()).hasSize(2);
    }
  }

  @Test
  void goesElsewhereNextTimeWhenAnAddressHangsUp() throws Exception {
    try (RawServer server = server("127.9.0.1");
        HangUp first = new HangUp("127.9.0.2", server.url().getPort());
        HangUp second = new HangUp("127.9.0.3", server.url().getPort());
        TokenClient endpoint = endpoint(server, "127.9.0.2 127.9.0.3 127.9.0.1")) {
      assertThat(endpoint.ask(LOGIN)).isInstanceOf(Refused.class);
      assertThat(endpoint.ask(LOGIN)).isInstanceOf(Refused.class);
      assertThat(endpoint.ask(LOGIN)).isInstanceOf(Granted.class);
      assertThat(endpoint.ask(LOGIN)).isInstanceOf(Granted.class);

      assertThat(List.of(first.connections(), second.connections())).containsExactly(1, 1);
      assertThat(server.conversations()).hasSize(2);
    }
  }

  @Test
  void saysSoWhenNoneAnswers() throws Exception {
    try (RawServer server = server("127.10.0.1");
        TokenClient endpoint = endpoint(server, "127.10.0.2 127.10.0.3")) {
      assertThat(((Refused) endpoint.ask(LOGIN)).cause()).isEqualTo("connection refused");
      assertThat(server.conversations()).isEmpty();
    }
  }

  private RawServer server(String address) throws Exception {
    return RawServer.tls(
        certificates.of(TestCertificates.Holder.ELSEWHERE),
        InetAddress.ofLiteral(address),
        AddressesTest::grant);
  }

  private static void grant(Conversation client) throws IOException {
    client.hear();
    client.say(http(200, "{\"access_token\":\"mark-token\"}"));
  }

  private TokenClient endpoint(RawServer server, String addresses) throws Exception {
    StaticAddresses.tell(HOST, List.of(addresses.split(" ")));
    SSLContext trust = certificates.trust();
    return new TokenClient(
        URI.create("https://" + HOST + ":" + server.url().getPort() + "/token"),
        Duration.ofSeconds(15),
        () -> trust,
        HttpsProxy.NONE);
  }

  private static double seconds(TokenClient endpoint) {
    long start = System.nanoTime();
    assertThat(endpoint.ask(LOGIN)).isInstanceOf(Granted.class);
    return (System.nanoTime() - start) / 1e9;
  }
}
