package com.trackunit.iris.operator.oauth;

import static com.trackunit.iris.operator.oauth.Exchanges.LOGIN;
import static com.trackunit.iris.operator.oauth.Exchanges.http;
import static com.trackunit.iris.operator.support.Scripts.doing;
import static com.trackunit.iris.operator.support.Scripts.endlessly;
import static com.trackunit.iris.operator.support.Scripts.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import com.trackunit.iris.operator.net.HttpsProxy;
import com.trackunit.iris.operator.net.TrustStore;
import com.trackunit.iris.operator.oauth.TokenResponse.Refused;
import com.trackunit.iris.operator.support.Conversation;
import com.trackunit.iris.operator.support.RawServer;
import com.trackunit.iris.operator.support.RawServer.Script;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * However many exchanges fail, and however they do, nothing of them is left: 1 000 in every build,
 * 10 000 with {@code -Pfuzz}.
 */
class ExchangeLeakTest {
  private static final int EXCHANGES = Integer.getInteger("exchanges", 1_000);
  private static final int WARM_UP = 200;
  private static final long FEW_MEGABYTES = 4L << 20;

  private static final List<Script> FAILURES =
      List.of(
          doing(Conversation::close),
          doing(Conversation::reset),
          saidAtOnceThenReset(http(200, "{\"acc")),
          said(http(401, "mark")),
          said(http(200, "{\"access_token\":\"mark")),
          said(http(503, "mark".repeat(1000))),
          endlessly("HTTP/1.1 200 OK\r\n\r\n", " ".repeat(10_000)));

  private final AtomicInteger turn = new AtomicInteger();

  /** What the JVM holds at a time. */
  private record Holdings(int threads, long files, long heap) {}

  @Test
  void leavesNoThreadNoSocketAndNoMemoryBehind() throws IOException {
    try (RawServer server = RawServer.plain(this::failInTurn);
        TokenClient failing =
            new TokenClient(
                server.url(), Duration.ofSeconds(15), TrustStore::ofTheJvm, HttpsProxy.NONE);
        TokenClient refused =
            new TokenClient(
                RawServer.nobody(),
                Duration.ofSeconds(15),
                TrustStore::ofTheJvm,
                HttpsProxy.NONE)) {
      Set<TokenError> met = fail(WARM_UP, failing, refused, server);
      assertThat(met)
          .containsExactlyInAnyOrder(
              TokenError.ENDPOINT_UNAVAILABLE,
              TokenError.MALFORMED_RESPONSE,
              TokenError.CREDENTIALS_REJECTED);
      Holdings before = settled();

      fail(EXCHANGES, failing, refused, server);

      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertNoMoreThan(before, settled()));
    }
  }

  private void failInTurn(Conversation client) throws IOException {
    FAILURES.get(turn.getAndIncrement() % FAILURES.size()).talk(client);
  }

  private static Set<TokenError> fail(
      int times, TokenClient failing, TokenClient refused, RawServer server) {
    Set<TokenError> met = EnumSet.noneOf(TokenError.class);
    for (int i = 0; i < times; i++) {
      TokenClient endpoint = i % (FAILURES.size() + 1) == 0 ? refused : failing;
      met.add(((Refused) endpoint.ask(LOGIN)).refusal());
      server.forgetConversations();
    }
    return met;
  }

  private static void assertNoMoreThan(Holdings before, Holdings after) {
    // Workers and carriers come and go by a few; a leak would be hundreds.
    assertThat(after.threads()).isLessThan(before.threads() + 20);
    assertThat(after.files()).isLessThan(before.files() + 20);
    assertThat(after.heap()).isLessThan(before.heap() + FEW_MEGABYTES);
  }

  private static Holdings settled() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    UnixOperatingSystemMXBean machine =
        (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new Holdings(
        ManagementFactory.getThreadMXBean().getThreadCount(),
        machine.getOpenFileDescriptorCount(),
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
  }

  private static Script saidAtOnceThenReset(String bytes) {
    return client -> {
      client.hear();
      client.say(bytes);
      client.reset();
    };
  }
}
